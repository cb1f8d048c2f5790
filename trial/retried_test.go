package trial_test

import (
	"context"
	"errors"
	"fmt"
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

func TestAPreemptedTrialIsEvaluatedAgainAtOnce(t *testing.T) {
	preempted := answer{result: trial.Result{Status: trial.Preempted, Worker: "spot"}}
	inner := &scripted{answers: []answer{preempted, preempted, {err: errMachine}, preempted, {result: trial.Result{Status: trial.OK}}}}
	r, err := trial.NewRetried(inner, 2, 0).Evaluate(context.Background(), good(t), trial.Silent)
	if err != nil || r.Status != trial.OK || r.Attempt != 5 {
		t.Errorf("%+v, %v", r, err)
	}
	inner = &scripted{answers: []answer{preempted}}
	_, err = trial.NewRetried(inner, 2, time.Hour).Evaluate(context.Background(), good(t), trial.Silent)
	var broken *trial.BrokenError
	if !errors.As(err, &broken) || broken.Worker != "spot" || len(inner.seeds) != 100 {
		t.Errorf("after %d preemptions the error is %v", len(inner.seeds), err)
	}
}

func TestCancellingEndsPreemptions(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	inner := trial.Func(func(context.Context, trial.Trial, func(trial.Progress)) (trial.Result, error) {
		if calls++; calls == 3 {
			cancel()
		}
		return trial.Result{Status: trial.Preempted}, nil
	})
	if _, err := trial.NewRetried(inner, 2, 0).Evaluate(ctx, good(t), trial.Silent); !errors.Is(err, context.Canceled) || calls != 3 {
		t.Errorf("after %d calls the error is %v", calls, err)
	}
}

func TestAnErrorThatEveryAttemptWouldMeetIsNotRetried(t *testing.T) {
	inner := &scripted{answers: []answer{{err: fmt.Errorf("no such option: %w", trial.ErrUnrepeatable)}}}
	_, err := trial.NewRetried(inner, 5, time.Hour).Evaluate(context.Background(), good(t), trial.Silent)
	if !errors.Is(err, trial.ErrUnrepeatable) || len(inner.seeds) != 1 || strings.Contains(err.Error(), "attempts") {
		t.Errorf("after %d attempts the error is %v", len(inner.seeds), err)
	}
}

func TestAttemptsOfTheEvaluatorItselfAreCounted(t *testing.T) {
	inner := &scripted{answers: []answer{{err: errMachine}, {result: trial.Result{Status: trial.OK, Attempt: 3}}}}
	if r, err := trial.NewRetried(inner, 2, 0).Evaluate(context.Background(), good(t), trial.Silent); err != nil || r.Attempt != 4 {
		t.Errorf("one attempt and three within one: %d, %v", r.Attempt, err)
	}
}

func TestABrokenMachineNamesItself(t *testing.T) {
	err := error(&trial.BrokenError{Worker: "board-3", Err: errMachine})
	if err.Error() != "board-3: the machine is gone" || !errors.Is(err, errMachine) {
		t.Errorf("the error is %v", err)
	}
	if here := (&trial.BrokenError{Err: errMachine}).Error(); here != "the machine is gone" {
		t.Errorf("here it is %q", here)
	}
}
