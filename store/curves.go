package store

import "github.com/trellis-nas/trellis/trial"

// Curve is the learning curve of one metric of one trial.
type Curve struct {
	Trial  trial.ID
	Epochs []int // ascending, from 1
	Values []float64
}

// Curves returns the learning curve of a metric for every finished trial of a phase that has one.
func (h *History) Curves(phase trial.Phase, metric string) []Curve {
	var out []Curve
	for _, e := range h.Of(phase) {
		c := Curve{Trial: e.Trial.ID}
		for _, p := range e.Result.Curve {
			if x, ok := p.Metrics.Get(metric); ok {
				c.Epochs = append(c.Epochs, p.Epoch)
				c.Values = append(c.Values, x)
			}
		}
		if len(c.Epochs) > 0 {
			out = append(out, c)
		}
	}
	return out
}
