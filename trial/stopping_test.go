package trial_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/trial"
)

func TestAStoppingRuleDecidesByTheCurveAlone(t *testing.T) {
	curve := func(values ...float64) (all []trial.Point) {
		for i, v := range values {
			all = append(all, point(i+1, v))
		}
		return all
	}
	up := trial.StoppingRule{Metric: "accuracy", Maximise: true, Name: "median", Bars: []trial.Bar{{Amount: 2, Value: 0.5}, {Amount: 4, Value: 0.7}}}
	down := trial.StoppingRule{Metric: "accuracy", Name: "median", Bars: []trial.Bar{{Amount: 2, Value: 0.5}}}
	patient := trial.StoppingRule{Metric: "accuracy", Maximise: true, Patience: 2}
	loss := trial.Point{Amount: 3, Metrics: trial.NewMetrics(trial.Metric{Name: "loss", Value: 1})}
	for name, c := range map[string]struct {
		rule  trial.StoppingRule
		curve []trial.Point
		stops bool
		want  string // part of the sentence
	}{
		"no rule":                                    {trial.StoppingRule{}, curve(0, 0, 0), false, ""},
		"a metric without bars or patience":          {trial.StoppingRule{Metric: "accuracy"}, curve(0, 0, 0), false, ""},
		"no curve yet":                               {up, nil, false, ""},
		"before the first bar":                       {up, curve(0.1), false, ""},
		"below a bar":                                {up, curve(0.1, 0.49), true, "by the median rule at 2: 0.49, and 0.5"},
		"at a bar":                                   {up, curve(0.1, 0.5), false, ""},
		"the best so far counts, not the last":       {up, curve(0.6, 0.1), false, ""},
		"between two bars":                           {up, curve(0.1, 0.1, 0.1), false, ""},
		"below a later bar":                          {up, curve(0.6, 0.6, 0.6, 0.69), true, "at 4: 0.69"},
		"minimised, above a bar":                     {down, curve(0.9, 0.51), true, "at 2: 0.51"},
		"minimised, below a bar":                     {down, curve(0.9, 0.3), false, ""},
		"nothing better for as long as patience":     {patient, curve(0.5, 0.4, 0.5), true, "by patience at 3: nothing better than 0.5"},
		"something better in time":                   {patient, curve(0.5, 0.4, 0.6), false, ""},
		"patience counts from the last improvement":  {patient, curve(0.5, 0.6, 0.5), false, ""},
		"a last point without the metric is no case": {patient, append(curve(0.5, 0.4), loss), false, ""},
		"points without the metric are passed over":  {patient, append(append(curve(0.5, 0.4), loss), point(4, 0.3)), true, "at 4"},
	} {
		stop, stops := c.rule.Decide(c.curve)
		if stops != c.stops {
			t.Errorf("%s: stops %v, want %v", name, stops, c.stops)
		}
		if stops && !strings.Contains(stop.String(), c.want) {
			t.Errorf("%s: it reads %q and should say %q", name, stop, c.want)
		}
	}
	forecast := 0.61
	if s := (trial.Stop{Rule: "curve", Amount: 3, Value: 0.5, Forecast: &forecast}).String(); s != "stopped by the curve rule at 3: 0.61 was expected in the end" {
		t.Errorf("a forecast reads %q", s)
	}
}
