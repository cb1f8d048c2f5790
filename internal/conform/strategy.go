package conform

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// NewStrategy makes a fresh strategy for a problem of one objective, accuracy, without constraints; it may replace both.
// Results will have the metrics "accuracy", to maximise, and "cost", to minimise; objectives and constraints of the
// strategy must name no others.
type NewStrategy func(search.Problem) search.Strategy

// Strategy tests the contract of search.Strategy, and that of search.Seeded if the strategy has the ability.
func Strategy(t *testing.T, make NewStrategy) { strategy(t, 5, make) }

// ModelStrategy is Strategy on a smaller region, for strategies that look at every architecture for each proposal.
func ModelStrategy(t *testing.T, make NewStrategy) { strategy(t, 2, make) }

func strategy(t *testing.T, layers int, make NewStrategy) {
	fresh := func(region search.Region, seed uint64) search.Strategy { return make(problem(region, seed)) }
	wide := Enumerate(Space(t, layers), nil) // 20,480 architectures of 5 layers, 320 of 2
	half := Enumerate(wide.space, func(a space.Arch) bool { return hash(a)%2 == 0 })
	tiny := Enumerate(Space(t, 1), func(a space.Arch) bool { return hash(a)%3 != 0 })

	t.Run("the same seed proposes the same", func(t *testing.T) {
		equal(t, play(t, fresh(wide, 1), plan{trials: 120, window: 3}), play(t, fresh(wide, 1), plan{trials: 120, window: 3}))
	})
	t.Run("another seed proposes something else", func(t *testing.T) {
		one, two := play(t, fresh(wide, 1), plan{trials: 40, window: 3}), play(t, fresh(wide, 2), plan{trials: 40, window: 3})
		if reflect.DeepEqual(one, two) {
			t.Error("seeds 1 and 2 propose the same 40 architectures")
		}
	})
	t.Run("seconds do not matter", func(t *testing.T) {
		slow := plan{trials: 120, window: 3, seconds: 3600}
		equal(t, play(t, fresh(wide, 1), plan{trials: 120, window: 3}), play(t, fresh(wide, 1), slow))
	})
	t.Run("asking and telling in batches is asking and telling one by one", func(t *testing.T) {
		for seed := range uint64(5) {
			batched := plan{trials: 120, window: 12, crowd: rand.New(rand.NewPCG(seed, 0))}
			single := plan{trials: 120, window: 12, crowd: rand.New(rand.NewPCG(seed, 0)), single: true}
			equal(t, play(t, fresh(wide, seed), single), play(t, fresh(wide, seed), batched))
		}
	})
	t.Run("only feasible architectures, none twice", func(t *testing.T) {
		distinct(t, half, play(t, fresh(half, 3), plan{trials: 400, window: 4}))
	})
	t.Run("failed results are borne", func(t *testing.T) {
		distinct(t, half, play(t, fresh(half, 3), plan{trials: 150, window: 4, failEvery: 2}))
		distinct(t, half, play(t, fresh(half, 3), plan{trials: 150, window: 4, failEvery: 1}))
	})
	t.Run("a region is exhausted exactly and then done", func(t *testing.T) {
		for _, window := range []int{1, 7, 1000} {
			s := fresh(tiny, 5)
			all := play(t, s, plan{trials: math.MaxInt, window: window})
			distinct(t, tiny, all)
			if len(all) != len(tiny.archs) {
				t.Errorf("window %d: %d of %d architectures were proposed", window, len(all), len(tiny.archs))
			}
			if more, state := s.Ask(3); len(more) > 0 || state != search.Done {
				t.Errorf("window %d: after all were proposed, Ask gives %d more and the state %v", window, len(more), state)
			}
		}
	})
	t.Run("a region of one is proposed once", func(t *testing.T) {
		one := Enumerate(tiny.space, func(a space.Arch) bool { return a == tiny.archs[0] })
		if all := play(t, fresh(one, 5), plan{trials: 10, window: 2}); len(all) != 1 {
			t.Errorf("a region of one architecture gave %d proposals", len(all))
		}
	})
	if _, ok := fresh(tiny, 1).(search.Seeded); ok {
		seeded(t, wide, Enumerate(tiny.space, nil), fresh)
	}
	t.Run("a new strategy given the same calls goes on alike", func(t *testing.T) {
		whole := play(t, fresh(wide, 9), plan{trials: 90, window: 4})
		for _, stop := range []int{1, 5, 44} {
			equal(t, whole[:stop], play(t, fresh(wide, 9), plan{trials: stop, window: 4}))
		}
	})
}

// problem is what the suites have strategies made for.
func problem(region search.Region, seed uint64) search.Problem {
	return search.Problem{
		Region:     region,
		Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}},
		Budget:     trial.Budget{Epochs: 1},
		Seed:       seed,
	}
}

// plan says how a strategy is driven: under the window rule, or in crowds.
type plan struct {
	trials    int // proposals at most
	window    int
	seconds   float64 // said to have been spent on every trial
	failEvery uint64
	// crowd draws how many are asked for and told at a time, up to the window. single makes the same crowds one by one.
	crowd  *rand.Rand
	single bool
}

// play drives a strategy and returns its proposals.
func play(t *testing.T, s search.Strategy, p plan) []trial.Proposal {
	t.Helper()
	var all []trial.Proposal
	told, done := 0, false
	size := func() int {
		if p.crowd == nil {
			return 1
		}
		return 1 + p.crowd.IntN(p.window)
	}
	for {
		stalled := false
		for !done && !stalled && len(all) < p.trials && len(all)-told < p.window {
			n := min(size(), p.window-(len(all)-told), p.trials-len(all))
			proposals, state := ask(s, n, p.single)
			all = append(all, proposals...)
			switch {
			case len(proposals) > n:
				t.Fatalf("Ask(%d) gave %d proposals", n, len(proposals))
			case state == search.Ready && len(proposals) < n:
				t.Fatalf("Ask(%d) is ready and gave %d proposals", n, len(proposals))
			}
			done, stalled = state == search.Done, state == search.Wait
		}
		if told == len(all) {
			if stalled {
				t.Fatal("the strategy waits and nothing is outstanding")
			}
			return all
		}
		var results []trial.Result
		for range min(size(), len(all)-told) {
			results = append(results, p.judge(t, trial.ID(told), all[told]))
			told++
		}
		if p.single {
			for _, r := range results {
				s.Tell([]trial.Result{r})
			}
		} else {
			s.Tell(results)
		}
	}
}

func ask(s search.Strategy, n int, single bool) ([]trial.Proposal, search.State) {
	if !single {
		return s.Ask(n)
	}
	var all []trial.Proposal
	for range n {
		one, state := s.Ask(1)
		all = append(all, one...)
		if state != search.Ready {
			return all, state
		}
	}
	return all, search.Ready
}

func (p plan) judge(t *testing.T, id trial.ID, proposal trial.Proposal) trial.Result {
	t.Helper()
	for _, parent := range proposal.Parents {
		if parent < 0 || parent >= id {
			t.Errorf("proposal %d names parent %d", id, parent)
		}
	}
	r, err := Landscape{FailEvery: p.failEvery}.Evaluate(context.Background(),
		trial.Trial{ID: id, Arch: proposal.Arch, Budget: proposal.Budget, Seed: uint64(id)}, trial.Silent)
	if err != nil {
		t.Fatal(err)
	}
	r.Spent.CPUSeconds, r.Spent.WallSeconds = p.seconds*float64(id), p.seconds
	return r
}

func equal(t *testing.T, want, got []trial.Proposal) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.Fatalf("proposal %d differs: %+v and %+v", i, want[i], got[i])
		}
	}
	if len(want) != len(got) {
		t.Fatalf("one run gave %d proposals, the other %d", len(want), len(got))
	}
}

func distinct(t *testing.T, region search.Region, all []trial.Proposal) {
	t.Helper()
	first := map[space.Arch]int{}
	for i, p := range all {
		if !region.Contains(p.Arch) {
			t.Fatalf("proposal %d is %v, which is not feasible", i, p.Arch)
		}
		if j, again := first[p.Arch]; again {
			t.Fatalf("proposals %d and %d are both %v", j, i, p.Arch)
		}
		first[p.Arch] = i
	}
}
