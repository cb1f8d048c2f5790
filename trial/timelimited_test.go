package trial_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/trial"
)

func TestATimeLimitedEvaluatorIsAnEvaluator(t *testing.T) {
	conform.Evaluator(t, landscapeTrials(t), func(testing.TB) trial.Evaluator { return trial.NewTimeLimited(landscape, time.Hour) })
}

// patient takes a time, unless it is cancelled.
func patient(d time.Duration) trial.Evaluator {
	return trial.Func(func(ctx context.Context, t trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
		select {
		case <-ctx.Done():
			return trial.Result{}, ctx.Err()
		case <-time.After(d):
			return trial.Result{Trial: t.ID, Arch: t.Arch, Status: trial.OK}, nil
		}
	})
}

func TestATrialOverItsTimeLimitFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := good(t)
		r, err := trial.NewTimeLimited(patient(time.Hour), time.Minute).Evaluate(context.Background(), x, trial.Silent)
		if err != nil || r.Status != trial.Failed || !strings.Contains(r.Reason, "time limit of 1m0s") {
			t.Errorf("%+v, %v", r, err)
		}
		if r.Trial != x.ID || r.Arch != x.Arch || r.Spent.WallSeconds != 60 {
			t.Errorf("the failed result is %+v", r)
		}
	})
}

func TestATrialWithinItsTimeLimitIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := trial.NewTimeLimited(patient(time.Second), time.Minute).Evaluate(context.Background(), good(t), trial.Silent)
		if err != nil || r.Status != trial.OK {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestCancellingATimeLimitedTrialIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := trial.NewTimeLimited(patient(time.Hour), time.Minute).Evaluate(ctx, good(t), trial.Silent)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestAnErrorUnderATimeLimitIsNoFailure(t *testing.T) {
	inner := &scripted{answers: []answer{{err: errMachine}}}
	if _, err := trial.NewTimeLimited(inner, time.Hour).Evaluate(context.Background(), good(t), trial.Silent); !errors.Is(err, errMachine) {
		t.Errorf("the error is %v", err)
	}
}
