package trial

import (
	"fmt"
)

// StoppingRule ends a trial before it has used its amount, by its learning curve alone. The rule is fixed when the trial is proposed, so that
// what a trial does never depends on which others happen to have finished meanwhile. The zero value never stops.
type StoppingRule struct {
	Metric   string `json:"metric,omitempty"` // of the points of the curve
	Maximise bool   `json:"maximise,omitempty"`
	// Bars are values that the best of the curve so far must reach at an amount, in ascending order of the amounts. The median
	// rule sets them to the medians of the running averages of earlier trials (Golovin et al., Google Vizier, 2017).
	Bars []Bar `json:"bars,omitempty"`
	// Patience is how many points may bring nothing better than all before them; 0 is any number.
	Patience int    `json:"patience,omitempty"`
	Name     string `json:"name,omitempty"` // of the rule that set the bars, as "median"
}

// Bar is the value to be reached at an amount.
type Bar struct {
	Amount int     `json:"amount"`
	Value  float64 `json:"value"`
}

// Stop says why a trial ended early.
type Stop struct {
	Rule   string `json:"rule"`   // as "median" or "patience"
	Amount int    `json:"amount"` // at which it ended
	// Value is the best of the curve by then, and Bar what it had to reach, where there was a bar.
	Value float64  `json:"value"`
	Bar   *float64 `json:"bar,omitempty"`
	// Forecast is the final value that the rule expected, where it makes forecasts.
	Forecast *float64 `json:"forecast,omitempty"`
}

// String returns a sentence for people.
func (s Stop) String() string {
	switch {
	case s.Bar != nil:
		return fmt.Sprintf("stopped by the %s rule at %d: %.6g, and %.6g was to be reached", s.Rule, s.Amount, s.Value, *s.Bar)
	case s.Forecast != nil:
		return fmt.Sprintf("stopped by the %s rule at %d: %.6g was expected in the end", s.Rule, s.Amount, *s.Forecast)
	}
	return fmt.Sprintf("stopped by %s at %d: nothing better than %.6g", s.Rule, s.Amount, s.Value)
}

// Active reports whether the rule can stop anything.
func (r StoppingRule) Active() bool { return r.Metric != "" && (len(r.Bars) > 0 || r.Patience > 0) }

// Decide looks at a curve up to its last point and reports whether the trial ends there. An evaluator that honours rules asks it after each
// point. Points without the metric are passed over.
func (r StoppingRule) Decide(curve []Point) (Stop, bool) {
	if !r.Active() || len(curve) == 0 {
		return Stop{}, false
	}
	var best float64
	found, since, last := false, 0, 0
	for _, p := range curve {
		x, ok := p.Metrics.Get(r.Metric)
		if !ok {
			continue
		}
		last = p.Amount
		if !found || r.better(x, best) {
			best, found, since = x, true, 0
			continue
		}
		since++
	}
	if !found || last != curve[len(curve)-1].Amount {
		return Stop{}, false
	}
	for _, b := range r.Bars {
		if b.Amount == last && r.better(b.Value, best) {
			return Stop{Rule: r.Name, Amount: last, Value: best, Bar: &b.Value}, true
		}
	}
	if r.Patience > 0 && since >= r.Patience {
		return Stop{Rule: "patience", Amount: last, Value: best}, true
	}
	return Stop{}, false
}

func (r StoppingRule) better(a, b float64) bool {
	if r.Maximise {
		return a > b
	}
	return a < b
}
