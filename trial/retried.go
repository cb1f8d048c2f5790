package trial

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Retried evaluates a trial again when evaluating it ends with an error (a machine that went away, a full disk) or when it was preempted.
// It never repeats a failed trial, which is an answer.
type Retried struct {
	inner    Evaluator
	attempts int
	pause    time.Duration
}

// maxPreemptions is how often one trial may be preempted before its machine counts as broken.
const maxPreemptions = 100

// NewRetried returns e tried up to attempts times (at least once), with a pause before the second attempt that doubles
// before each further one. Preemptions are no attempts, and there is no pause after them.
func NewRetried(e Evaluator, attempts int, pause time.Duration) *Retried {
	return &Retried{inner: e, attempts: max(1, attempts), pause: pause}
}

// Unwrap returns the decorated evaluator.
func (r *Retried) Unwrap() Evaluator { return r.inner }

// Evaluate returns the first answer, with the number of evaluations that it took. When all attempts end with an error it returns the last, with
// their number. An error that wraps ErrUnrepeatable is returned at once.
func (r *Retried) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	pause, preemptions := r.pause, 0
	for attempt := 1; ; {
		res, err := r.inner.Evaluate(ctx, t, report)
		switch {
		case ctx.Err() != nil && err != nil:
			return Result{}, ctx.Err()
		case err == nil && res.Status == Preempted:
			if preemptions++; preemptions == maxPreemptions {
				return Result{}, &BrokenError{Worker: res.Worker, Err: fmt.Errorf("the trial was preempted %d times", preemptions)}
			}
			if ctx.Err() != nil {
				return Result{}, ctx.Err()
			}
			continue
		case err == nil:
			res.Attempt = attempt + preemptions + max(1, res.Attempt) - 1 // an evaluator may have tried it several times itself
			return res, nil
		case attempt == r.attempts && attempt > 1:
			return Result{}, fmt.Errorf("after %d attempts: %w", attempt, err)
		case attempt == r.attempts || errors.Is(err, ErrUnrepeatable):
			return Result{}, err
		}
		attempt++
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return Result{}, ctx.Err()
		case <-timer.C:
		}
		pause *= 2
	}
}
