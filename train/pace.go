package train

import (
	"context"
	"errors"
	"time"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/trial"
)

// ErrNoPace is the error of Pace where a step of training takes longer than the time that it may take.
var ErrNoPace = errors.New("a step of training takes too long to be measured")

// Pace measures how many multiply-accumulates of training a second this machine does on the networks of some trials, on the threads of the
// evaluator: by the shortest of a few steps of each, since other programs can only make one longer, in about the given time. It is for
// estimates only, and another number each time.
func (e *Evaluator) Pace(ctx context.Context, trials []trial.Trial, most time.Duration) (float64, error) {
	var macs int64
	var spent time.Duration
	begun := time.Now()
	for i, t := range trials {
		end := begun.Add(most * time.Duration(i+1) / time.Duration(len(trials)))
		m, d, err := e.pace(ctx, t, end)
		if err != nil {
			return 0, err
		}
		macs, spent = macs+m, spent+d
	}
	if spent <= 0 || macs == 0 {
		return 0, ErrNoPace
	}
	return float64(macs) / spent.Seconds(), nil
}

// pace makes steps of one training until a time, and returns what the shortest of them, the first left out, did and took.
func (e *Evaluator) pace(ctx context.Context, t trial.Trial, end time.Time) (macs int64, spent time.Duration, err error) {
	g, err := e.network(t)
	if err != nil {
		return 0, 0, err
	}
	if foretold := float64(trainingMACs(g, e.Settings().Batch)) / macsPerSecond; time.Now().Add(time.Duration(2 * foretold * float64(time.Second))).After(end) {
		return 0, 0, nil
	}
	r, err := e.newRun(t, g, trial.Silent)
	if err != nil {
		return 0, 0, err
	}
	defer r.model.Close()
	steps := 0
	for epoch := 1; ; epoch++ {
		before := time.Now()
		for b := range r.train.Epoch(epoch) {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
			_, err := r.forward(b)
			if err != nil {
				if _, diverged := errors.AsType[*model.DivergedError](err); diverged {
					return macs, spent, nil
				}
				return 0, 0, err
			}
			r.optimiser.Step()
			now := time.Now()
			if took := now.Sub(before); steps > 0 && (spent == 0 || took < spent) {
				macs, spent = r.macs*int64(b.Len()), took
			}
			steps++
			if before = now; now.After(end) {
				return macs, spent, nil
			}
		}
	}
}
