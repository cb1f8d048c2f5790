package draw

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func labels(a Axis, low, high float64) []string {
	var out []string
	for _, t := range (ticks{a}).Ticks(low, high) {
		if !t.IsMinor() {
			out = append(out, t.Label)
		}
	}
	return out
}

func TestTicksStandAtRoundValues(t *testing.T) {
	for _, c := range []struct {
		axis      Axis
		low, high float64
		want      []string
	}{
		{Axis{}, 0, 100, []string{"0", "20", "40", "60", "80", "100"}},
		{Axis{}, -0.5, 1, []string{"-0.50", "-0.25", "0", "0.25", "0.50", "0.75", "1.00"}},
		{Axis{}, 0, 125000, []string{"0", "25k", "50k", "75k", "100k", "125k"}},
		{Axis{}, 900000, 2.1e6, []string{"1.0M", "1.2M", "1.4M", "1.6M", "1.8M", "2.0M"}},
		{Axis{Percent: true}, 0.895, 0.925, []string{"89.5%", "90.0%", "90.5%", "91.0%", "91.5%", "92.0%", "92.5%"}},
		{Axis{Percent: true}, 0, 0.31, []string{"0%", "10%", "20%", "30%"}},
		{Axis{Log: true}, 9e4, 1.1e7, []string{"100k", "200k", "500k", "1M", "2M", "5M", "10M"}},
		{Axis{Log: true}, 1, 1e6, []string{"1", "10", "100", "1k", "10k", "100k", "1M"}},
		{Axis{Log: true}, 1.5e6, 4e6, []string{"2M", "3M"}},
		{Axis{Log: true}, 1e6, 1.5e6, []string{"1.0M", "1.1M", "1.2M", "1.3M", "1.4M", "1.5M"}},
		{Axis{Log: true}, 0.001, 0.1, []string{"0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1"}},
	} {
		if got := labels(c.axis, c.low, c.high); !slices.Equal(got, c.want) {
			t.Errorf("%+v from %v to %v has the ticks %q; want %q", c.axis, c.low, c.high, got, c.want)
		}
	}
}

func TestTicksOfAnyRangeAreFewDistinctAndInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		axis := Axis{Log: rapid.Bool().Draw(t, "log"), Percent: rapid.Bool().Draw(t, "percent")}
		low := math.Pow(10, rapid.Float64Range(-4, 11).Draw(t, "low"))
		high := low * math.Pow(10, rapid.Float64Range(0.01, 6).Draw(t, "decades"))
		if !axis.Log && rapid.Bool().Draw(t, "negative") {
			low = -low
		}
		got := labels(axis, low, high)
		if len(got) < 1 || len(got) > 13 {
			t.Fatalf("%+v from %v to %v has %d labels: %q", axis, low, high, len(got), got)
		}
		for i, l := range got {
			if slices.Contains(got[:i], l) {
				t.Fatalf("%+v from %v to %v has the label %q twice: %q", axis, low, high, l, got)
			}
		}
		for _, tick := range (ticks{axis}).Ticks(low, high) {
			if tick.Value < low-1e-6*math.Abs(low) || tick.Value > high*(1+1e-6) {
				t.Fatalf("%v is outside %v to %v", tick.Value, low, high)
			}
		}
	})
}
