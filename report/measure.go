package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/trial"
)

// measure says how people write values of an objective or a score, and differences of them: shares in percent and in points, latency in
// ms, a score with as many digits as matter.
type measure struct {
	metric trial.MetricInfo // of the objective; without a name of a score
}

// measureOf is how the values of an explanation are written.
func measureOf(e explain.Explanation) measure {
	if e.Surrogate == nil {
		return measure{}
	}
	return measure{e.Surrogate.Metric}
}

// share reports whether values are shares.
func (m measure) share() bool { return m.metric.Show == trial.ShowPercent }

// value writes a value.
func (m measure) value(x explain.Figure) string {
	if m.metric.Name == "" {
		return strconv.FormatFloat(float64(x), 'g', 6, 64)
	}
	return m.metric.Format(float64(x))
}

// unit is what differences are in; empty if it has no name.
func (m measure) unit() string {
	switch {
	case m.share():
		return "points"
	case m.metric.Show == trial.ShowNumber:
		return m.metric.Unit
	}
	return ""
}

// axis is that of a picture.
func (m measure) axis() draw.Axis {
	label := m.metric.Name
	if unit := m.unit(); unit != "" && !m.share() {
		label += ", " + unit
	}
	return draw.Axis{Label: label, Percent: m.share()}
}

// in is the unit of differences behind a word, as "EFFECT (points)".
func (m measure) in(word string) string {
	if m.unit() == "" {
		return word
	}
	return word + " (" + m.unit() + ")"
}

// scaled is a difference in its unit.
func (m measure) scaled(x explain.Figure) float64 {
	if m.share() {
		return 100 * float64(x)
	}
	return float64(x)
}

// change writes a difference alone, with three digits and without its unit: "+1.46", "-0.0832", "0".
func (m measure) change(x explain.Figure) string { return plussed(Significant(m.scaled(x), 3)) }

// difference writes how far apart two values are, with its unit: "0.44 points", "1.2 ms".
func (m measure) difference(x explain.Figure) string {
	return strings.TrimRight(Significant(math.Abs(m.scaled(x)), 3)+" "+m.unit(), " ")
}

// error writes a standard error with two digits and without its unit: "0.63", "2.0".
func (m measure) error(x explain.Figure) string {
	of := math.Abs(m.scaled(x))
	return fixed(of, decimals(of, 2))
}

// decimals is with how many decimals a difference has so many digits.
func (m measure) decimals(x explain.Figure, digits int) int { return decimals(m.scaled(x), digits) }

// effect writes a difference with so many decimals, and its standard error if it has one: "-0.22 ± 0.08".
func (m measure) effect(x, deviation explain.Figure, decimals int) string {
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

// Significant writes a number with so many digits, as far as they matter.
func Significant(x float64, digits int) string {
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
