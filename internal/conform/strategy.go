package conform

import (
	"context"
	"fmt"
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

// Strategy tests the contract of search.Strategy, and that of search.WarmStarter if the strategy has the ability.
func Strategy(t *testing.T, make NewStrategy) { strategy(t, suite{layers: 5, share: 1}, make) }

// ModelStrategy is Strategy on a smaller region, for strategies that look at every architecture for each proposal.
func ModelStrategy(t *testing.T, make NewStrategy) { strategy(t, suite{layers: 2, share: 1}, make) }

// BriefStrategy is Strategy with an eighth of the proposals: every property, for a catalogue whose strategies have whole suites elsewhere. fixed says
// that the strategy draws nothing, so that seeds make no difference.
func BriefStrategy(t *testing.T, fixed bool, make NewStrategy) {
	strategy(t, suite{layers: 3, share: 8, fixed: fixed}, make)
}

// Scheduler is Strategy for one that evaluates an architecture at several fidelities: a region is exhausted once each of its architectures was
// proposed at one of them, and what was observed is not proposed at its fidelity.
func Scheduler(t *testing.T, make NewStrategy) {
	strategy(t, suite{layers: 4, rungs: true, share: 1}, make)
}

// suite says how much is asked of a strategy.
type suite struct {
	layers int  // of the space
	rungs  bool // it evaluates an architecture at several fidelities
	share  int  // one in so many of the proposals of the whole suite
	fixed  bool // whatever the seed
}

func strategy(t *testing.T, of suite, make NewStrategy) {
	rungs := of.rungs
	part := func(trials int) int { return trials / of.share }
	fresh := func(region search.Region, seed uint64) search.Strategy { return make(problem(region, seed)) }
	wide := Enumerate(Space(t, of.layers), nil) // 20,480 architectures of 5 layers, 320 of 2
	half := Enumerate(wide.space, func(a space.Arch) bool { return hash(a)%2 == 0 })
	tiny := Enumerate(Space(t, 1), func(a space.Arch) bool { return hash(a)%3 != 0 })

	usual := plan{trials: part(120), window: 3}
	whole := play(t, fresh(wide, 1), usual) // what several tests compare with
	t.Run("the same seed proposes the same", func(t *testing.T) {
		equal(t, whole, play(t, fresh(wide, 1), usual))
	})
	t.Run("another seed proposes something else", func(t *testing.T) {
		if of.fixed {
			t.Skip("this strategy draws nothing")
		}
		one, two := whole[:min(len(whole), part(40))], play(t, fresh(wide, 2), plan{trials: part(40), window: usual.window})
		if reflect.DeepEqual(one, two) {
			t.Errorf("seeds 1 and 2 propose the same %d architectures", len(one))
		}
	})
	t.Run("seconds do not matter", func(t *testing.T) {
		slow := usual
		slow.seconds = 3600
		equal(t, whole, play(t, fresh(wide, 1), slow))
	})
	t.Run("numbers of trials do not matter", func(t *testing.T) {
		for _, number := range []func(int) trial.ID{
			func(int) trial.ID { return 0 },
			func(i int) trial.ID { return trial.ID(1000 + i) },
			func(i int) trial.ID { return trial.ID(i * 37 % 101) },
		} {
			numbered := usual
			numbered.number = number
			equal(t, whole, play(t, fresh(wide, 1), numbered))
		}
	})
	t.Run("asking and telling in batches is asking and telling one by one", func(t *testing.T) {
		for seed := range uint64(max(2, 3/of.share)) {
			batched := plan{trials: part(120), window: 12, crowd: rand.New(rand.NewPCG(seed, 0))}
			single := plan{trials: part(120), window: 12, crowd: rand.New(rand.NewPCG(seed, 0)), single: true}
			equal(t, play(t, fresh(wide, seed), single), play(t, fresh(wide, seed), batched))
		}
	})
	t.Run("only feasible architectures, none twice", func(t *testing.T) {
		distinct(t, half, play(t, fresh(half, 3), plan{trials: part(250), window: 4}))
	})
	t.Run("failed results are borne", func(t *testing.T) {
		distinct(t, half, play(t, fresh(half, 3), plan{trials: part(100), window: 4, failEvery: 2}))
		distinct(t, half, play(t, fresh(half, 3), plan{trials: part(100), window: 4, failEvery: 1}))
	})
	t.Run("results of a lower fidelity than was asked for are borne", func(t *testing.T) {
		for _, short := range []int{1, 3} {
			distinct(t, half, play(t, fresh(half, 3), plan{trials: part(100), window: 4, full: 9, short: short, failEvery: 5}))
		}
	})
	t.Run("a region is exhausted exactly and then done", func(t *testing.T) {
		for _, window := range []int{1, 7, 1000} {
			s := fresh(tiny, 5)
			all := play(t, s, plan{trials: math.MaxInt, window: window})
			distinct(t, tiny, all)
			if n := len(archsOf(all)); n != len(tiny.archs) || !rungs && len(all) != n {
				t.Errorf("window %d: %d of %d architectures were proposed", window, n, len(tiny.archs))
			}
			if more, state := s.Ask(3); len(more) > 0 || state != search.Done {
				t.Errorf("window %d: after all were proposed, Ask gives %d more and the state %v", window, len(more), state)
			}
		}
	})
	t.Run("a region of one is proposed once", func(t *testing.T) {
		one := Enumerate(tiny.space, func(a space.Arch) bool { return a == tiny.archs[0] })
		if all := play(t, fresh(one, 5), plan{trials: 10, window: 2}); len(archsOf(all)) != 1 || !rungs && len(all) != 1 {
			t.Errorf("a region of one architecture gave %d proposals", len(all))
		}
	})
	if _, ok := fresh(tiny, 1).(search.WarmStarter); ok {
		warmStarter(t, wide, Enumerate(tiny.space, nil), rungs, fresh)
	}
	t.Run("a new strategy given the same calls goes on alike", func(t *testing.T) {
		for _, stop := range []int{1, 5, part(44)} {
			equal(t, whole[:stop], play(t, fresh(wide, 1), plan{trials: stop, window: usual.window}))
		}
	})
}

// problem is what the suites have strategies made for.
func problem(region search.Region, seed uint64) search.Problem {
	return search.Problem{
		Region:     region,
		Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}},
		Seed:       seed,
	}
}

// plan says how a strategy is driven: under the window rule, or in crowds.
type plan struct {
	trials    int // proposals at most
	window    int
	seconds   float64 // said to have been spent on every trial
	failEvery uint64
	number    func(i int) trial.ID // of the trial of proposal i; nil: i itself
	full      int                  // amount of a trial whose proposal names no fidelity; 0 means 1
	short     int                  // stops every k-th trial at a third of their amount; 0 stops none
	// crowd draws how many are asked for and observed at a time, up to the window. single makes the same crowds one by one.
	crowd  *rand.Rand
	single bool
}

// play drives a strategy and returns its proposals.
func play(t *testing.T, s search.Strategy, p plan) []trial.Proposal {
	t.Helper()
	var all []trial.Proposal
	told, done := 0, false
	results := map[trial.Key]trial.Result{}
	proposed := map[trial.Key]trial.Proposal{}
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
			for _, next := range proposals {
				check(t, next, proposed, results)
				proposed[next.Key] = next
				all = append(all, next)
			}
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
		var crowd []trial.Result
		for range min(size(), len(all)-told) {
			r := p.judge(t, told, all[told])
			results[r.Key] = r
			crowd = append(crowd, r)
			told++
		}
		if p.single {
			for _, r := range crowd {
				s.Tell([]trial.Result{r})
			}
		} else {
			s.Tell(crowd)
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

// check tests the keys of a proposal, given those before and the results so far.
func check(t *testing.T, p trial.Proposal, proposed map[trial.Key]trial.Proposal, results map[trial.Key]trial.Result) {
	t.Helper()
	if _, twice := proposed[p.Key]; twice || p.Key < 1 {
		t.Fatalf("a proposal has the key %d, which is below 1 or not unique", p.Key)
	}
	for _, parent := range p.Parents {
		if _, known := proposed[parent]; !known {
			t.Errorf("proposal %d names parent %d, which was not proposed before", p.Key, parent)
		}
	}
	if p.From == 0 {
		return
	}
	from, r := proposed[p.From], results[p.From]
	if r.Status != trial.OK || from.Arch != p.Arch || p.Fidelity.At(0) != from.Fidelity.At(0) || p.Fidelity.Amount <= from.Fidelity.Amount {
		t.Errorf("proposal %+v goes on from %+v, of which the status is %q", p, from, r.Status)
	}
}

// judge evaluates proposal i.
func (p plan) judge(t *testing.T, i int, proposal trial.Proposal) trial.Result {
	t.Helper()
	id := trial.ID(i)
	if p.number != nil {
		id = p.number(i)
	}
	fidelity := proposal.Fidelity.Or(trial.Full(max(1, p.full)))
	reached := fidelity
	if p.short > 0 && i%p.short == 0 {
		reached = fidelity.At(max(1, fidelity.Amount/3))
	}
	r, err := Landscape{FailEvery: p.failEvery, Full: p.full}.Evaluate(context.Background(),
		trial.Trial{ID: id, Arch: proposal.Arch, Fidelity: reached, Seed: uint64(i)}, trial.Silent)
	if err != nil {
		t.Fatal(err)
	}
	r.Key = proposal.Key
	if reached != fidelity && r.Status == trial.OK {
		r.Stopped = &trial.Stop{Rule: "test", Amount: reached.Amount}
	}
	r.Spent.CPUSeconds, r.Spent.WallSeconds = p.seconds*float64(i), p.seconds
	r.Worker = fmt.Sprintf("worker %d of %v", i%3, p.seconds)
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

// archsOf returns the architectures of proposals.
func archsOf(all []trial.Proposal) map[space.Arch]bool {
	archs := map[space.Arch]bool{}
	for _, p := range all {
		archs[p.Arch] = true
	}
	return archs
}

// distinct checks that all proposals are feasible and no two of them alike.
func distinct(t *testing.T, region search.Region, all []trial.Proposal) {
	t.Helper()
	type what struct {
		arch     space.Arch
		fidelity trial.Fidelity
	}
	first := map[what]int{}
	for i, p := range all {
		if !region.Contains(p.Arch) {
			t.Fatalf("proposal %d is %v, which is not feasible", i, p.Arch)
		}
		w := what{p.Arch, p.Fidelity}
		if j, again := first[w]; again {
			t.Fatalf("proposals %d and %d are both %v at the fidelity %v", j, i, p.Arch, p.Fidelity)
		}
		first[w] = i
	}
}
