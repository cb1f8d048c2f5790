package train_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func TestThePaceOfAMachineIsMeasuredOnTrialsAndDisturbsNone(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Batch: 32}, 1)
	one := trial.Trial{Fidelity: trial.Full(1), Seed: 1}
	before := evaluate(t, e, one)
	pace, err := e.Pace(t.Context(), []trial.Trial{one, one}, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if !(pace > 0 && pace < 1e15) {
		t.Errorf("%v MACs are trained a second", pace)
	}
	after := evaluate(t, e, one)
	if got, want := metric(t, after.Metrics, "loss"), metric(t, before.Metrics, "loss"); got != want {
		t.Errorf("a trial has a loss of %v after the measurement, %v before", got, want)
	}
	if _, err := e.Pace(t.Context(), []trial.Trial{one}, 0); !errors.Is(err, train.ErrNoPace) {
		t.Errorf("a pace in no time: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Pace(cancelled, []trial.Trial{one}, time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("a pace that is cancelled: %v", err)
	}
}
