package draw

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// ticks places marks at round values and writes them with k, M, G or %.
type ticks struct{ axis Axis }

// Ticks returns the marks of a range.
func (t ticks) Ticks(low, high float64) []plot.Tick {
	if t.axis.Log && high/low > 2 {
		return t.logarithmic(low, high)
	}
	return t.linear(low, high)
}

func (t ticks) linear(low, high float64) []plot.Tick {
	const wanted = 6
	step := roundStep((high - low) / wanted)
	var out []plot.Tick
	first, last := int64(math.Ceil(low/step-1e-9)), int64(math.Floor(high/step+1e-9))
	for i := first; i <= last; i++ {
		v := float64(i) * step
		out = append(out, plot.Tick{Value: v, Label: t.label(v, step, math.Max(math.Abs(low), math.Abs(high)))})
	}
	return out
}

// logarithmic marks powers of ten, and between them 2 and 5 where there are few; all other digits are minor marks.
func (t ticks) logarithmic(low, high float64) []plot.Tick {
	decades := math.Log10(high / low)
	named := map[int]bool{1: true}
	if decades < 3.5 {
		named[2], named[5] = true, true
	}
	if decades < 0.8 {
		named[3], named[7] = true, true
	}
	every := max(1, int(math.Ceil(decades/8)))
	var out []plot.Tick
	for exponent := int(math.Floor(math.Log10(low))); exponent <= int(math.Ceil(math.Log10(high))); exponent++ {
		for digit := 1; digit <= 9; digit++ {
			v := float64(digit) * math.Pow10(exponent)
			if v < low || v > high {
				continue
			}
			tick := plot.Tick{Value: v}
			if named[digit] && exponent%every == 0 {
				tick.Label = t.label(v, v, v)
			}
			out = append(out, tick)
		}
	}
	return out
}

// roundStep returns the least of 1, 2, 2.5, 5 times a power of ten that is not below a step.
func roundStep(step float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(step))))
	for _, digit := range []float64{1, 2, 2.5, 5} {
		if digit*power >= step*(1-1e-9) {
			return digit * power
		}
	}
	return 10 * power
}

// label writes a value with as many decimals as the step needs, in the unit that suits the largest value.
func (t ticks) label(v, step, largest float64) string {
	if t.axis.Percent {
		return decimals(v*100, step*100) + "%"
	}
	unit, suffix := 1.0, ""
	for _, u := range []struct {
		unit   float64
		suffix string
	}{{1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}} {
		if largest >= u.unit*(1-1e-9) {
			unit, suffix = u.unit, u.suffix
		}
	}
	if v == 0 {
		return "0"
	}
	return decimals(v/unit, step/unit) + suffix
}

// decimals writes a multiple of a step with the fewest decimals that keep it exact, at most nine.
func decimals(v, step float64) string {
	for n := 0; n < 9; n++ {
		scaled := step * math.Pow10(n)
		if math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return strconv.FormatFloat(v, 'f', n, 64)
		}
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
