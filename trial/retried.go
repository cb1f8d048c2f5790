package trial

import (
	"context"
	"fmt"
	"time"
)

// Retried tries again when evaluating ends with an error: a machine that went away, a full disk. It never
// repeats a failed trial, which is an answer.
type Retried struct {
	inner    Evaluator
	attempts int
	pause    time.Duration
}

// NewRetried returns e tried up to attempts times (at least once), with a pause before the second attempt that doubles
// before each further one.
func NewRetried(e Evaluator, attempts int, pause time.Duration) *Retried {
	return &Retried{inner: e, attempts: max(1, attempts), pause: pause}
}

// Unwrap returns the decorated evaluator.
func (r *Retried) Unwrap() Evaluator { return r.inner }

// Evaluate returns the first answer. When all attempts end with an error it returns the last, with their number.
func (r *Retried) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	pause := r.pause
	for attempt := 1; ; attempt++ {
		res, err := r.inner.Evaluate(ctx, t, report)
		switch {
		case err == nil:
			return res, nil
		case ctx.Err() != nil:
			return Result{}, ctx.Err()
		case attempt == r.attempts:
			return Result{}, fmt.Errorf("after %d attempts: %w", attempt, err)
		}
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
