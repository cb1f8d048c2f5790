package trial_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/trial"
)

func TestACachedEvaluatorIsAnEvaluator(t *testing.T) {
	conform.Evaluator(t, landscapeTrials(t), func(testing.TB) trial.Evaluator { return trial.NewCached(landscape) })
}

func TestAnEqualTrialIsAnsweredFromMemory(t *testing.T) {
	inner := &scripted{answers: []answer{{result: trial.Result{Status: trial.OK, Spent: trial.Spent{MACs: 7, Epochs: 2, CPUSeconds: 3}}}}}
	c := trial.NewCached(inner)
	first := good(t)
	if _, err := c.Evaluate(context.Background(), first, trial.Silent); err != nil {
		t.Fatal(err)
	}
	again := first
	again.ID = 77
	r, err := c.Evaluate(context.Background(), again, trial.Silent)
	if err != nil {
		t.Fatal(err)
	}
	if len(inner.seeds) != 1 {
		t.Errorf("an equal trial was evaluated %d times", len(inner.seeds))
	}
	if r.Trial != 77 || r.Spent != (trial.Spent{MACs: 7, Epochs: 2}) {
		t.Errorf("the remembered result is of trial %d and cost %+v", r.Trial, r.Spent)
	}
}

func TestATrialThatDiffersInAnythingIsEvaluated(t *testing.T) {
	first := good(t)
	differ := map[string]func(*trial.Trial){
		"architecture": func(x *trial.Trial) { x.Arch = landscapeTrials(t).Good[1].Arch },
		"budget":       func(x *trial.Trial) { x.Budget.Epochs++ },
		"seed":         func(x *trial.Trial) { x.Seed++ },
		"phase":        func(x *trial.Trial) { x.Phase = trial.Finalist },
		"name":         func(x *trial.Trial) { x.Name = "lenet" },
		"network":      func(x *trial.Trial) { x.Network = new(network.Graph) },
	}
	for what, change := range differ {
		inner := &scripted{answers: []answer{{result: trial.Result{Status: trial.OK}}}}
		c := trial.NewCached(inner)
		other := first
		change(&other)
		for _, x := range []trial.Trial{first, other} {
			if _, err := c.Evaluate(context.Background(), x, trial.Silent); err != nil {
				t.Fatal(err)
			}
		}
		if len(inner.seeds) != 2 {
			t.Errorf("a trial that differs in its %s is not evaluated", what)
		}
	}
}

func TestFailuresAreRememberedAndErrorsAreNot(t *testing.T) {
	broken := errors.New("broken")
	inner := &scripted{answers: []answer{{err: broken}, {result: trial.Result{Status: trial.Failed, Reason: "diverged"}}}}
	c := trial.NewCached(inner)
	if _, err := c.Evaluate(context.Background(), good(t), trial.Silent); !errors.Is(err, broken) {
		t.Fatalf("the error is %v", err)
	}
	for range 3 {
		r, err := c.Evaluate(context.Background(), good(t), trial.Silent)
		if err != nil || r.Status != trial.Failed {
			t.Fatalf("the result is %+v, %v", r, err)
		}
	}
	if len(inner.seeds) != 2 {
		t.Errorf("%d evaluations instead of 2", len(inner.seeds))
	}
}

func TestEqualTrialsAtATimeAreEvaluatedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pass := make(chan error)
		calls := 0
		c := trial.NewCached(trial.Func(func(_ context.Context, x trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
			calls++ // never two at a time
			return trial.Result{Trial: x.ID, Status: trial.OK}, <-pass
		}))
		x := good(t)
		var wg sync.WaitGroup
		for id := range trial.ID(5) {
			wg.Go(func() {
				mine := x
				mine.ID = id
				if r, err := c.Evaluate(context.Background(), mine, trial.Silent); err == nil && r.Trial != id {
					t.Errorf("trial %d has the result of trial %d", id, r.Trial)
				}
			})
		}
		synctest.Wait() // one evaluates and four wait, before another comes
		impatient, cancel := context.WithCancel(context.Background())
		wg.Go(func() {
			if _, err := c.Evaluate(impatient, x, trial.Silent); !errors.Is(err, context.Canceled) {
				t.Errorf("waiting for another one's result and cancelled, the error is %v", err)
			}
		})
		synctest.Wait()
		if calls != 1 {
			t.Errorf("%d evaluations of equal trials at a time", calls)
		}
		cancel()
		synctest.Wait()
		pass <- errors.New("broken") // one gets the error, one of the others tries again
		synctest.Wait()
		if calls != 2 {
			t.Errorf("%d evaluations after an error instead of 2", calls)
		}
		pass <- nil
		wg.Wait()
		if calls != 2 {
			t.Errorf("%d evaluations in the end instead of 2", calls)
		}
	})
}
