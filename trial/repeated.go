package trial

import (
	"context"
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/internal/stream"
)

// Repeated evaluates every trial with several seeds and answers with the mean. Its trials start afresh and leave no artifacts: there is
// no one network of which the mean is the figure.
type Repeated struct {
	inner Evaluator
	times int
}

// NewRepeated returns e with every trial repeated the given number of times, at least once. The seeds are derived from the
// trial's own.
func NewRepeated(e Evaluator, times int) *Repeated {
	return &Repeated{inner: e, times: max(1, times)}
}

// SpreadSuffix is appended to a metric's name to name its sample standard deviation over the repeats.
const SpreadSuffix = "_sd"

// Unwrap returns the decorated evaluator.
func (r *Repeated) Unwrap() Evaluator { return r.inner }

// Evaluate returns the mean of every metric that all repeats have and, with two or more repeats, its spread under the
// name with SpreadSuffix. The curve is the mean of the curves up to the shortest; costs are sums; the fidelity is the least that
// was reached. If a repeat fails the whole trial does, with that reason, and the rest is not tried.
func (r *Repeated) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	runs := make([]Result, 0, r.times)
	out := Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: OK}
	for i := range r.times {
		one := t
		one.Keep, one.Checkpoint, one.From = false, false, nil
		one.Seed = stream.Seed(t.Seed, "repeat", uint64(i))
		run, err := r.inner.Evaluate(ctx, one, func(p Progress) {
			p.Share = (float64(i) + p.Share) / float64(r.times)
			report(p)
		})
		if err != nil {
			return Result{}, err
		}
		out.Spent = out.Spent.Plus(run.Spent)
		if run.Status == Preempted {
			out.Status, out.Reason = Preempted, run.Reason
			return out, nil
		}
		if run.Status != OK {
			out.Status, out.Reason = Failed, fmt.Sprintf("repeat %d of %d: %s", i+1, r.times, run.Reason)
			return out, nil
		}
		if reached := run.Fidelity.Or(t.Fidelity); reached.Compare(out.Fidelity) < 0 {
			out.Fidelity, out.Stopped = reached, run.Stopped
		}
		runs = append(runs, run)
	}
	out.Metrics = meanMetrics(runs, func(r Result) Metrics { return r.Metrics }, true)
	shortest := len(runs[0].Curve)
	for _, run := range runs {
		shortest = min(shortest, len(run.Curve))
	}
	for i := range shortest {
		out.Curve = append(out.Curve, Point{
			Amount:  runs[0].Curve[i].Amount,
			Metrics: meanMetrics(runs, func(r Result) Metrics { return r.Curve[i].Metrics }, false),
		})
	}
	return out, nil
}

func meanMetrics(runs []Result, of func(Result) Metrics, spread bool) Metrics {
	n := float64(len(runs))
	var out []Metric
	for _, m := range of(runs[0]) {
		var sum float64
		shared := true
		for _, run := range runs {
			x, ok := of(run).Get(m.Name)
			shared = shared && ok
			sum += x
		}
		if !shared {
			continue
		}
		mean := sum / n
		out = append(out, Metric{m.Name, mean})
		if spread && len(runs) > 1 {
			var squares float64
			for _, run := range runs {
				x, _ := of(run).Get(m.Name)
				squares += (x - mean) * (x - mean)
			}
			out = append(out, Metric{m.Name + SpreadSuffix, math.Sqrt(squares / (n - 1))})
		}
	}
	return NewMetrics(out...)
}

// Estimate returns the cost of all repeats, if the decorated evaluator foretells that of one.
func (r *Repeated) Estimate(t Trial) (Spent, error) {
	e, ok := As[Estimator](r.inner)
	if !ok {
		return Spent{}, ErrNoEstimate
	}
	one, err := e.Estimate(t)
	if err != nil {
		return Spent{}, err
	}
	var sum Spent
	for range r.times {
		sum = sum.Plus(one)
	}
	return sum, nil
}
