package study_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

func TestAStudyGoesThroughItsPhases(t *testing.T) {
	c := config(t)
	h := run(t, c)
	if n := len(h.Of(store.Search)); n != 24 || closed(h, store.Search) != store.TrialLimit {
		t.Errorf("%d search trials, closed by %q", n, closed(h, store.Search))
	}
	finalists, baselines := h.Of(store.Finalists), h.Of(store.Baselines)
	if len(finalists) != 6 || len(baselines) != 2 || len(chosen(h)) != 3 {
		t.Fatalf("%d finalist and %d baseline trials of %d architectures", len(finalists), len(baselines), len(chosen(h)))
	}
	for i, e := range finalists {
		source := chosen(h)[i%3]
		if e.Trial.Arch != h.Entries[source].Trial.Arch || !slices.Equal(e.Parents, []trial.ID{source}) {
			t.Errorf("finalist %d trains %v of %v, not trial %d", e.Trial.ID, e.Trial.Arch, e.Parents, source)
		}
		if e.Trial.Fidelity.Amount != 5 || len(e.Result.Curve) != 5 && e.OK() {
			t.Errorf("finalist %d has %d epochs and was trained for %d", e.Trial.ID, e.Trial.Fidelity.Amount, len(e.Result.Curve))
		}
	}
	for k := range 2 {
		seed := finalists[3*k].Trial.Seed
		for _, e := range slices.Concat(finalists[3*k:3*k+3], baselines[k:k+1]) {
			if e.Trial.Seed != seed {
				t.Errorf("trial %d of repeat %d has a seed of its own", e.Trial.ID, k)
			}
		}
	}
	if finalists[0].Trial.Seed == finalists[3].Trial.Seed {
		t.Error("both repeats have the same seed")
	}
	for _, e := range h.Entries {
		if tested := e.Test != nil; tested != (e.Trial.Stage != store.Search && e.OK()) {
			t.Errorf("trial %d of stage %s: tested is %v", e.Trial.ID, e.Trial.Stage, tested)
		}
	}
}

func TestTheJournalDoesNotDependOnTheNumberOfWorkers(t *testing.T) {
	c := config(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))
	for _, workers := range []int{1, 2, 3, 9} {
		c := config(t)
		c.Workers = workers
		run(t, c)
		equal(t, want, contents(t, events(t, c.Journal)))
	}
}

func TestTheWindowDecidesWhatIsProposed(t *testing.T) {
	c, d := config(t), config(t)
	d.Window = 1
	one, two := run(t, c), run(t, d)
	for i := range 24 {
		if one.Entries[i].Trial.Arch != two.Entries[i].Trial.Arch {
			return
		}
	}
	t.Error("windows 1 and 4 propose the same 24 architectures")
}

// trace records the calls of a strategy and asserts that what it is told is durable.
type trace struct {
	search.Strategy
	t       *testing.T
	journal *store.Memory
	asked   int
	told    []trial.ID
}

func (s *trace) Ask(n int) ([]trial.Proposal, search.State) {
	p, state := s.Strategy.Ask(n)
	if len(p) > 0 {
		s.asked++
		if wait := s.asked - len(s.told); wait > 4 {
			s.t.Errorf("trial %d was asked for with %d results outstanding", s.asked-1, wait-1)
		}
	}
	return p, state
}

func (s *trace) Tell(results []trial.Result) {
	for _, r := range results {
		if int(r.Trial) != len(s.told) {
			s.t.Errorf("result %d is told after %d results", r.Trial, len(s.told))
		}
		s.told = append(s.told, r.Trial)
		if max := s.asked - len(s.told); s.asked < 24 && max != 3 {
			s.t.Errorf("result %d is told with %d trials asked for", r.Trial, s.asked)
		}
		if !durable(s.t, s.journal, r.Trial) {
			s.t.Errorf("result %d is told before it is durable", r.Trial)
		}
	}
	s.Strategy.Tell(results)
}

func durable(t *testing.T, j *store.Memory, id trial.ID) bool {
	early, err := j.Spooled(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(append(early, events(t, j)...), func(e store.Event) bool {
		f, ok := e.Body.(store.TrialFinished)
		return ok && f.Result.Trial == id
	})
}

func TestResultsAreToldInOrderUnderTheWindowRuleAndOnlyOnceDurable(t *testing.T) {
	for _, workers := range []int{1, 4} {
		for _, spools := range []bool{true, false} {
			c := config(t)
			journal := new(store.Memory)
			s := &trace{Strategy: c.Strategy, t: t, journal: journal}
			c.Strategy, c.Journal, c.Workers = s, journal, workers
			if !spools {
				c.Journal = bare{journal}
			}
			run(t, c)
			if len(s.told) != 24 {
				t.Errorf("%d of 24 results were told", len(s.told))
			}
		}
	}
}

// bare hides the spool of a journal.
type bare struct{ store.Journal }

func TestAJournalWithoutASpoolHoldsTheSame(t *testing.T) {
	c, d := config(t), config(t)
	d.Journal = bare{d.Journal}
	run(t, c)
	run(t, d)
	equal(t, contents(t, events(t, c.Journal)), contents(t, events(t, d.Journal)))
}

// generations proposes four at a time and waits until they are all told.
type generations struct {
	search.Strategy
	outstanding, asked int
}

func (g *generations) Ask(n int) ([]trial.Proposal, search.State) {
	if g.asked%4 == 0 && g.outstanding > 0 {
		return nil, search.Wait
	}
	g.asked++
	g.outstanding++
	return g.Strategy.Ask(n)
}

func (g *generations) Tell(r []trial.Result) {
	g.outstanding -= len(r)
	g.Strategy.Tell(r)
}

func TestAStrategyThatWaitsIsAskedAgainAfterResults(t *testing.T) {
	var want []string
	for _, workers := range []int{1, 2, 6} {
		c := config(t)
		c.Strategy, c.Window, c.Workers = &generations{Strategy: c.Strategy}, 6, workers
		if h := run(t, c); len(h.Of(store.Search)) != 24 {
			t.Errorf("%d of 24 trials were proposed", len(h.Of(store.Search)))
		}
		if want == nil {
			want = contents(t, events(t, c.Journal))
		}
		equal(t, want, contents(t, events(t, c.Journal)))
	}
}

// broken answers as it is told to.
type broken struct {
	proposals int
	state     search.State
}

func (b broken) Ask(int) ([]trial.Proposal, search.State) {
	return make([]trial.Proposal, b.proposals), b.state
}
func (b broken) Tell([]trial.Result) {}

func TestAStrategyThatBreaksItsContractIsAnErrorAndNoDeadlock(t *testing.T) {
	for _, c := range []struct {
		strategy broken
		message  string
	}{
		{broken{0, search.Wait}, "there is no result to wait for"},
		{broken{0, search.Ready}, "proposes nothing"},
		{broken{2, search.Ready}, "gave several"},
	} {
		cfg := config(t)
		cfg.Strategy = c.strategy
		if _, err := begin(t, cfg).Run(context.Background()); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%+v: the error is %v and should say %q", c.strategy, err, c.message)
		}
	}
}

func TestAnExhaustedSpaceClosesTheSearch(t *testing.T) {
	c := config(t)
	c.Strategy = broken{0, search.Done}
	h := run(t, c)
	if closed(h, store.Search) != store.Exhausted || len(h.Of(store.Search)) != 0 || len(chosen(h)) != 0 || len(h.Of(store.Baselines)) != 2 {
		t.Errorf("closed by %q with %d trials, %d finalists, %d baselines", closed(h, store.Search), len(h.Of(store.Search)), len(chosen(h)), len(h.Of(store.Baselines)))
	}
}

func TestAStudyIsRunOnce(t *testing.T) {
	s := begin(t, config(t))
	if _, err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(context.Background()); err == nil {
		t.Error("a study was run twice")
	}
}

// watcher checks that it is never called twice at a time and remembers the events.
type watcher struct {
	t        *testing.T
	mu       sync.Mutex
	recorded []store.Event
	replayed int
	began    map[trial.ID]int
	reports  int
}

func (w *watcher) alone() func() {
	if !w.mu.TryLock() {
		w.t.Error("an observer is called by two goroutines at a time")
		w.mu.Lock()
	}
	return w.mu.Unlock
}

func (w *watcher) Recorded(e store.Event, replayed bool) {
	defer w.alone()()
	w.recorded = append(w.recorded, e)
	if replayed {
		w.replayed++
	}
}

func (w *watcher) Began(t trial.Trial) {
	defer w.alone()()
	if w.began == nil {
		w.began = map[trial.ID]int{}
	}
	w.began[t.ID]++
}

func (w *watcher) Progressed(trial.Trial, trial.Progress) {
	defer w.alone()()
	w.reports++
}

func TestAnObserverSeesTheWholeJournalInOrder(t *testing.T) {
	c := config(t)
	w := &watcher{t: t}
	c.Observer = w
	run(t, c)
	want := contents(t, events(t, c.Journal))
	equal(t, want, contents(t, w.recorded))
	if w.replayed != 0 || len(w.began) != 32 || w.reports == 0 {
		t.Errorf("%d events replayed, %d trials begun, %d reports", w.replayed, len(w.began), w.reports)
	}
	again := config(t)
	again.Journal = c.Journal
	w = &watcher{t: t}
	again.Observer = w
	run(t, again)
	equal(t, want, contents(t, w.recorded))
	if w.replayed != len(want) || len(w.began) != 0 {
		t.Errorf("of a complete study %d of %d events were replayed and %d trials begun", w.replayed, len(want), len(w.began))
	}
}

func TestAWrongConfigurationIsRefused(t *testing.T) {
	for _, c := range []struct {
		message string
		spoil   func(*scenario)
	}{
		{"needs a space", func(c *scenario) { c.Space = nil }},
		{"no source", func(c *scenario) { c.Strategy = nil }},
		{"no evaluator", func(c *scenario) { c.Evaluator = nil }},
		{"needs a journal", func(c *scenario) { c.Journal = nil }},
		{"window", func(c *scenario) { c.Window = -1 }},
		{"negative", func(c *scenario) { c.Stop.MACs = -1 }},
		{"at least one objective", func(c *scenario) { c.Objectives = nil }},
		{"objective twice", func(c *scenario) { c.Objectives = trial.Objectives{{Metric: "a"}, {Metric: "a"}} }},
	} {
		cfg := config(t)
		c.spoil(&cfg)
		if _, err := study.New(cfg.study()); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
}

func TestAStageThatCannotBeOpenedIsToldByItsNameBeforeAnythingIsEvaluated(t *testing.T) {
	for _, c := range []struct {
		message string
		spoil   func(*scenario)
	}{
		{"stage finalists: -1 architectures", func(c *scenario) { c.Finalists.Count = -1 }},
		{"stage baselines: network 1 needs", func(c *scenario) { c.Baselines[0].Graph = nil }},
		{"stage baselines: two networks", func(c *scenario) { c.Baselines = append(c.Baselines, c.Baselines[0]) }},
	} {
		cfg := config(t)
		c.spoil(&cfg)
		if _, err := study.New(cfg.study()); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
}

func TestAnEvaluatorThatBreaksEndsTheRunAndTheStudyGoesOnLater(t *testing.T) {
	c := config(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))

	journal := new(store.Memory)
	for _, id := range []trial.ID{0, 5, 23, 25, 31} {
		c := config(t)
		c.Journal = journal
		gone := errors.New("the machine is gone")
		inner := c.Evaluator
		c.Evaluator = trial.Func(func(ctx context.Context, tr trial.Trial, report func(trial.Progress)) (trial.Result, error) {
			if tr.ID == id {
				return trial.Result{}, gone
			}
			return inner.Evaluate(ctx, tr, report)
		})
		h, err := begin(t, c).Run(context.Background())
		if !errors.Is(err, gone) || !strings.Contains(err.Error(), "could not be evaluated") {
			t.Fatalf("the error is %v", err)
		}
		if h.Ended || len(h.Entries) <= int(id) {
			t.Errorf("the study has %d entries, ended %v", len(h.Entries), h.Ended)
		}
	}
	last := config(t)
	last.Journal = journal
	run(t, last)
	equal(t, want, contents(t, events(t, journal)))
}

func TestAResultThatBreaksTheContractIsNamed(t *testing.T) {
	for _, c := range []struct {
		message string
		result  trial.Result
	}{
		{"reported no accuracy and no cost", trial.Result{Status: trial.OK}},
		{"reported no cost", trial.Result{Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: 1})}},
		{`the status "fine"`, trial.Result{Status: "fine"}},
	} {
		cfg := config(t)
		cfg.Evaluator = trial.Func(func(context.Context, trial.Trial, func(trial.Progress)) (trial.Result, error) { return c.result, nil })
		if _, err := begin(t, cfg).Run(context.Background()); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
}

// clumsy breaks at one trial and measures something that is no number.
func TestAnEarlyResultOfAnotherArchitectureIsRefused(t *testing.T) {
	c := config(t)
	foreign := trial.Result{Trial: 2, Arch: space.NewArch(9, 9, 9), Status: trial.OK}
	if err := c.Journal.(*store.Memory).Spool(context.Background(), store.Event{Body: store.TrialFinished{Result: foreign}}); err != nil {
		t.Fatal(err)
	}
	if _, err := begin(t, c).Run(context.Background()); err == nil || !strings.Contains(err.Error(), "it has a result of 9.9.9 for trial 2") {
		t.Errorf("the error is %v", err)
	}
}
