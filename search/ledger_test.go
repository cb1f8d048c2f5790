package search

import (
	"testing"

	"github.com/trellis-nas/trellis/trial"
)

func TestALullIsTheResultsAskedForAfterTheBest(t *testing.T) {
	l := ledger{problem: Problem{Objectives: trial.Objectives{{Metric: "loss"}}}}
	for range 6 {
		l.entries, l.proposals = append(l.entries, entry{}), append(l.proposals, len(l.proposals))
	}
	tell := func(id trial.ID, loss float64) {
		r := trial.Result{Trial: id, Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "loss", Value: loss})}
		if loss < 0 {
			r.Status = trial.Failed
		}
		l.tell([]trial.Result{r})
	}
	for i, step := range []struct {
		id   trial.ID
		loss float64 // below 0: it failed
		want int
	}{
		{0, -1, 1}, // nothing has succeeded
		{2, 5, 0},
		{1, 7, 0}, // asked for before
		{4, 6, 1},
		{5, -1, 2}, // 3 is under way and does not count
		{3, 4, 2},
	} {
		if tell(step.id, step.loss); l.since() != step.want {
			t.Errorf("step %d: %d results since the best, want %d", i, l.since(), step.want)
		}
	}
}
