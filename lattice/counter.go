package lattice

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Counter says which options are counted: all that are called Option, of the decisions that Decision names: a name, a star and the end of
// names, or all if it is empty.
type Counter struct{ Decision, Option string }

// Count returns the metric that counts how often an architecture takes an option: "count(k5)", or "count(*.kernel=k5)". A decision that
// many places share counts once.
func Count(decision, option string) Metric {
	return Metric("count(" + Counter{decision, option}.String() + ")")
}

// counter returns what a metric counts, if it does.
func (m Metric) counter() (Counter, bool) {
	text, ok := strings.CutPrefix(string(m), "count(")
	if !ok || !strings.HasSuffix(text, ")") {
		return Counter{}, false
	}
	text = strings.TrimSuffix(text, ")")
	if at := strings.LastIndexByte(text, '='); at >= 0 {
		return Counter{text[:at], text[at+1:]}, true
	}
	return Counter{Option: text}, true
}

// String returns the text between the brackets of the metric.
func (c Counter) String() string {
	if c.Decision == "" {
		return c.Option
	}
	return c.Decision + "=" + c.Option
}

// share returns 1 if the counter counts a step, and else 0.
func (c Counter) share(s Step) int64 {
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

// blameCounter says what there would be to count.
func (l *Lattice) blameCounter(m Metric, c Counter) error {
	if m == Depth {
		return &MetricError{Metric: m, Reason: fmt.Sprintf("space %q has no part of free depth", l.space.Name())}
	}
	if c.Decision != "" && len(l.named(c.Decision)) == 0 {
		return &MetricError{Metric: m, Reason: l.noDecision(c.Decision)}
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

// meant reports whether a rule, a name or a star and the end of names, is about a name.
func meant(rule, name string) bool {
	end, star := strings.CutPrefix(rule, "*")
	return name == rule || star && strings.HasSuffix(name, end)
}
