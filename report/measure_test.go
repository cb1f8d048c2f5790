package report

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/trial"
	"pgregory.net/rapid"
)

func TestDifferencesAreWrittenInTheUnitOfTheObjective(t *testing.T) {
	accuracy := measure{trial.MetricInfo{Name: "accuracy", Show: trial.ShowPercent}}
	latency, score := measure{trial.MetricInfo{Name: "latency", Unit: "ms"}}, measure{}
	for _, c := range []struct{ got, want string }{
		{accuracy.value(0.844055), "84.41%"}, {accuracy.change(0.0146489), "+1.46"}, {accuracy.change(-0.0008321), "-0.0832"}, {accuracy.change(0), "0"},
		{accuracy.difference(0.00632), "0.632 points"}, {accuracy.error(0.01999), "2.0"}, {accuracy.in("EFFECT"), "EFFECT (points)"}, {accuracy.effect(-0.0022, 0.0008, 2), "-0.22 ± 0.08"},
		{accuracy.effect(-0.00001, 0, 2), "0.00"}, {accuracy.effect(-0.00001, 0.00001, 2), "0.00 ± 0.00"},
		{latency.value(22.4), "22.4 ms"}, {latency.difference(-1.25), "1.25 ms"}, {latency.change(1.5), "+1.5"},
		{score.value(78.4048), "78.4048"}, {score.change(1200), "+1200"}, {score.in("EFFECT"), "EFFECT"}, {score.change(1e-9), "0"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// Nobody wants to read of -0.0%.
func TestNothingIsWrittenAsLessThanNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, places := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.IntRange(0, 6).Draw(t, "places")
		if s := fixed(x/1e4, places); strings.HasPrefix(s, "-") && !strings.ContainsAny(s, "123456789") {
			t.Errorf("%v is written %s", x, s)
		}
	})
}
