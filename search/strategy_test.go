package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

var _ search.Region = (*lattice.Region)(nil)

var (
	budget   = trial.Budget{Epochs: 1}
	accuracy = trial.Objectives{{Metric: "accuracy", Maximise: true}}
	tradeOff = trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}
)

func TestRandomIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(r search.Region, seed uint64) search.Strategy { return search.NewRandom(r, budget, seed) })
}

func TestEvolutionIsAStrategy(t *testing.T) {
	for _, c := range []struct {
		name   string
		config search.EvolutionConfig
	}{
		{"one objective", search.EvolutionConfig{Objectives: accuracy}},
		{"two objectives", search.EvolutionConfig{Objectives: tradeOff, Population: 12, Sample: 3}},
		{"a constraint", search.EvolutionConfig{Objectives: accuracy, Constraints: trial.Constraints{{Metric: "cost", Bound: 3}}}},
		{"a population of one", search.EvolutionConfig{Objectives: accuracy, Population: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			conform.Strategy(t, func(r search.Region, seed uint64) search.Strategy {
				c.config.Budget = budget
				s, err := search.NewEvolution(r, c.config, seed)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}
