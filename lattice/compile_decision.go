package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// memoized returns the outcome of a decision, deriving equal ones once. Its cost is that of all that follows.
func (c *compiler) memoized(f *frame, e env, x value) outcome {
	key := stateKey{f.number, c.envKey(e), x}
	known, ok := c.outcomes[key]
	if !ok {
		known = c.decide(f, e, x)
		c.outcomes[key] = known
		if len(c.outcomes) > c.bound {
			panic(&TooLargeError{Space: c.space.Name(), What: items, Need: int64(len(c.outcomes)), Bound: int64(c.bound), More: true})
		}
	}
	return known
}

func (c *compiler) decide(f *frame, e env, x value) outcome {
	switch n := f.node.(type) {
	case *space.Skips:
		return c.decideLink(f, n, e, x)
	case *space.Cells:
		return c.decideCell(f, n, e, x)
	}
	p, ok := space.PointOf(f.node, nil)
	if !ok {
		panic("lattice: a node that decides nothing is treated as a decision")
	}
	at := c.decision(under(f.scope, p.FullName()), p.Count, p.Label)
	if n, ok := f.node.(*space.Let); ok {
		return c.decideLet(at, f, n, e, x)
	}
	return c.fork(at, p.Count, func(i int) outcome { return c.derive(c.parts(f, i), e, x) })
}

// decideLet leaves the variable open if it can.
func (c *compiler) decideLet(at int32, f *frame, n *space.Let, e env, x value) outcome {
	next := c.parts(f, 0)
	if !c.closed[n] {
		c.opened = append(c.opened, n.Var)
		o := c.derive(next, e.with(binding{let: n, open: true}), x)
		c.opened = c.opened[:len(c.opened)-1]
		if o.conflict == nil || !slices.Contains(o.conflict.variables, n.Var) {
			return c.payDeferred(at, n, o)
		}
		c.closed[n] = true
	}
	return c.fork(at, len(n.Values), func(i int) outcome {
		return c.derive(next, e.with(binding{let: n, index: i}), x)
	})
}

// payDeferred returns the outcome of a Let whose variable stayed open: each value leads to the same item and bears its deferred cost.
func (c *compiler) payDeferred(at int32, n *space.Let, o outcome) outcome {
	if !o.fits {
		return o
	}
	cost := o.deferred.find(n.Var)
	if cost == nil {
		cost = make([]costs, len(n.Values))
	}
	o.deferred = o.deferred.without(n.Var)
	return c.fork(at, len(n.Values), func(i int) outcome {
		branch := o
		branch.cost = branch.cost.plus(cost[i])
		return branch
	})
}

// fork makes the item of a decision from what comes after each of its options.
func (c *compiler) fork(at int32, options int, of func(i int) outcome) outcome {
	var join outcome
	steps := make([]step, 0, options)
	for i := range options {
		o := of(i)
		if o.conflict != nil {
			return o
		}
		if !o.fits {
			continue
		}
		if !join.fits {
			join = outcome{fits: true, cost: o.cost, deferred: o.deferred}
		} else if names := join.deferred.differing(o.deferred); names != nil {
			return outcome{conflict: &conflict{names}}
		}
		join.cost = join.cost.least(o.cost)
		steps = append(steps, step{int32(i), o.item, o.cost})
	}
	if !join.fits {
		return outcome{}
	}
	for i := range steps {
		steps[i].cost = steps[i].cost.minus(join.cost)
	}
	join.item = c.item(at, steps)
	return join
}

// allButInnermost returns the conflict of variables that a cost depends on together. The last decided may stay open, for where it is
// decided the others are known.
func (c *compiler) allButInnermost(names []string) *conflict {
	last := 0
	for i, name := range names {
		if slices.Index(c.opened, name) > slices.Index(c.opened, names[last]) {
			last = i
		}
	}
	inner := names[last]
	return &conflict{slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == inner })}
}
