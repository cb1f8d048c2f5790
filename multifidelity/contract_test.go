package multifidelity_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func each(t *testing.T, test func(t *testing.T, s scheduler)) {
	for _, s := range schedulers {
		t.Run(s.name, func(t *testing.T) { test(t, s) })
	}
}

func TestSchedulersAreStrategies(t *testing.T) {
	each(t, func(t *testing.T, s scheduler) {
		conform.Scheduler(t, func(p search.Problem) search.Strategy {
			return must[search.Strategy](t)(s.make(p, random, upTo81))
		})
	})
}

// TestOnASingleRungSchedulersAreStrategiesLikeAnyOther needs no exceptions.
func TestOnASingleRungSchedulersAreStrategiesLikeAnyOther(t *testing.T) {
	each(t, func(t *testing.T, s scheduler) {
		conform.Strategy(t, func(p search.Problem) search.Strategy {
			return must[search.Strategy](t)(s.make(p, random, multifidelity.Config{Full: trial.Full(1)}))
		})
	})
}

func TestStoppingRulesAreStrategies(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		s := must[search.Strategy](t)(multifidelity.NewMedianRule(p, search.NewRandom(p), multifidelity.MedianConfig{}))
		return must[search.Strategy](t)(multifidelity.NewPatience(p, s, multifidelity.PatienceConfig{}))
	})
}

func TestNothingIsEvaluatedTwiceWhateverTheWindow(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	each(t, func(t *testing.T, s scheduler) {
		for _, window := range []int{1, 3, 9, 81, 1000} {
			for _, d := range []drive{{}, {failEvery: 3}, {failEvery: 1}, {stopEvery: 2}, {stopEvery: 1}, {failEvery: 3, stopEvery: 5}} {
				d.trials, d.window = 700, window
				r := d.play(t, region, must[search.Strategy](t)(s.make(problem(region, 3), random, upTo81)))
				if len(r.proposals) != d.trials {
					t.Fatalf("window %d, %+v: %d of %d proposals, and then %v", window, d, len(r.proposals), d.trials, r.state)
				}
			}
		}
	})
}

func TestASmallRegionIsExhaustedAndThenDone(t *testing.T) {
	whole := conform.Space(t, 1)
	for _, count := range []int{1, 2, 5, 40} {
		n := 0
		region := conform.Enumerate(whole, func(space.Arch) bool { n++; return n <= count })
		each(t, func(t *testing.T, s scheduler) {
			for _, window := range []int{1, 7, 1000} {
				strategy := must[search.Strategy](t)(s.make(problem(region, 5), random, upTo81))
				r := drive{trials: math.MaxInt, window: window}.play(t, region, strategy)
				archs, full := map[space.Arch]bool{}, 0
				for _, p := range r.proposals {
					archs[p.Arch] = true
					if p.Fidelity.Amount == 81 {
						full++
					}
				}
				if len(archs) != count || full == 0 {
					t.Errorf("window %d: of %d architectures %d were proposed, and %d at the full amount", window, count, len(archs), full)
				}
				if more, state := strategy.Ask(3); len(more) > 0 || state != search.Done {
					t.Errorf("window %d: after all were proposed, Ask gives %d more and the state %v", window, len(more), state)
				}
			}
		})
	}
}

func TestAskingAndTellingInBatchesIsAskingAndTellingOneByOne(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	each(t, func(t *testing.T, s scheduler) {
		for seed := range uint64(4) {
			play := func(single bool) run {
				d := drive{trials: 300, window: 12, failEvery: 5, crowd: rand.New(rand.NewPCG(seed, 0)), single: single}
				return d.play(t, region, must[search.Strategy](t)(s.make(problem(region, seed), random, upTo81)))
			}
			same(t, play(true), play(false))
		}
	})
}

func TestTheSameSeedProposesTheSameAndAnotherSomethingElse(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	each(t, func(t *testing.T, s scheduler) {
		play := func(seed uint64, trials int) run {
			return drive{trials: trials, window: 4}.play(t, region, must[search.Strategy](t)(s.make(problem(region, seed), random, upTo81)))
		}
		whole := play(1, 200)
		same(t, whole, play(1, 200))
		same(t, run{proposals: whole.proposals[:77]}, play(1, 77))
		if other := play(2, 200); other.proposals[0].Arch == whole.proposals[0].Arch && other.proposals[1].Arch == whole.proposals[1].Arch {
			t.Error("seeds 1 and 2 begin alike")
		}
	})
}

func TestAnInnerStrategyThatWaitsIsToldEachOfItsProposalsOnceOnTheirFirstRung(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	each(t, func(t *testing.T, s scheduler) {
		if s.name == "bohb" {
			t.Skip("its inner strategy only observes")
		}
		for _, window := range []int{1, 5, 100} {
			var told []string
			seed := uint64(0)
			inner := func(p search.Problem) (search.Strategy, error) {
				seed++
				return &shy{region: p.Region, r: rand.New(rand.NewPCG(seed, 7)), seen: map[space.Arch]bool{}, left: 60, told: &told}, nil
			}
			r := drive{trials: 1500, window: window, failEvery: 7}.play(t, region, must[search.Strategy](t)(s.make(problem(region, 1), inner, upTo81)))
			proposed := 0
			for _, p := range r.proposals {
				if p.Origin == "shy" {
					proposed++
				}
			}
			if proposed == 0 || len(told) < proposed || len(told) > int(seed)*60 {
				t.Errorf("window %d: of %d proposals %d were told", window, proposed, len(told))
			}
		}
	})
}

func TestWhatIsObservedIsNotEvaluatedAgainOnItsRung(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 1), nil) // 80 architectures
	each(t, func(t *testing.T, s scheduler) {
		var known []trial.Result
		seen := map[space.Arch]bool{}
		for range 60 {
			a := region.Sample(rand.New(rand.NewPCG(uint64(len(known)), 0)))
			if !seen[a] {
				seen[a] = true
				known = append(known, trial.Result{Arch: a, Fidelity: trial.Full(3), Status: trial.OK, Metrics: metrics(a, 3)})
			}
		}
		for _, when := range []int{0, 20} {
			strategy := must[search.Strategy](t)(s.make(problem(region, 5), random, upTo81)).(search.WarmStarter)
			shown := false
			d := drive{trials: math.MaxInt, window: 4, before: func(asked int) {
				if asked >= when && !shown {
					shown = true
					strategy.Observe(known[:10])
					strategy.Observe(known[10:])
				}
			}}
			r := d.play(t, region, strategy)
			for i, p := range r.proposals {
				if i >= when+4 && seen[p.Arch] && p.Fidelity.Amount == 3 {
					t.Fatalf("proposal %d is %v at 3, whose result was observed", i, p.Arch)
				}
			}
		}
	})
}

func TestPromotionsContinueTheirCheckpointAndCostTheDifference(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	strategy := must[search.Strategy](t)(multifidelity.NewSuccessiveHalving(problem(region, 1), random, multifidelity.HalvingConfig{Config: upTo81}))
	r := drive{trials: 81 + 27 + 9 + 3 + 1, window: 1}.play(t, region, strategy)
	if want := 81*1 + 27*2 + 9*6 + 3*18 + 1*54; r.spent != want {
		t.Errorf("a bracket of 81, 27, 9, 3 and 1 spent %d, not %d", r.spent, want)
	}
}

func TestAnyStrategyCanBeInside(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 2), nil)
	inners := map[string]multifidelity.Inner{
		"evolution": func(p search.Problem) (search.Strategy, error) {
			return search.NewEvolution(p, search.EvolutionConfig{Population: 8})
		},
		"genetic": func(p search.Problem) (search.Strategy, error) {
			return search.NewGenetic(p, search.GeneticConfig{Population: 6})
		},
		"local": func(p search.Problem) (search.Strategy, error) { return search.NewLocal(p, search.LocalConfig{}) },
		"annealing": func(p search.Problem) (search.Strategy, error) {
			return search.NewAnnealing(p, search.AnnealingConfig{})
		},
		"nsga2": func(p search.Problem) (search.Strategy, error) { return search.NewNSGA2(p, search.BreedingConfig{}) },
		"tpe":   func(p search.Problem) (search.Strategy, error) { return search.NewTPE(p, search.TPEConfig{}) },
		"gp":    func(p search.Problem) (search.Strategy, error) { return search.NewGP(p, search.GPConfig{}) },
	}
	for _, name := range slices.Sorted(maps.Keys(inners)) {
		each(t, func(t *testing.T, s scheduler) {
			make := func() search.Strategy {
				p := problem(region, 2)
				p.Objectives = trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}
				if name != "nsga2" {
					p.Objectives = p.Objectives[:1]
				}
				return must[search.Strategy](t)(s.make(p, inners[name], multifidelity.Config{Full: trial.Full(27), Min: 3}))
			}
			d := drive{trials: 120, window: 5, failEvery: 6, stopEvery: 11}
			r := d.play(t, region, make())
			if len(r.proposals) != d.trials {
				t.Errorf("over %s: %d proposals, then %v", name, len(r.proposals), r.state)
			}
			same(t, r, d.play(t, region, make()))
		})
	}
}
