package store

import "github.com/trellis-nas/trellis/trial"

// Curve is the learning curve of one metric of one trial.
type Curve struct {
	Trial   trial.ID
	Amounts []int // of the evaluator's resource, ascending, from 1
	Values  []float64
}

// Curves returns the learning curve of a metric for every finished trial of a stage that has one.
func (h *History) Curves(stage string, metric string) []Curve {
	var out []Curve
	for _, e := range h.Of(stage) {
		c := Curve{Trial: e.Trial.ID}
		for _, p := range e.Result.Curve {
			if x, ok := p.Metrics.Get(metric); ok {
				c.Amounts = append(c.Amounts, p.Amount)
				c.Values = append(c.Values, x)
			}
		}
		if len(c.Amounts) > 0 {
			out = append(out, c)
		}
	}
	return out
}
