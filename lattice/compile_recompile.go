package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// recompile compiles the space of the lattice anew, with the metrics of definitions, and with the path contexts and the limit on peak memory
// of the lattice. set may configure the compiler further. Limits from below are left out: the caller negates their metrics anew.
func (l *Lattice) recompile(definitions []*metricDefinition, set func(c *compiler)) (*Lattice, error) {
	c := newCompiler(l.space, maxItems)
	c.peakLimit = l.peakLimit
	for _, m := range definitions[builtInMetrics:] {
		if m.operator != nil && !m.negated {
			c.built.definitions = append(c.built.definitions, m)
		}
	}
	if n := len(c.built.definitions); n > maxMetrics {
		return nil, l.full(c.built.definitions[n-1])
	}
	set(c)
	out, err := c.compile()
	if err != nil {
		return nil, err
	}
	out.memoryLimit = l.memoryLimit
	if out, err = l.inContext(out); err != nil {
		return nil, err
	}
	for _, m := range definitions[builtInMetrics:] {
		if m.operator != nil || m.negated {
			continue
		}
		if out, err = out.withDefinition(m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// costOf returns what an operator costs in all metrics. Only what fits is asked for.
func (c *compiler) costOf(fits bool, cost network.Cost, operator func() (space.Operator, error)) costs {
	out := costsOf(cost)
	further := c.built.definitions[builtInMetrics:]
	if !fits || len(further) == 0 && c.onOperator == nil {
		return out
	}
	o, err := operator()
	if err != nil {
		panic(fmt.Sprintf("lattice: what was built cannot be described: %v", err))
	}
	if c.onOperator != nil {
		c.onOperator(o)
	}
	for k, m := range further {
		out[builtInMetrics+k] = m.operator(o)
	}
	return out
}

// offsets is what every architecture pays besides operators.
func (c *compiler) offsets() costs {
	var out costs
	for k, m := range c.built.definitions {
		out[k] = m.offset
	}
	return out
}

// full returns the error of a lattice that can hold no further metric.
func (l *Lattice) full(m *metricDefinition) error {
	return &MetricError{m.metric, m.negated, fmt.Sprintf(
		"the lattice of space %q has %d metrics already, and can have no more; cost files, counters and limits from below take one each", l.space.Name(), maxMetrics)}
}
