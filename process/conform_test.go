package process_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/trial"
)

func TestAProgramIsAnEvaluator(t *testing.T) {
	xs := trials(t, 4)
	bad := xs[3]
	bad.Seed = 666
	short := xs[1]
	short.ID, short.Fidelity = 9, trial.Full(2)
	conform.Evaluator(t, conform.Trials{Good: xs[:3], Bad: &bad, Stops: true, Pairs: [][2]trial.Trial{{short, xs[1]}}},
		func(t testing.TB) trial.Evaluator {
			c := config(t, "good")
			c.Workers = 2
			return open(t, c)
		})
}
