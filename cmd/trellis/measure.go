package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/report"
)

// measure says how people write values of an objective or a score, and differences of them: accuracy in percent and in points, latency in
// ms, a score with as many digits as matter.
type measure struct {
	name  string // of the objective; empty of a score
	units report.Units
}

// percentages is the objective whose values are written in percent and whose differences in points.
const percentages = "accuracy"

// value writes a value.
func (m measure) value(x figure) string {
	if m.name == "" {
		return number(float64(x))
	}
	return m.units.Format(m.name, float64(x))
}

// unit is what differences are in; empty if it has no name.
func (m measure) unit() string {
	if m.name == percentages {
		return "points"
	}
	return m.units[m.name]
}

// axis is that of a picture.
func (m measure) axis() draw.Axis {
	label := m.name
	if unit := m.units[m.name]; unit != "" {
		label += ", " + unit
	}
	return draw.Axis{Label: label, Percent: m.name == percentages}
}

// in is the unit of differences behind a word, as "EFFECT (points)".
func (m measure) in(word string) string {
	if m.unit() == "" {
		return word
	}
	return word + " (" + m.unit() + ")"
}

// scaled is a difference in its unit.
func (m measure) scaled(x figure) float64 {
	if m.name == percentages {
		return 100 * float64(x)
	}
	return float64(x)
}

// change writes a difference alone, with three digits and without its unit: "+1.46", "-0.0832", "0".
func (m measure) change(x figure) string { return plussed(significant(m.scaled(x), 3)) }

// difference writes how far apart two values are, with its unit: "0.44 points", "1.2 ms".
func (m measure) difference(x figure) string {
	return strings.TrimRight(significant(math.Abs(m.scaled(x)), 3)+" "+m.unit(), " ")
}

// error writes a standard error with two digits and without its unit: "0.63", "2.0".
func (m measure) error(x figure) string {
	of := math.Abs(m.scaled(x))
	return fixed(of, decimals(of, 2))
}

// decimals is with how many decimals a difference has so many digits.
func (m measure) decimals(x figure, digits int) int { return decimals(m.scaled(x), digits) }

// effect writes a difference with so many decimals, and its standard error if it has one: "-0.22 ± 0.08".
func (m measure) effect(x, deviation figure, decimals int) string {
	s := plussed(fixed(m.scaled(x), decimals))
	if deviation > 0 {
		s += " ± " + fixed(m.scaled(deviation), decimals)
	}
	return s
}

// plussed writes a plus before what is above 0.
func plussed(s string) string {
	if strings.HasPrefix(s, "-") || !strings.ContainsAny(s, "123456789") {
		return s
	}
	return "+" + s
}

// fixed writes a number with so many decimals, and what rounds to 0 without a sign.
func fixed(x float64, decimals int) string {
	s := fmt.Sprintf("%.*f", decimals, x)
	if !strings.ContainsAny(s, "123456789") {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// significant writes a number with so many digits, as far as they matter.
func significant(x float64, digits int) string {
	s := fixed(x, decimals(x, digits))
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// decimals is with how many decimals, at most six, a number has so many digits.
func decimals(x float64, digits int) int {
	const most = 6
	if x == 0 {
		return 0
	}
	return max(0, min(most, digits-1-int(math.Floor(math.Log10(math.Abs(x))))))
}
