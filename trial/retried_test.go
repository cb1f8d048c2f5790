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

var errMachine = errors.New("the machine is gone")

func TestARetriedEvaluatorIsAnEvaluator(t *testing.T) {
	conform.Evaluator(t, landscapeTrials(t), func(testing.TB) trial.Evaluator { return trial.NewRetried(landscape, 3, time.Hour) })
}

func TestAnErrorIsRetriedWithADoublingPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &scripted{answers: []answer{{err: errMachine}, {err: errMachine}, {result: trial.Result{Status: trial.OK}}}}
		start := time.Now()
		r, err := trial.NewRetried(inner, 3, time.Minute).Evaluate(context.Background(), good(t), trial.Silent)
		if err != nil || r.Status != trial.OK {
			t.Fatalf("%+v, %v", r, err)
		}
		if waited := time.Since(start); waited != 3*time.Minute {
			t.Errorf("two pauses took %v", waited)
		}
	})
}

func TestTheLastErrorIsReturnedWithTheNumberOfAttempts(t *testing.T) {
	inner := &scripted{answers: []answer{{err: errMachine}}}
	_, err := trial.NewRetried(inner, 3, 0).Evaluate(context.Background(), good(t), trial.Silent)
	if !errors.Is(err, errMachine) || !strings.Contains(err.Error(), "after 3 attempts") || len(inner.seeds) != 3 {
		t.Errorf("after %d attempts the error is %v", len(inner.seeds), err)
	}
}

func TestAFailedTrialIsNotRetried(t *testing.T) {
	inner := &scripted{answers: []answer{{result: trial.Result{Status: trial.Failed, Reason: "diverged"}}, {err: errMachine}}}
	r, err := trial.NewRetried(inner, 3, 0).Evaluate(context.Background(), good(t), trial.Silent)
	if err != nil || r.Status != trial.Failed || len(inner.seeds) != 1 {
		t.Errorf("%d attempts, %+v, %v", len(inner.seeds), r, err)
	}
}

func TestCancellingEndsThePauseAndIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		inner := &scripted{answers: []answer{{err: errMachine}}}
		_, err := trial.NewRetried(inner, 3, time.Hour).Evaluate(ctx, good(t), trial.Silent)
		if !errors.Is(err, context.DeadlineExceeded) || len(inner.seeds) != 1 {
			t.Errorf("%d attempts, %v", len(inner.seeds), err)
		}
	})
}
