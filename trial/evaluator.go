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
//   - The same trial gives the same result, seconds and machine names aside.
//   - A trial that went wrong by itself (it diverged, it cannot be built) is a Result with Status Failed and a Reason, and a nil
//     error. An error says that evaluating is broken, for this and other trials.
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
	Share   float64 // of the trial's budget that is done, in [0, 1]
	Epoch   int     // complete epochs so far
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

// Estimator is an optional ability of an Evaluator: it foretells the cost of a trial.
type Estimator interface {
	// Estimate returns what the trial would cost if it used its whole budget. Seconds may be a rough guess. The
	// error is ErrNoEstimate if there is none.
	Estimate(t Trial) (Spent, error)
}

// ErrNoEstimate is the error of an Estimator that cannot tell.
var ErrNoEstimate = errors.New("the cost of a trial cannot be estimated")
