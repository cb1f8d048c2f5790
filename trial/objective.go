package trial

import (
	"fmt"
	"strings"
)

// Objective is a metric to make as small or as large as possible.
type Objective struct {
	Metric   string `json:"metric"`
	Maximise bool   `json:"maximise"`
}

// String returns "maximise accuracy" or "minimise macs".
func (o Objective) String() string {
	if o.Maximise {
		return "maximise " + o.Metric
	}
	return "minimise " + o.Metric
}

// Objectives are the objectives of a study, the most important first: where one number has to decide, the first does.
type Objectives []Objective

// Check says what is wrong with the objectives: there must be one at least and no metric twice.
func (os Objectives) Check() error {
	if len(os) == 0 {
		return fmt.Errorf("a study needs at least one objective")
	}
	for i, o := range os {
		if o.Metric == "" {
			return fmt.Errorf("objective %d names no metric", i+1)
		}
		for _, earlier := range os[:i] {
			if earlier.Metric == o.Metric {
				return fmt.Errorf("metric %s is an objective twice", o.Metric)
			}
		}
	}
	return nil
}

// Vector returns the objectives' values of a result, all minimised: those to maximise are negated. It reports false if
// the trial failed or lacks one of the metrics.
func (os Objectives) Vector(r Result) ([]float64, bool) {
	if r.Status != OK {
		return nil, false
	}
	v := make([]float64, len(os))
	for i, o := range os {
		x, ok := r.Metrics.Get(o.Metric)
		if !ok {
			return nil, false
		}
		if o.Maximise {
			x = -x
		}
		v[i] = x
	}
	return v, true
}

// Missing returns the metrics that the objectives name and ms lacks.
func (os Objectives) Missing(ms Metrics) []string {
	var names []string
	for _, o := range os {
		if _, ok := ms.Get(o.Metric); !ok {
			names = append(names, o.Metric)
		}
	}
	return names
}

// String joins the objectives with commas.
func (os Objectives) String() string {
	parts := make([]string, len(os))
	for i, o := range os {
		parts[i] = o.String()
	}
	return strings.Join(parts, ", ")
}
