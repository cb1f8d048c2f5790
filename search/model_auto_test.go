package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// beginning returns the first five proposals.
func beginning(t *testing.T, s search.Strategy) (out []space.Arch) {
	t.Helper()
	for id := range trial.ID(5) {
		next, _ := s.Ask(1)
		out = append(out, next[0].Arch)
		r := trial.Fail(trial.Trial{ID: id, Arch: next[0].Arch}, "nothing is learnt here")
		r.Key = next[0].Key
		s.Tell([]trial.Result{r})
	}
	return out
}

// nearness is the mean number of decisions in which the nearest other architecture differs.
func nearness(archs []space.Arch) (mean float64) {
	for i, a := range archs {
		nearest := a.Len()
		for j, b := range archs {
			differ := 0
			for k := range min(a.Len(), b.Len()) {
				if a.Choices()[k] != b.Choices()[k] {
					differ++
				}
			}
			if i != j {
				nearest = min(nearest, differ)
			}
		}
		mean += float64(nearest) / float64(len(archs))
	}
	return mean
}

func TestAutoBeginsWithArchitecturesFarFromEachOther(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	index := search.NewEncodingIndex(region)
	apart := func(open func(search.Problem) (search.Strategy, error)) (mean float64) {
		const seeds = 30
		for seed := range uint64(seeds) {
			s, err := open(search.Problem{Region: region, Encodings: index, Objectives: accuracy, Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			mean += nearness(beginning(t, s)) / seeds
		}
		return mean
	}
	spread := apart(search.NewAuto)
	uniform := apart(func(p search.Problem) (search.Strategy, error) { return search.NewGP(p, search.GPConfig{}) })
	if spread < uniform+0.5 {
		t.Errorf("the nearest of five first proposals differs in %.2f decisions, of uniform draws in %.2f", spread, uniform)
	}
}
