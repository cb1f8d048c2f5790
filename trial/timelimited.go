package trial

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// TimeLimited fails a trial that takes longer than its limit. This is the one decorator that makes a result depend on the
// machine: a study that must repeat to the bit should bound the fidelity instead.
type TimeLimited struct {
	inner Evaluator
	limit time.Duration
}

// NewTimeLimited returns e with a limit on the wall time of every trial.
func NewTimeLimited(e Evaluator, limit time.Duration) *TimeLimited {
	return &TimeLimited{inner: e, limit: limit}
}

// Unwrap returns the decorated evaluator.
func (l *TimeLimited) Unwrap() Evaluator { return l.inner }

var errTimeLimit = errors.New("time limit of the trial exceeded")

// Evaluate cancels the evaluation at the limit and answers with a failed result that names it. MACs and amount spent until
// then are not known and count as none.
func (l *TimeLimited) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	inner, cancel := context.WithTimeoutCause(ctx, l.limit, errTimeLimit)
	defer cancel()
	start := time.Now()
	r, err := l.inner.Evaluate(inner, t, report)
	if err == nil {
		return r, nil
	}
	if context.Cause(inner) == errTimeLimit && errors.Is(err, context.DeadlineExceeded) {
		failed := Fail(t, fmt.Sprintf("exceeded the time limit of %v", l.limit))
		failed.Spent.WallSeconds = time.Since(start).Seconds()
		return failed, nil
	}
	return Result{}, err
}
