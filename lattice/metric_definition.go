package lattice

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/space"
)

// metricDefinition is how a metric of a lattice is computed and written.
type metricDefinition struct {
	metric Metric
	unit   string           // of a real cost, as "ms"
	bin    *big.Rat         // what one of the whole numbers is in units; nil for 1
	rounds Metric           // the metric that this one is in coarser units, if it is
	down   bool             // real costs are rounded down to bins, otherwise up
	of     func(Step) int64 // of every step, the fixed one too; nil of params, MACs and costs of operators

	operator func(space.Operator) int64 // of every operator, if that is what costs; the lattice is compiled with it
	offset   int64                      // what every architecture pays besides operators
	negated  bool                       // the greatest that follows less the cost: for limits from below
}

// builtIn are the metrics that a lattice is compiled with.
func builtIn() []*metricDefinition { return []*metricDefinition{{metric: Params}, {metric: MACs}} }

// amount writes so much of the metric, as "100,000 params" or "12.5 ms of latency".
func (m *metricDefinition) amount(n int64) string {
	switch {
	case m.rounds != "":
		unit := m.bin.Num().Int64()
		return fmt.Sprintf("%s (in units of %s)", (&metricDefinition{metric: m.rounds}).amount(n*unit), digits(unit))
	case m.bin != nil:
		return fmt.Sprintf("%s %s of %s", m.decimal(n), m.unit, m.metric)
	case m.metric == MACs:
		return digits(n) + " MACs"
	case m.metric == Memory:
		return bytes(n) + " of peak memory"
	case m.metric == Depth:
		return digits(n) + " blocks"
	}
	if c, ok := m.metric.counter(); ok {
		return digits(n) + " times " + c.String()
	}
	return digits(n) + " " + string(m.metric)
}

// decimal writes so many bins in units.
func (m *metricDefinition) decimal(n int64) string {
	x := new(big.Rat).Mul(m.bin, new(big.Rat).SetInt64(n))
	places, exact := x.FloatPrec()
	if !exact {
		places = 6
	}
	return x.FloatString(places)
}

// index returns the component of a metric, or an error that lists the metrics there are.
func (l *Lattice) index(m Metric) (int, error) {
	var known []string
	for i, of := range l.definitions {
		if of.negated {
			continue
		}
		if of.metric == m {
			return i, nil
		}
		if _, counts := of.metric.counter(); !counts {
			known = append(known, string(of.metric))
		}
	}
	return 0, fmt.Errorf("%q is no metric of the lattice of space %q; there are %s, %s and %s",
		string(m), l.space.Name(), strings.Join(known, ", "), Depth, OptionCount("", "OPTION"))
}

// Metrics returns the metrics that the lattice was compiled with or that [Lattice.WithCosts] added, without counters.
func (l *Lattice) Metrics() []Metric {
	var out []Metric
	for _, of := range l.definitions {
		if _, counts := of.metric.counter(); !counts && !of.negated && of.metric != Depth {
			out = append(out, of.metric)
		}
	}
	return out
}

// Amount writes so much of a metric with its unit, as "12.5 ms of latency": of a real cost the number counts bins.
func (l *Lattice) Amount(m Metric, n int64) string {
	if i, err := l.index(m); err == nil {
		return l.definitions[i].amount(n)
	}
	return (&metricDefinition{metric: m}).amount(n)
}

// withComponent returns the lattice with a counter as a metric, if m is one, and the component of m.
func (l *Lattice) withComponent(m Metric) (*Lattice, int, error) {
	if m == Memory {
		return nil, 0, fmt.Errorf("%s does not add up along a path: it may be limited, and has a range, a histogram and a front, and no more", Memory)
	}
	i, err := l.index(m)
	if err == nil {
		return l, i, nil
	}
	c, ok := m.counter()
	if !ok && m != Depth {
		return nil, 0, err
	}
	of := c.share
	if m == Depth {
		of = depthShare
	}
	whole := l.complete() // options that no network within a limit on memory takes can be counted too
	if !whole.counts(of) {
		return nil, 0, whole.counterError(m, c)
	}
	out, err := l.withDefinition(&metricDefinition{metric: m, of: of})
	if err != nil {
		return nil, 0, err
	}
	return out, len(out.definitions) - 1, nil
}

// withDefinition returns the lattice with a further metric.
func (l *Lattice) withDefinition(m *metricDefinition) (*Lattice, error) {
	return l.extended(m, func(item, at int32) int64 { return m.of(l.step(item, at)) }, m.of(l.fixedStep()))
}

// atLeast returns the lattice with a metric turned around: its greatest less what is spent. At least n of it is at most the greatest less
// n of that.
func (l *Lattice) atLeast(index int) (*Lattice, error) {
	negated := *l.definitions[index]
	negated.negated = true
	return l.extended(&negated, func(_, at int32) int64 { return -l.steps[at].cost[index] }, l.highest[l.root()][index])
}

// extended returns the lattice with a further metric: so much for each step, of either sign, and so much for all. Items and steps, and
// so the paths and all tables of them, stay what they are.
func (l *Lattice) extended(m *metricDefinition, of func(item, at int32) int64, fixed int64) (*Lattice, error) {
	k := len(l.definitions)
	if k == maxMetrics {
		return nil, l.full(m)
	}
	out := l.copy()
	out.definitions = append(out.definitions, m)
	least := make([]int64, len(l.decisionOf))
	for item := int32(end + 1); item <= l.root(); item++ {
		first, last := l.first[item], l.first[item+1]
		for at := first; at < last; at++ {
			s := &out.steps[at]
			s.cost[k] = of(item, at) + least[s.next]
			if at == first || s.cost[k] < least[item] {
				least[item] = s.cost[k]
			}
		}
		for at := first; at < last; at++ {
			s := &out.steps[at]
			s.cost[k] -= least[item]
			out.highest[item][k] = max(out.highest[item][k], s.cost[k]+out.highest[s.next][k])
		}
	}
	out.fixed[k] = fixed + least[l.root()]
	return out, nil
}

// copy returns the lattice with costs that may be changed.
func (l *Lattice) copy() *Lattice {
	return &Lattice{
		space: l.space, definitions: slices.Clone(l.definitions), decisions: l.decisions, ambiguous: l.ambiguous, decisionOf: l.decisionOf, first: l.first,
		steps: slices.Clone(l.steps), fixed: l.fixed, previous: l.previous, context: l.context, contexts: l.contexts, whole: l.whole, partOf: l.partOf, all: l.all, peakLimit: l.peakLimit, highest: slices.Clone(l.highest), memoryLimit: l.memoryLimit,
	}
}

// bytes writes a number of bytes in the greatest unit that divides it.
func bytes(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size && n%u.size == 0 {
			return digits(n/u.size) + " " + u.name
		}
	}
	return digits(n) + " bytes"
}
