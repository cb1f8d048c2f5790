package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// remembered returns the outcome of a decision, deriving equal ones once. Its cost is that of all that follows.
func (c *compiler) remembered(f *frame, e env, x value) outcome {
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
	case *space.Choice:
		at := c.decision(under(f.scope, n.Name), len(n.Options), func(i int) string { return n.Options[i].Label })
		return c.fork(at, len(n.Options), func(i int) outcome {
			return c.derive(c.push(n.Options[i].Node, f.scope, f.next), e, x)
		})
	case *space.Let:
		return c.decideLet(f, n, e, x)
	case *space.Repeat:
		scope := under(f.scope, n.Name)
		if n.Name == "" {
			scope = f.scope
		}
		at := c.decision(under(scope, depthName), len(n.Counts), n.Label)
		return c.fork(at, len(n.Counts), func(i int) outcome { return c.derive(c.copies(f, n, n.Counts[i]), e, x) })
	case *space.Skips:
		return c.decideLink(f, n, e, x)
	case *space.Cells:
		return c.decideCell(f, n, e, x)
	}
	panic("lattice: a node that decides nothing is treated as a decision")
}

// decideLet leaves the variable open if it can.
func (c *compiler) decideLet(f *frame, n *space.Let, e env, x value) outcome {
	at := c.decision(under(f.scope, n.Var), len(n.Values), n.Label)
	next := c.push(n.Body, f.scope, f.next)
	if !c.closed[n] {
		c.opened = append(c.opened, n.Var)
		o := c.derive(next, e.with(binding{let: n, open: true}), x)
		c.opened = c.opened[:len(c.opened)-1]
		if o.conflict == nil || !slices.Contains(o.conflict.variables, n.Var) {
			return c.charged(at, n, o)
		}
		c.closed[n] = true
	}
	return c.fork(at, len(n.Values), func(i int) outcome {
		return c.derive(next, e.with(binding{let: n, index: i}), x)
	})
}

// charged returns the outcome of a Let whose variable stayed open: each value leads to the same item and pays its charge.
func (c *compiler) charged(at int32, n *space.Let, o outcome) outcome {
	if !o.fits {
		return o
	}
	price := o.charges.find(n.Var)
	if price == nil {
		price = make([]costs, len(n.Values))
	}
	o.charges = o.charges.without(n.Var)
	return c.fork(at, len(n.Values), func(i int) outcome {
		branch := o
		branch.cost = branch.cost.plus(price[i])
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
			join = outcome{fits: true, cost: o.cost, charges: o.charges}
		} else if names := join.charges.differing(o.charges); names != nil {
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
