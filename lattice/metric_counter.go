package lattice

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// OptionCounter names the options that a metric counts: all that are called Option, of the decisions that Decision names: a name, a star and the end of
// names, or all if it is empty.
type OptionCounter struct{ Decision, Option string }

// OptionCount returns the metric that counts how often an architecture takes an option: "count(k5)", or "count(*.kernel=k5)". A decision that
// many places share counts once.
func OptionCount(decision, option string) Metric {
	return Metric("count(" + OptionCounter{decision, option}.String() + ")")
}

// counter returns what a metric counts, if it does.
func (m Metric) counter() (OptionCounter, bool) {
	text, ok := strings.CutPrefix(string(m), "count(")
	if !ok || !strings.HasSuffix(text, ")") {
		return OptionCounter{}, false
	}
	text = strings.TrimSuffix(text, ")")
	if at := strings.LastIndexByte(text, '='); at >= 0 {
		return OptionCounter{text[:at], text[at+1:]}, true
	}
	return OptionCounter{Option: text}, true
}

// IsCounter reports whether the metric is [Depth] or one made by [OptionCount].
func (m Metric) IsCounter() bool {
	_, ok := m.counter()
	return ok || m == Depth
}

// CounterRange returns the least and the greatest number of a counter over all architectures. It is an error if the metric is no counter,
// and a [*MetricError] if no step of the lattice adds to it.
func (l *Lattice) CounterRange(m Metric) (least, most int64, err error) {
	if !m.IsCounter() {
		return 0, 0, fmt.Errorf("%q is no counter; there are %s and %s", string(m), Depth, OptionCount("", "OPTION"))
	}
	share := m.share()
	if !l.counts(share) {
		c, _ := m.counter()
		return 0, 0, l.counterError(m, c)
	}
	number := func(s Step) float64 { return float64(share(s)) }
	return int64(Fold(l, MinPlus{}, number)), int64(Fold(l, MaxPlus{}, number)), nil
}

// String returns the text between the brackets of the metric.
func (c OptionCounter) String() string {
	if c.Decision == "" {
		return c.Option
	}
	return c.Decision + "=" + c.Option
}

// share returns 1 if the counter counts a step, and else 0.
func (c OptionCounter) share(s Step) int64 {
	if !s.Fixed && s.Option == c.Option && (c.Decision == "" || meant(c.Decision, s.Decision)) {
		return 1
	}
	return 0
}

// depthShare is the number at the end of the label of a decision called depth.
func depthShare(s Step) int64 {
	if s.Decision != depthName && !strings.HasSuffix(s.Decision, "."+depthName) {
		return 0
	}
	n, scale := int64(0), int64(1)
	for i := len(s.Option) - 1; i >= 0 && '0' <= s.Option[i] && s.Option[i] <= '9' && scale < 1e9; i-- {
		n += scale * int64(s.Option[i]-'0')
		scale *= 10
	}
	return n
}

// counts reports whether some step has a share.
func (l *Lattice) counts(share func(Step) int64) bool {
	some := false
	l.eachStep(func(item, at int32) { some = some || share(l.step(item, at)) != 0 })
	return some
}

// counterError says what there would be to count.
func (l *Lattice) counterError(m Metric, c OptionCounter) error {
	if m == Depth {
		return &MetricError{Metric: m, Reason: fmt.Sprintf("space %q has no part of free depth", l.space.Name())}
	}
	if c.Decision != "" {
		if _, err := l.DecisionsOf(c.Decision); err != nil {
			return &MetricError{Metric: m, Reason: err.Error()}
		}
	}
	var options []string
	seen := map[string]bool{}
	for _, d := range l.decisions {
		for _, o := range d.Options {
			if !seen[o] && (c.Decision == "" || meant(c.Decision, d.Name)) {
				seen[o] = true
				options = append(options, o)
			}
		}
	}
	return &MetricError{Metric: m, Reason: fmt.Sprintf("no such decision of space %q has an option %q; %s", l.space.Name(), c.Option, nearest.Advice(c.Option, options))}
}

// WithMetric returns the lattice with the depth or a counter as a metric of its own, which makes repeated calls of [Lattice.Cost] cheap:
// without it every call counts from the start. A metric that the lattice has already changes nothing. It is an error if no step adds to
// the counter, or if the lattice has as many metrics as it can hold (see [Lattice.WithCosts]).
func (l *Lattice) WithMetric(m Metric) (*Lattice, error) {
	out, _, err := l.withComponent(m)
	return out, err
}
