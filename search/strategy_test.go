package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

var _ search.Region = (*lattice.CountedRegion)(nil)

var (
	accuracy = trial.Objectives{{Metric: "accuracy", Maximise: true}}
	tradeOff = trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}
)

func TestRandomIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy { return search.NewRandom(p) })
}

func TestEvolutionIsAStrategy(t *testing.T) {
	for _, c := range []struct {
		name        string
		objectives  trial.Objectives
		constraints trial.Constraints
		config      search.EvolutionConfig
	}{
		{"one objective", accuracy, nil, search.EvolutionConfig{}},
		{"two objectives", tradeOff, nil, search.EvolutionConfig{Population: 12, Sample: 3}},
		{"a constraint", accuracy, trial.Constraints{{Metric: "cost", Bound: 3}}, search.EvolutionConfig{}},
		{"a population of one", accuracy, nil, search.EvolutionConfig{Population: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			conform.Strategy(t, func(p search.Problem) search.Strategy {
				p.Objectives, p.Constraints = c.objectives, c.constraints
				s, err := search.NewEvolution(p, c.config)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

// manyWays are the problems that every strategy that learns is tried on.
var manyWays = []struct {
	name        string
	objectives  trial.Objectives
	constraints trial.Constraints
}{
	{"one objective", accuracy, nil},
	{"two objectives", tradeOff, nil},
	{"a constraint", tradeOff, trial.Constraints{{Metric: "cost", Bound: 3}}},
}

// conforms runs the conformance suite on a strategy for each of manyWays.
func conforms(t *testing.T, open func(search.Problem) (search.Strategy, error)) {
	for _, c := range manyWays {
		t.Run(c.name, func(t *testing.T) {
			conform.Strategy(t, func(p search.Problem) search.Strategy {
				p.Objectives, p.Constraints = c.objectives, c.constraints
				s, err := open(p)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func TestGeneticIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) { return search.NewGenetic(p, search.GeneticConfig{}) })
	t.Run("a population of two", func(t *testing.T) {
		conform.Strategy(t, func(p search.Problem) search.Strategy {
			s, err := search.NewGenetic(p, search.GeneticConfig{Population: 2})
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
	})
}

func TestLocalSearchIsAStrategy(t *testing.T) {
	for _, best := range []bool{false, true} {
		conforms(t, func(p search.Problem) (search.Strategy, error) {
			return search.NewLocal(p, search.LocalConfig{Best: best})
		})
	}
}

func TestAnnealingIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) {
		return search.NewAnnealing(p, search.AnnealingConfig{})
	})
}

func TestNSGA2IsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) { return search.NewNSGA2(p, search.BreedingConfig{}) })
}

func TestNSGA3IsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) { return search.NewNSGA3(p, search.BreedingConfig{}) })
}

// few are the settings of a model-based strategy that make the suite quick.
var few = search.GuidedConfig{Candidates: 60}

func TestEHVIIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		p.Objectives, p.Constraints = manyWays[2].objectives, manyWays[2].constraints
		s, err := search.NewEHVI(p, few)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestParEGOIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		p.Objectives = tradeOff
		s, err := search.NewParEGO(p, few)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestMultiObjectiveAutoIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		p.Objectives = tradeOff
		s, err := search.NewMultiAuto(p, few)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestMOTPEIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) { return search.NewMOTPE(p, search.MOTPEConfig{}) })
}
