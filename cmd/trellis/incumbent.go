package main

import (
	"fmt"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// incumbent is the best trial so far in one objective; of equals the first.
type incumbent struct {
	known  bool
	metric trial.MetricInfo
	value  float64
	trial  trial.ID
}

// observe takes in a trial that kept the constraints.
func (b *incumbent) observe(o trial.Objective, e store.Entry, infos trial.MetricInfos) {
	x, ok := e.Result.Metrics.Get(o.Metric)
	if !ok || b.known && (x == b.value || x > b.value != o.Maximise) {
		return
	}
	*b = incumbent{true, infos.Of(o.Metric), x, e.Trial.ID}
}

// String is as "accuracy 91.25% (trial 7)".
func (b incumbent) String() string {
	return fmt.Sprintf("%s %s (trial %d)", b.metric.Name, b.metric.Format(b.value), b.trial)
}
