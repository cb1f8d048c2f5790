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
	// Stops says that the evaluator honours stopping rules. The first good trial then has a curve of two points or more.
	Stops bool
	// Pairs are of the same architecture, seed and reductions: the second goes on from the checkpoint of the first. None where the evaluator
	// cannot go on.
	Pairs [][2]trial.Trial
	// Remote says that the evaluator's trials may be taken off their machine. Those of others are never preempted.
	Remote bool
	// Repeats is how often a trial is evaluated within; 0 means once. Its costs are sums over them.
	Repeats int
}

// Evaluator tests the contract of trial.Evaluator. fresh is called for every evaluator that is needed.
func Evaluator(t *testing.T, trials Trials, fresh func(testing.TB) trial.Evaluator) {
	ctx := context.Background()
	must := func(t *testing.T, e trial.Evaluator, tr trial.Trial) trial.Result { return trials.must(t, e, tr) }
	t.Run("the same trial gives the same result", func(t *testing.T) {
		e := fresh(t)
		for _, tr := range trials.Good {
			one, two, other := must(t, e, tr), must(t, e, tr), must(t, fresh(t), tr)
			alike(t, one, two)
			alike(t, one, other)
		}
	})
	t.Run("a result is of its trial, settled, and of its fidelity", func(t *testing.T) {
		e := fresh(t)
		for _, tr := range trials.Good {
			r := must(t, e, tr)
			if r.Status != trial.OK || r.Reason != "" || len(r.Metrics) == 0 {
				t.Errorf("trial %d ends with status %q, reason %q and %d metrics", tr.ID, r.Status, r.Reason, len(r.Metrics))
			}
			if !reflect.DeepEqual(r, r.Settled(tr)) {
				t.Errorf("the result is of another trial or not finite: %+v", r)
			}
			if r.Fidelity != tr.Fidelity || r.Stopped != nil {
				t.Errorf("trial %d of fidelity %v without a stopping rule reached %v (%v)", tr.ID, tr.Fidelity, r.Fidelity, r.Stopped)
			}
			ascending(t, r)
			if most := tr.Fidelity.Amount * max(1, trials.Repeats); tr.Fidelity.Amount > 0 && r.Spent.Amount > most {
				t.Errorf("an amount of %d was spent on a fidelity of %v", r.Spent.Amount, tr.Fidelity)
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
			for _, r := range []trial.Result{results[i], results[i+len(trials.Good)]} {
				if r.Status != trial.Preempted || !trials.Remote {
					alike(t, alone, r)
				}
			}
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
	t.Run("a stopping rule ends a trial and leaves what it did before alone", func(t *testing.T) {
		if !trials.Stops {
			t.Skip("this evaluator does not honour stopping rules")
		}
		trials.stopped(t, fresh)
	})
	t.Run("a trial that goes on from a checkpoint gives what it would give from the beginning", func(t *testing.T) {
		if len(trials.Pairs) == 0 {
			t.Skip("this evaluator does not go on from checkpoints")
		}
		for _, pair := range trials.Pairs {
			trials.resumed(t, fresh, pair[0], pair[1])
		}
	})
}

// ascending checks that the amounts of a curve ascend from 1 or more to no more than was reached.
func ascending(t *testing.T, r trial.Result) {
	t.Helper()
	last := 0
	for i, p := range r.Curve {
		if p.Amount <= last || p.Amount > r.Fidelity.Amount {
			t.Errorf("point %d of the curve of a fidelity of %v is at %d, after %d", i, r.Fidelity, p.Amount, last)
		}
		last = p.Amount
	}
}

// stopped evaluates the first good trial with rules made of its own curve.
func (trials Trials) stopped(t *testing.T, fresh func(testing.TB) trial.Evaluator) {
	tr := trials.Good[0]
	whole := trials.must(t, fresh(t), tr)
	if len(whole.Curve) < 2 || len(whole.Curve[0].Metrics) == 0 {
		t.Fatalf("the first good trial has a curve of %d points; stopping needs two", len(whole.Curve))
	}
	at, metric := whole.Curve[0].Amount, whole.Curve[0].Metrics[0]
	rule := trial.StoppingRule{Name: "test", Metric: metric.Name, Maximise: true, Bars: []trial.Bar{{Amount: at, Value: metric.Value}}}
	tr.Stop = rule
	alike(t, whole, trials.must(t, fresh(t), tr)) // a bar that is reached stops nothing

	tr.Stop.Bars = []trial.Bar{{Amount: at, Value: metric.Value + 1}}
	r := trials.must(t, fresh(t), tr)
	if r.Status != trial.OK || r.Stopped == nil || r.Stopped.Rule != "test" || r.Stopped.Amount != at {
		t.Fatalf("below its bar at %d a trial ends with status %q, stopped: %+v", at, r.Status, r.Stopped)
	}
	if r.Fidelity != tr.Fidelity.At(at) {
		t.Errorf("stopped at %d it reached %v", at, r.Fidelity)
	}
	if !reflect.DeepEqual(r.Curve, whole.Curve[:1]) {
		t.Errorf("the curve of the stopped trial is %v, and was %v", r.Curve, whole.Curve[:1])
	}
	if r.Spent.Amount > whole.Spent.Amount {
		t.Errorf("stopped at %d it spent %d", at, r.Spent.Amount)
	}
	alike(t, r, trials.must(t, fresh(t), tr))
}

// resumed evaluates a trial from the beginning and from the checkpoint of a shorter one, which may also be gone.
func (trials Trials) resumed(t *testing.T, fresh func(testing.TB) trial.Evaluator, short, long trial.Trial) {
	if short.Arch != long.Arch || short.Seed != long.Seed || short.Fidelity.At(0) != long.Fidelity.At(0) || short.Fidelity.Amount >= long.Fidelity.Amount {
		t.Fatalf("trial %d cannot go on from trial %d", long.ID, short.ID)
	}
	whole := trials.must(t, fresh(t), long)
	e := fresh(t)
	short.Checkpoint = true
	first := trials.must(t, e, short)
	from := trial.Checkpoint{Trial: short.ID, Fidelity: first.Fidelity}
	for _, a := range first.Artifacts {
		if a.Kind == trial.CheckpointKind {
			from.Artifact = a
		}
	}
	long.From = &from
	on := trials.must(t, e, long)
	unspent := func(r trial.Result) trial.Result { r.Spent = trial.Spent{}; return r }
	alike(t, unspent(whole), unspent(on))
	if on.Spent.Amount > whole.Spent.Amount {
		t.Errorf("going on took an amount of %d, beginning %d", on.Spent.Amount, whole.Spent.Amount)
	}
	gone := from
	if gone.Artifact.Path != "" {
		gone.Artifact.Path += ".gone"
	}
	long.From = &gone
	alike(t, unspent(whole), unspent(trials.must(t, fresh(t), long)))
}

// must evaluates a trial, and again as often as it is preempted.
func (trials Trials) must(t *testing.T, e trial.Evaluator, tr trial.Trial) trial.Result {
	t.Helper()
	const patience = 1000
	for range patience {
		r, err := e.Evaluate(context.Background(), tr, trial.Silent)
		if err != nil {
			t.Fatalf("trial %d: %v", tr.ID, err)
		}
		if r.Status != trial.Preempted {
			return r
		}
		if !trials.Remote {
			t.Fatalf("trial %d was preempted where nobody else has the machine", tr.ID)
		}
	}
	t.Fatalf("trial %d was preempted %d times", tr.ID, patience)
	return trial.Result{}
}

// alike compares results, seconds, workers and attempts aside.
func alike(t *testing.T, one, two trial.Result) {
	t.Helper()
	for _, r := range []*trial.Result{&one, &two} {
		r.Spent, r.Worker, r.Attempt = r.Spent.Timeless(), "", 0
	}
	if !reflect.DeepEqual(one, two) {
		t.Errorf("the same trial gives different results:\n%+v\n%+v", one, two)
	}
}
