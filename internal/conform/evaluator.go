package conform

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trellis-nas/trellis/trial"
)

// Trials are what an evaluator is tested with.
type Trials struct {
	Good []trial.Trial // two or more different ones that succeed
	// Bad fails by itself, as by divergence, and is nil where nothing can fail.
	Bad *trial.Trial
}

// Evaluator tests the contract of trial.Evaluator. fresh is called for every evaluator that is needed.
func Evaluator(t *testing.T, trials Trials, fresh func(testing.TB) trial.Evaluator) {
	ctx := context.Background()
	t.Run("the same trial gives the same result", func(t *testing.T) {
		e := fresh(t)
		for _, tr := range trials.Good {
			one, two, other := must(t, e, tr), must(t, e, tr), must(t, fresh(t), tr)
			alike(t, one, two)
			alike(t, one, other)
		}
	})
	t.Run("a result is of its trial and settled", func(t *testing.T) {
		e := fresh(t)
		for _, tr := range trials.Good {
			r := must(t, e, tr)
			if r.Status != trial.OK || r.Reason != "" || len(r.Metrics) == 0 {
				t.Errorf("trial %d ends with status %q, reason %q and %d metrics", tr.ID, r.Status, r.Reason, len(r.Metrics))
			}
			if !reflect.DeepEqual(r, r.Settled(tr)) {
				t.Errorf("the result is of another trial or not finite: %+v", r)
			}
			for i, p := range r.Curve {
				if p.Epoch < 1 || i > 0 && p.Epoch <= r.Curve[i-1].Epoch {
					t.Errorf("point %d of the curve is at epoch %d", i, p.Epoch)
				}
			}
			if tr.Budget.Epochs > 0 && r.Spent.Epochs > tr.Budget.Epochs {
				t.Errorf("%d epochs were trained with a budget of %d", r.Spent.Epochs, tr.Budget.Epochs)
			}
		}
	})
	t.Run("several trials at a time give what each gives alone", func(t *testing.T) {
		e := fresh(t)
		results := make([]trial.Result, 2*len(trials.Good))
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				r, err := e.Evaluate(ctx, trials.Good[i%len(trials.Good)], trial.Silent)
				if err != nil {
					t.Errorf("trial %d: %v", i, err)
				}
				results[i] = r
			})
		}
		wg.Wait()
		for i, tr := range trials.Good {
			alone := must(t, fresh(t), tr)
			alike(t, alone, results[i])
			alike(t, alone, results[i+len(trials.Good)])
		}
	})
	t.Run("reports come one at a time and never after the result", func(t *testing.T) {
		var inside, late atomic.Int32
		_, err := fresh(t).Evaluate(ctx, trials.Good[0], func(p trial.Progress) {
			if inside.Add(1) != 1 {
				t.Error("two reports at a time")
			}
			if p.Share < 0 || p.Share > 1 {
				t.Errorf("a report says that a share of %v is done", p.Share)
			}
			if late.Load() != 0 {
				t.Error("a report after the result")
			}
			inside.Add(-1)
		})
		late.Store(1)
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a cancelled trial ends with the error of its context", func(t *testing.T) {
		e := fresh(t)
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := e.Evaluate(cancelled, trials.Good[0], trial.Silent); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before it began, the error is %v", err)
		}
		during, cancel := context.WithCancel(ctx)
		defer cancel()
		reports := 0
		_, err := e.Evaluate(during, trials.Good[0], func(p trial.Progress) {
			if reports++; p.Share < 1 {
				cancel()
			}
		})
		if during.Err() != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at its first of %d reports, the error is %v", reports, err)
		}
		alike(t, must(t, fresh(t), trials.Good[0]), must(t, e, trials.Good[0]))
	})
	t.Run("a failed trial is a result and no error", func(t *testing.T) {
		if trials.Bad == nil {
			t.Skip("this evaluator has no trial that fails by itself")
		}
		one, two := must(t, fresh(t), *trials.Bad), must(t, fresh(t), *trials.Bad)
		if one.Status != trial.Failed || one.Reason == "" {
			t.Errorf("the trial ends with status %q and reason %q", one.Status, one.Reason)
		}
		alike(t, one, two)
	})
}

func must(t *testing.T, e trial.Evaluator, tr trial.Trial) trial.Result {
	t.Helper()
	r, err := e.Evaluate(context.Background(), tr, trial.Silent)
	if err != nil {
		t.Fatalf("trial %d: %v", tr.ID, err)
	}
	return r
}

// alike compares results, seconds aside.
func alike(t *testing.T, one, two trial.Result) {
	t.Helper()
	one.Spent, two.Spent = one.Spent.Timeless(), two.Spent.Timeless()
	if !reflect.DeepEqual(one, two) {
		t.Errorf("the same trial gives different results:\n%+v\n%+v", one, two)
	}
}
