package search_test

import (
	"hash/fnv"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// BenchmarkBestUnderATightLimit asks for the best of ofa-mbv3 by an additive score under a limit on MACs that one architecture in
// 10⁹ keeps: once exactly, the region included, and then of rejection sampling and of NSGA-II with constraint domination for ten seconds
// each. It reports the seconds to the exact answer, how many feasible architectures the others saw, and the best score of NSGA-II as a
// share of the way from the mean score of the region to the exact best, after the same seconds and after all.
func BenchmarkBestUnderATightLimit(b *testing.B) {
	const macs, patience = 170_000_000, 10 * time.Second
	s, err := space.OFA(space.OFAOptions{})
	if err != nil {
		b.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	weight := func(step lattice.Step) float64 {
		h := fnv.New64a()
		h.Write([]byte(step.Decision + "=" + step.Option))
		return stream.New(h.Sum64(), "score").NormFloat64()
	}
	weights := make([]float64, 0, 256)
	for _, p := range l.Parameters() {
		weights = append(weights, weight(lattice.Step{Decision: p.Decision, Option: p.Option}))
	}
	score := func(a space.Arch) float64 {
		features, err := l.Features(a)
		if err != nil {
			b.Fatal(err)
		}
		sum := 0.0
		for _, f := range features {
			sum += weights[f]
		}
		return sum
	}
	for b.Loop() {
		start := time.Now()
		tight, err := l.Within(lattice.AtMost(lattice.MACs, macs))
		if err != nil {
			b.Fatal(err)
		}
		best := 0.0
		for a := range tight.Best(weight) {
			best = score(a.Arch)
			break
		}
		exact := time.Since(start)
		r := stream.New(1, "mean")
		mean := 0.0
		for range 1000 {
			mean += score(tight.Sample(r)) / 1000
		}

		all, err := l.Within()
		if err != nil {
			b.Fatal(err)
		}
		drawn, kept := 0, 0
		for start := time.Now(); time.Since(start) < patience; drawn++ {
			if n, _ := l.Cost(all.Sample(r), lattice.MACs); n <= macs {
				kept++
			}
		}

		nsga, err := search.NewNSGA2(search.Problem{
			Region: all, Seed: 1, Objectives: trial.Objectives{{Metric: "score", Maximise: true}},
			Constraints: trial.Constraints{{Metric: "macs", Bound: macs}},
		}, search.BreedingConfig{Population: 100, Brood: 100})
		if err != nil {
			b.Fatal(err)
		}
		asked, feasible, found, soon := 0, 0, mean, mean
		for start := time.Now(); time.Since(start) < patience; asked++ {
			proposals, _ := nsga.Ask(1)
			a := proposals[0].Arch
			n, _ := l.Cost(a, lattice.MACs)
			value := score(a)
			if n <= macs {
				feasible++
				found = max(found, value)
			}
			if time.Since(start) < exact {
				soon = found
			}
			nsga.Tell([]trial.Result{{Key: proposals[0].Key, Arch: a, Status: trial.OK,
				Metrics: trial.NewMetrics(trial.Metric{Name: "macs", Value: float64(n)}, trial.Metric{Name: "score", Value: value})}})
		}
		b.ReportMetric(exact.Seconds(), "s-exact")
		b.ReportMetric(float64(drawn), "drawn")
		b.ReportMetric(float64(kept), "drawn-feasible")
		b.ReportMetric(float64(asked), "bred")
		b.ReportMetric(float64(feasible), "bred-feasible")
		b.ReportMetric(100*(soon-mean)/(best-mean), "%-of-best-soon")
		b.ReportMetric(100*(found-mean)/(best-mean), "%-of-best")
	}
}
