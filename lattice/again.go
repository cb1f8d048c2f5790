package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// again compiles the space of the lattice once more, with the metrics in meters, chained and within the limit on memory if the lattice is. set may ask more of the
// compiler. Limits from below are left out: who asks for them turns their metrics around again.
func (l *Lattice) again(meters []*meter, set func(c *compiler)) (*Lattice, error) {
	c := newCompiler(l.space, maxItems)
	c.memory = l.memory
	for _, m := range meters[builtInMetrics:] {
		if m.operator != nil && !m.negated {
			c.built.meters = append(c.built.meters, m)
		}
	}
	if n := len(c.built.meters); n > maxMetrics {
		return nil, l.full(c.built.meters[n-1])
	}
	set(c)
	out, err := c.compile()
	if err != nil {
		return nil, err
	}
	out.room = l.room
	if out, err = l.likewise(out); err != nil {
		return nil, err
	}
	for _, m := range meters[builtInMetrics:] {
		if m.operator != nil || m.negated {
			continue
		}
		if out, err = out.metered(m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// costOf returns what an operator costs in all metrics. Only what fits is asked for.
func (c *compiler) costOf(fits bool, cost network.Cost, operator func() (space.Operator, error)) costs {
	out := costsOf(cost)
	further := c.built.meters[builtInMetrics:]
	if !fits || len(further) == 0 && c.met == nil {
		return out
	}
	o, err := operator()
	if err != nil {
		panic(fmt.Sprintf("lattice: what was built cannot be described: %v", err))
	}
	if c.met != nil {
		c.met(o)
	}
	for k, m := range further {
		out[builtInMetrics+k] = m.operator(o)
	}
	return out
}

// offsets is what every architecture pays besides operators.
func (c *compiler) offsets() costs {
	var out costs
	for k, m := range c.built.meters {
		out[k] = m.offset
	}
	return out
}

// full returns the error of a lattice that has no room for a further metric.
func (l *Lattice) full(m *meter) error {
	return &MetricError{m.metric, m.negated, fmt.Sprintf(
		"the lattice of space %q has %d metrics already, and can have no more; cost files, counters and limits from below take one each", l.space.Name(), maxMetrics)}
}
