package lattice

import (
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/network"
)

// Metric names a cost that adds up along a path, or [Memory], of which the greatest along the path counts.
//
// Besides [Params] and [MACs] every lattice has the counters [Depth] and [OptionCount]; a lattice made by [Lattice.WithCosts] has further ones.
type Metric string

// The metrics of every lattice.
const (
	Params Metric = "params" // trained numbers of the network
	MACs   Metric = "macs"   // multiply-accumulate operations of one sample
	Memory Metric = "memory" // the most bytes of activations alive at once, see network.Graph.PeakMemory
	Depth  Metric = "depth"  // blocks of all parts of free depth: the sum of the numbers of the decisions that are called depth
)

// NamedMetrics returns the names of the metrics of every lattice, which no cost file may take: the one place that lists them.
func NamedMetrics() []string {
	return []string{string(Params), string(MACs), string(Memory), string(Depth)}
}

// Named reports whether the metric is one of NamedMetrics.
func (m Metric) Named() bool { return slices.Contains(NamedMetrics(), string(m)) }

// Unlimited is the Max of a [Limit] from below only.
const Unlimited = math.MaxInt64

// Limit is a budget: at least Min and at most Max of Metric. A Max of 0 means at most none; without an upper bound it is [Unlimited].
type Limit struct {
	Metric Metric
	Max    int64
	Min    int64             // no cost is below 0
	of     *metricDefinition // how amounts are written; nil as people make it
}

// AtMost returns the limit of at most n.
func AtMost(m Metric, n int64) Limit { return Limit{Metric: m, Max: n} }

// AtLeast returns the limit of at least n, which every architecture keeps if n is 0.
func AtLeast(m Metric, n int64) Limit { return Limit{Metric: m, Min: n, Max: Unlimited} }

// unlimited reports whether there is no upper bound.
func (l Limit) unlimited() bool { return l.Max == Unlimited }

// String returns the limit as a person would say it: "at most 100,000 params", "at least 8 blocks".
func (l Limit) String() string {
	switch {
	case l.unlimited():
		return "at least " + l.amount(l.Min)
	case l.Min > 0:
		return "at least " + l.amount(l.Min) + " and at most " + l.amount(l.Max)
	}
	return "at most " + l.amount(l.Max)
}

// bound returns the number of a limit that has one.
func (l Limit) bound() int64 {
	if l.unlimited() {
		return l.Min
	}
	return l.Max
}

// amount writes so much of the metric.
func (l Limit) amount(n int64) string {
	if l.of != nil {
		return l.of.amount(n)
	}
	return (&metricDefinition{metric: l.Metric}).amount(n)
}

// digits writes a number with a comma before every three digits.
func digits(n int64) string {
	text := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}

// The components of costs: params and MACs, and further metrics up to a number.
const (
	builtInMetrics = 2
	maxMetrics     = 8
)

// costs holds a value for each metric of a lattice.
type costs [maxMetrics]int64

func costsOf(c network.Cost) costs { return costs{c.Params, c.MACs} }

func (c costs) with(component int, value int64) costs {
	c[component] = value
	return c
}

func (c costs) plus(d costs) costs {
	for m := range c {
		c[m] += d[m]
	}
	return c
}

func (c costs) minus(d costs) costs {
	for m := range c {
		c[m] -= d[m]
	}
	return c
}

// least returns the smaller of the two in every component.
func (c costs) least(d costs) costs {
	for m := range c {
		c[m] = min(c[m], d[m])
	}
	return c
}

// most returns the larger of the two in every component.
func (c costs) most(d costs) costs {
	for m := range c {
		c[m] = max(c[m], d[m])
	}
	return c
}
