package main

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/report"
)

func TestBudgetsAreFewRoundNumbersFromTheLeastCostToTheGreatest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.Float64Range(1e-3, 1e9).Draw(t, "least")
		greatest := least * math.Pow(10, rapid.Float64Range(0.01, 5).Draw(t, "decades"))
		round, gap := budgets(least, greatest)
		if n := len(round); n < 2 || n > 12 || !slices.IsSorted(round[1:n-1]) {
			t.Fatalf("from %v to %v: %v", least, greatest, round)
		}
		for _, x := range round {
			if digits := x / power(x) * 100; x < greatest && math.Abs(digits-math.Round(digits)) > 1e-6 {
				t.Errorf("%v has more than three digits", x)
			}
		}
		if first, last := round[0], round[len(round)-1]; first < least*(1-1e-9) || first > least*1.011 || last < greatest*(1-1e-9) || last > greatest*1.011 {
			t.Errorf("from %v to %v: %v", least, greatest, round)
		}
		if digits := math.Log10(gap); math.Abs(digits-math.Round(digits)) > 1e-9 || gap > greatest-least {
			t.Errorf("from %v to %v a gap of %v", least, greatest, gap)
		}
	})
	round, gap := budgets(59_880, 1_370_000)
	if want := []float64{59_900, 70_000, 100_000, 150_000, 200_000, 300_000, 500_000, 700_000, 1_000_000, 1_370_000}; !near(round, want) || gap != 100_000 {
		t.Errorf("budgets are %v and the gap is %v, want %v and 100,000", round, gap, want)
	}
	round, gap = budgets(121_278_672, 566_170_656)
	if want := []float64{122e6, 200e6, 300e6, 400e6, 500e6, 567e6}; !near(round, want) || gap != 10e6 {
		t.Errorf("budgets are %v and the gap is %v, want %v and 10M", round, gap, want)
	}
}

func near(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b) })
}

func TestDifferencesAreWrittenInTheUnitOfTheObjective(t *testing.T) {
	accuracy, latency, score := measure{name: "accuracy"}, measure{"latency", report.Units{"latency": "ms"}}, measure{}
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
