package main

import (
	"fmt"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// lead is the best trial so far in one objective; of equals the first.
type lead struct {
	known  bool
	metric string
	value  float64
	trial  trial.ID
	units  report.Units
}

// take looks at a trial that kept the constraints.
func (l *lead) take(o trial.Objective, e store.Entry, units report.Units) {
	x, ok := e.Result.Metrics.Get(o.Metric)
	if !ok || l.known && (x == l.value || x > l.value != o.Maximise) {
		return
	}
	*l = lead{true, o.Metric, x, e.Trial.ID, units}
}

// String is as "accuracy 91.25% (trial 7)".
func (l lead) String() string {
	return fmt.Sprintf("%s %s (trial %d)", l.metric, l.units.Format(l.metric, l.value), l.trial)
}
