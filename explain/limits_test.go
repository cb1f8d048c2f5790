package explain

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLimitsAreFewRoundNumbersFromTheLeastCostToTheGreatest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.Float64Range(1e-3, 1e9).Draw(t, "least")
		greatest := least * math.Pow(10, rapid.Float64Range(0.01, 5).Draw(t, "decades"))
		round, gap := roundLimits(least, greatest)
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
	round, gap := roundLimits(59_880, 1_370_000)
	if want := []float64{59_900, 70_000, 100_000, 150_000, 200_000, 300_000, 500_000, 700_000, 1_000_000, 1_370_000}; !near(round, want) || gap != 100_000 {
		t.Errorf("limits are %v and the gap is %v, want %v and 100,000", round, gap, want)
	}
	round, gap = roundLimits(121_278_672, 566_170_656)
	if want := []float64{122e6, 200e6, 300e6, 400e6, 500e6, 567e6}; !near(round, want) || gap != 10e6 {
		t.Errorf("limits are %v and the gap is %v, want %v and 10M", round, gap, want)
	}
}

func near(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b) })
}
