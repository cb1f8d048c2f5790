package study_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

func conformRand() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }

// stages is a study of three stages: two that search at the same time, each at random, and the best of the first.
func stages(t testing.TB) study.Config {
	source := func(seed uint64) study.Source {
		return study.FromStrategy("random", search.NewRandom(search.Problem{Region: region(), Seed: seed}))
	}
	l := conform.Landscape{FailEvery: 7, Full: 9}
	e := trial.Described{Evaluator: restless{l}, Description: l.Describe()}
	return study.Config{
		Name: "stages", Version: "test", Space: region().Space(), SpaceHash: "abc", Seed: 11, Objectives: objectives, Journal: new(store.Memory),
		Pause: time.Nanosecond,
		Stages: []study.Stage{
			{Name: "one", Source: source(1), Evaluator: e, Window: 3, Stop: study.StopConditions{Trials: 8}},
			{Name: "two", Source: source(2), Evaluator: e, Window: 9, Stop: study.StopConditions{Trials: 7}, Concurrent: true, Fidelity: trial.Full(2)},
			{Name: "best", Source: study.BestOf{Stage: "one", Count: 3}, Evaluator: e, Window: 2},
		},
	}
}

func TestConcurrentStagesShareAWindow(t *testing.T) {
	c := stages(t)
	h := runConfig(t, c)
	for name, want := range map[string]struct{ window, trials, amount int }{"one": {3, 8, 9}, "two": {3, 7, 2}, "best": {2, 3, 9}} {
		s, _ := h.Stage(name)
		if s.Window != want.window || len(h.Of(name)) != want.trials || s.Fidelity != trial.Full(want.amount) {
			t.Errorf("stage %s has a window of %d, %d trials at %v", name, s.Window, len(h.Of(name)), s.Fidelity)
		}
		for _, e := range h.Of(name) {
			if e.Trial.Fidelity.Amount != want.amount {
				t.Errorf("trial %d of stage %s has an amount of %d", e.Trial.ID, name, e.Trial.Fidelity.Amount)
			}
		}
	}
	all := events(t, c.Journal)
	want := contents(t, all)
	// Both are opened at the beginning. The window holds over the border of the two, and trial 8 is asked for while 6 and 7 are under way.
	if all[1].Body.Kind() != "stage-opened" || all[2].Body.Kind() != "stage-opened" {
		t.Errorf("the second and third event are %s and %s", all[1].Body.Kind(), all[2].Body.Kind())
	}
	proposed, told := 0, 0
	for _, e := range all {
		switch e.Body.(type) {
		case store.TrialProposed:
			if limit := 3; proposed < 15 && proposed-told >= limit {
				t.Errorf("trial %d is proposed with %d under way", proposed, proposed-told)
			}
			if proposed == 8 && told != 6 {
				t.Errorf("the first trial of stage two is proposed after %d results", told)
			}
			proposed++
		case store.TrialFinished:
			told++
		}
	}
	for _, workers := range []int{1, 2, 5} {
		d := stages(t)
		d.Workers = workers
		runConfig(t, d)
		equal(t, want, contents(t, events(t, d.Journal)))
	}
	for cut := range len(all) + 1 {
		d := stages(t)
		if err := d.Journal.Append(context.Background(), all[:cut]...); err != nil {
			t.Fatal(err)
		}
		runConfig(t, d)
		equal(t, want, contents(t, events(t, d.Journal)))
	}
}

func TestAWrongStageIsRefusedByItsName(t *testing.T) {
	for _, c := range []struct {
		message string
		spoil   func([]study.Stage)
	}{
		{"stage 1 (one): it is opened together with the one before it, and there is none", func(s []study.Stage) { s[0].Concurrent = true }},
		{"two stages are named one", func(s []study.Stage) { s[2].Name = "one" }},
		{"stage 2 (two): data 0 is out of range", func(s []study.Stage) { s[1].Fidelity = trial.Fidelity{Amount: 1, Resolution: 1, Width: 1} }},
		{"attempts are impossible", func(s []study.Stage) { s[1].Attempts = -1 }},
		{"is described in two ways", func(s []study.Stage) {
			s[1].Evaluator = trial.Described{Evaluator: s[1].Evaluator, Description: trial.Description{Metrics: trial.MetricInfos{{Name: "accuracy", Unit: "points"}}}}
		}},
		{`stage best: there is no stage "on" before it; the nearest is "one"`, func(s []study.Stage) { s[2].Source = study.BestOf{Stage: "on", Count: 1} }},
		{"open at the same time", func(s []study.Stage) { s[1].Source = study.BestOf{Stage: "one", Count: 1} }},
	} {
		cfg := stages(t)
		c.spoil(cfg.Stages)
		if err := failing(t, cfg); !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
}

func TestAStageWithObjectivesOfItsOwnIsJudgedByThem(t *testing.T) {
	c := stages(t)
	c.Constraints = trial.Constraints{{Metric: "accuracy", Bound: 0, AtLeast: true}}
	c.Stages[0].Objectives = trial.Objectives{{Metric: "score"}}
	c.Stages[0].Evaluator = trial.Func(func(_ context.Context, tr trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
		score := trial.Metric{Name: "score", Value: conform.Score(tr.Arch)}
		return trial.Result{Status: trial.OK, Metrics: trial.NewMetrics(score)}, nil // no accuracy, no cost
	})
	h := runConfig(t, c)
	if got := h.Objectives("one").String(); got != "minimise score" || h.Constraints("one") != nil || h.Objectives("two").String() != objectives.String() {
		t.Errorf("stage one is judged by %s and %v, stage two by %s", got, h.Constraints("one"), h.Objectives("two"))
	}
	least := slices.MinFunc(h.Of("one"), func(a, b store.Entry) int {
		x, _ := a.Result.Metrics.Get("score")
		y, _ := b.Result.Metrics.Get("score")
		if x < y {
			return -1
		}
		return int(y - x)
	})
	if best, _ := h.Stage("best"); len(best.Chosen) != 3 || best.Chosen[0] != least.Trial.ID {
		t.Errorf("the best of stage one are %v, and the least score has trial %d", best.Chosen, least.Trial.ID)
	}
	c = stages(t)
	c.Stages[0].Objectives = trial.Objectives{{Metric: "score"}}
	if err := failing(t, c); !strings.Contains(err.Error(), "its evaluator reported no score, which the study needs") {
		t.Errorf("the error is %v", err)
	}
	c = stages(t)
	c.Stages[0].Objectives = trial.Objectives{{Metric: "accuracy"}, {Metric: "accuracy"}}
	if err := failing(t, c); !strings.Contains(err.Error(), "stage 1 (one): metric accuracy is an objective twice") {
		t.Errorf("the error is %v", err)
	}
}

// unsteady gives up on every trial a few times.
type unsteady struct {
	trial.Evaluator
	times int // before a trial is evaluated
	do    func(trial.Trial) (trial.Result, error)
	mu    sync.Mutex
	met   map[trial.ID]int
}

func (u *unsteady) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	u.mu.Lock()
	if u.met == nil {
		u.met = map[trial.ID]int{}
	}
	u.met[t.ID]++
	met := u.met[t.ID]
	u.mu.Unlock()
	if met <= u.times {
		return u.do(t)
	}
	return u.Evaluator.Evaluate(ctx, t, report)
}

func preempted(t trial.Trial) (trial.Result, error) {
	return trial.Result{Trial: t.ID, Status: trial.Preempted, Reason: "the machine is needed elsewhere", Worker: "spot"}, nil
}

func falling(trial.Trial) (trial.Result, error) {
	return trial.Result{}, &trial.BrokenError{Worker: "gpu3", Err: errors.New("it fell off the bus")}
}

func TestPreemptedAndRepeatedTrialsGiveTheSameJournal(t *testing.T) {
	c := stages(t)
	runConfig(t, c)
	want := contents(t, events(t, c.Journal))
	for name, u := range map[string]*unsteady{"preempted": {times: 3, do: preempted}, "broken": {times: 2, do: falling}} {
		c := stages(t)
		for i := range c.Stages {
			if name == "broken" {
				c.Stages[i].Attempts = 3
			}
			if i == 0 {
				u.Evaluator = c.Stages[0].Evaluator
			}
			c.Stages[i].Evaluator = u
		}
		h := runConfig(t, c)
		for i, line := range contents(t, events(t, c.Journal)) {
			if line != want[i] && !strings.Contains(line, "study-started") { // which has the metrics that evaluators describe
				if !strings.Contains(line, "stage-opened") {
					t.Fatalf("%s: event %d is\n%s\nand should be\n%s", name, i+1, line, want[i])
				}
			}
		}
		for _, e := range h.Entries {
			if e.Result.Attempt != u.times+1 {
				t.Errorf("%s: trial %d took %d evaluations", name, e.Trial.ID, e.Result.Attempt)
			}
			if e.Result.Status == trial.Preempted {
				t.Errorf("the journal says that trial %d was preempted", e.Trial.ID)
			}
		}
	}
}

// Unwrap lets the description through.
func (u *unsteady) Unwrap() trial.Evaluator { return u.Evaluator }

func TestAMachineThatStaysBrokenEndsTheStudyAfterItsAttempts(t *testing.T) {
	unrepeatable := func(trial.Trial) (trial.Result, error) {
		return trial.Result{}, &trial.BrokenError{Err: errors.Join(errors.New("the settings are wrong"), trial.ErrUnrepeatable)}
	}
	for _, c := range []struct {
		message         string
		attempts, times int
		do              func(trial.Trial) (trial.Result, error)
	}{
		{"trial 0 could not be evaluated: after 3 attempts: gpu3: it fell off the bus", 3, 3, falling},
		{"trial 0 could not be evaluated: gpu3: it fell off the bus", 0, 1, falling},
		{"trial 0 could not be evaluated: the settings are wrong", 5, 1, unrepeatable},
		{"trial 0 could not be evaluated: spot: the trial was preempted 100 times", 5, 100, preempted},
	} {
		cfg := stages(t)
		u := &unsteady{Evaluator: cfg.Stages[0].Evaluator, times: 1 << 30, do: c.do}
		cfg.Stages[0].Evaluator, cfg.Stages[0].Attempts, cfg.Stages[0].Window, cfg.Workers = u, c.attempts, 1, 1
		err := failing(t, cfg)
		if _, machine := errors.AsType[*trial.BrokenError](err); !machine || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
		if met := u.met[0]; met != c.times {
			t.Errorf("%s: trial 0 was evaluated %d times, want %d", c.message, met, c.times)
		}
	}
}

func TestAStudyThatKeepsNothingHasTheSameHistory(t *testing.T) {
	c := stages(t)
	want := runConfig(t, c)
	d := stages(t)
	d.Journal = store.Discard{}
	got := runConfig(t, d)
	if got.Last != want.Last || !got.Ended || len(got.Entries) != len(want.Entries) {
		t.Fatalf("it ends with event %d of %d", got.Last, want.Last)
	}
	for i, e := range got.Entries {
		w := want.Entries[i]
		if e.Trial.Arch != w.Trial.Arch || e.Trial.Seed != w.Trial.Seed || !slices.Equal(e.Result.Metrics, w.Result.Metrics) || e.Result.Status != w.Result.Status {
			t.Errorf("trial %d is %+v, and with a journal %+v", i, e.Trial, w.Trial)
		}
	}
}

func TestTheWallTimeOfAStageBeginsWithIt(t *testing.T) {
	c := stages(t)
	c.Stages = []study.Stage{c.Stages[0], c.Stages[2]}
	second := c.Stages[1]
	second.Source = study.FromStrategy("random", search.NewRandom(search.Problem{Region: region(), Seed: 5}))
	second.Name, second.Stop, second.Window = "timed", study.StopConditions{Wall: 30 * time.Second}, 1
	c.Stages[0].Stop, c.Stages[0].Window = study.StopConditions{Wall: 60 * time.Second}, 1
	c.Stages[1] = second
	c.Workers = 1
	c.Clock = slowClock(time.Unix(0, 0))
	h := runConfig(t, c)
	one, two := len(h.Of("one")), len(h.Of("timed"))
	if closed(h, "one") != store.WallLimit || closed(h, "timed") != store.WallLimit || one < 5 || two < 2 || two >= one {
		t.Errorf("%d trials in a minute, closed by %q, and %d in half a minute, closed by %q", one, closed(h, "one"), two, closed(h, "timed"))
	}
	// Resumed in the middle of the second stage, years later, its half minute is what is left of it.
	all := events(t, c.Journal)
	want := contents(t, all)
	for cut := len(all) - 1; cut > 0; cut-- {
		d := stages(t)
		d.Stages, d.Workers, d.Clock = slices.Clone(c.Stages), 1, slowClock(time.Unix(1e9, 0))
		for i, seed := range []uint64{1, 5} {
			d.Stages[i].Source = study.FromStrategy("random", search.NewRandom(search.Problem{Region: region(), Seed: seed}))
		}
		if err := d.Journal.Append(context.Background(), all[:cut]...); err != nil {
			t.Fatal(err)
		}
		again := runConfig(t, d)
		if len(again.Of("one")) > one+3 || len(again.Of("timed")) > two+3 || len(again.Of("timed")) < 1 {
			t.Errorf("cut after %d events there are %d and %d trials, and were %d and %d", cut, len(again.Of("one")), len(again.Of("timed")), one, two)
		}
		if _, over := all[cut-1].Body.(store.StageClosed); over && cut == len(all)-1 {
			equal(t, want, contents(t, events(t, d.Journal)))
		}
	}
}
