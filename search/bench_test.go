package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// mobileRegion is a space of a size that is searched: 17 decisions or more, 10¹¹ architectures.
func mobileRegion(b *testing.B) search.Region {
	b.Helper()
	s, err := space.Mobile(space.MobileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	r, err := l.Within()
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkAskTell measures proposals and results of 10,000 trials, one after another.
func BenchmarkAskTell(b *testing.B) {
	region := mobileRegion(b)
	for _, c := range []struct {
		name string
		open func(search.Problem) (search.Strategy, error)
	}{
		{"random", func(p search.Problem) (search.Strategy, error) { return search.NewRandom(p), nil }},
		{"evolution", func(p search.Problem) (search.Strategy, error) {
			p.Objectives = accuracy
			return search.NewEvolution(p, search.EvolutionConfig{})
		}},
		{"evolution-2", func(p search.Problem) (search.Strategy, error) {
			return search.NewEvolution(p, search.EvolutionConfig{})
		}},
		{"nsga2", func(p search.Problem) (search.Strategy, error) {
			return search.NewNSGA2(p, search.BreedingConfig{})
		}},
		{"nsga2-1000", func(p search.Problem) (search.Strategy, error) {
			return search.NewNSGA2(p, search.BreedingConfig{Population: 1000, Brood: 1000})
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			const trials = 10_000
			for b.Loop() {
				s, err := c.open(search.Problem{Region: region, Objectives: tradeOff, Seed: 1})
				if err != nil {
					b.Fatal(err)
				}
				for range trials {
					all, _ := s.Ask(1)
					s.Tell([]trial.Result{resultOf(all[0].Key, all[0].Arch)})
				}
			}
			b.ReportMetric(float64(trials*b.N)/b.Elapsed().Seconds(), "trials/s")
		})
	}
}

// resultOf is a made-up result: each decision adds to the accuracy by its option, and every option above the first costs.
func resultOf(key trial.Key, a space.Arch) trial.Result {
	var accuracy, cost float64
	for i, c := range a.Choices() {
		accuracy += float64((c*7+i)%4) / 3
		cost += float64(min(c, 1))
	}
	return trial.Result{Key: key, Arch: a, Status: trial.OK, Metrics: trial.Metrics{{Name: "accuracy", Value: accuracy}, {Name: "cost", Value: cost}}}
}
