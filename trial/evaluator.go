package trial

import (
	"context"
	"errors"
)

// Evaluator says how good an architecture is: by training it, by looking it up, by a cheap score, on another machine.
//
// The contract, which internal/conform tests:
//
//   - It is safe for concurrent use, unless its documentation says otherwise.
//   - The same trial gives the same result, seconds, workers and attempts aside. Where it goes on from a checkpoint, it gives
//     what it would give from the beginning, what was spent aside.
//   - A trial that went wrong by itself (it diverged, it cannot be built) is a Result with Status Failed and a Reason, and a nil
//     error. One that was taken off its machine is Preempted. An error, a *BrokenError where the machine is known, says that evaluating is broken.
//   - Result.Fidelity is the fidelity that was reached: that of the trial, or a lower amount if the trial's StoppingRule ended it, and
//     Result.Stopped says why.
//   - When ctx is cancelled it returns ctx.Err(), wrapped or not, soon and without a result; files of the unfinished trial
//     are either gone or overwritten by the next attempt.
//   - It calls report zero or more times, from the calling goroutine or another, never concurrently, and not after it
//     has returned. report is never nil and returns quickly. Nothing may be decided by how often it is called.
//   - It neither keeps nor changes the trial, and hands over the result for good.
type Evaluator interface {
	Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error)
}

// Progress tells how far a running trial is.
type Progress struct {
	Share   float64 // of the trial's work that is done, in [0, 1]
	Amount  int     // of the resource spent so far, as complete epochs
	Metrics Metrics // latest figures, those there are
}

// Silent is the report function of those who do not listen.
func Silent(Progress) {}

// Func makes an Evaluator of a function.
type Func func(ctx context.Context, t Trial, report func(Progress)) (Result, error)

// Evaluate calls the function.
func (f Func) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	return f(ctx, t, report)
}

// Wrapper is an evaluator that decorates another.
type Wrapper interface {
	Evaluator
	Unwrap() Evaluator
}

// As returns the outermost evaluator of a chain of decorators that has the optional ability A, an interface.
func As[A any](e Evaluator) (A, bool) {
	for {
		if a, ok := e.(A); ok {
			return a, true
		}
		w, ok := e.(Wrapper)
		if !ok {
			var none A
			return none, false
		}
		e = w.Unwrap()
	}
}

// Resource is what an evaluator's amounts are counted in.
type Resource struct {
	Name string `json:"name,omitempty"` // as "epochs"; empty where there is only one amount, 1
	// Full is the amount of a trial that says nothing, and the largest that a multi-fidelity strategy asks for; 0 reads as 1.
	Full int `json:"full,omitzero"`
}

// Description is what an evaluator says of itself.
type Description struct {
	Kind     string // of the catalogue of evaluators, as "train"
	Resource Resource
	Metrics  MetricInfos // of its results
	Resumes  bool        // it goes on from checkpoints; otherwise every trial starts afresh
}

// Describer is an optional ability of an Evaluator: it describes itself.
type Describer interface {
	Describe() Description
}

// Describe returns the description of an evaluator, and an empty one if it has none.
func Describe(e Evaluator) Description {
	if d, ok := As[Describer](e); ok {
		return d.Describe()
	}
	return Description{}
}

// Described gives an evaluator a description.
type Described struct {
	Evaluator
	Description Description
}

// Unwrap returns the decorated evaluator.
func (d Described) Unwrap() Evaluator { return d.Evaluator }

// Describe implements Describer.
func (d Described) Describe() Description { return d.Description }

// Estimator is an optional ability of an Evaluator: it foretells the cost of a trial.
type Estimator interface {
	// Estimate returns what the trial would cost if it used its whole amount. Seconds may be a rough guess. The
	// error is ErrNoEstimate if there is none.
	Estimate(t Trial) (Spent, error)
}

// ErrNoEstimate is the error of an Estimator that cannot tell.
var ErrNoEstimate = errors.New("the cost of a trial cannot be estimated")
