package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// BenchmarkGibbsAgain measures what a policy does at every step: another distribution over the same region, here the mobile space within
// half of its MACs, and its gradients.
func BenchmarkGibbsAgain(b *testing.B) {
	s, err := space.Mobile(space.MobileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	all, err := l.Within()
	if err != nil {
		b.Fatal(err)
	}
	low, high := all.Range(lattice.MACs)
	half, err := l.Within(lattice.AtMost(lattice.MACs, (low+high)/2))
	if err != nil {
		b.Fatal(err)
	}
	r := stream.New(1, "scores")
	scores := make([]float64, len(l.Parameters()))
	draw := func() *lattice.Gibbs {
		for i := range scores {
			scores[i] = r.NormFloat64()
		}
		return half.GibbsOf(scores)
	}
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			draw().LogPartition()
		}
		b.ReportMetric(float64(half.States()), "states")
	})
	b.Run("marginals", func(b *testing.B) {
		for b.Loop() {
			draw().LogPartitionGrad()
		}
	})
	b.Run("fisher", func(b *testing.B) {
		g := draw()
		for b.Loop() {
			g.FisherTimes(scores)
		}
	})
}
