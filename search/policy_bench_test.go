package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// BenchmarkLatticePolicy measures 500 proposals and results, and the updates between them, on a space of 10¹¹ architectures, whole and
// within half of its MACs.
func BenchmarkLatticePolicy(b *testing.B) {
	whole := mobileRegion(b).(*lattice.CountedRegion)
	low, high := whole.Range(lattice.MACs)
	half, err := whole.Lattice().Within(lattice.Limit{Metric: lattice.MACs, Max: (low + high) / 2})
	if err != nil {
		b.Fatal(err)
	}
	for name, region := range map[string]*lattice.CountedRegion{"whole": whole, "limited": half} {
		b.Run(name, func(b *testing.B) {
			const trials = 500
			for b.Loop() {
				s, err := search.NewPolicy(search.Problem{Region: region, Objectives: accuracy, Seed: 1}, search.PolicyConfig{})
				if err != nil {
					b.Fatal(err)
				}
				for range trials {
					all, _ := s.Ask(1)
					s.Tell([]trial.Result{resultOf(all[0].Key, all[0].Arch)})
				}
			}
			b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(trials*b.N), "ms/trial")
		})
	}
}
