package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// effect is what a node without decisions does to a tensor of one shape under one env.
type effect struct {
	fits     bool // otherwise the derivation is not part of the space
	out      network.Shape
	cost     costs
	deferred deferredCosts
	memory   footprint // where memory is limited
	conflict *conflict
}

func (a effect) stops() bool { return !a.fits || a.conflict != nil }

// then returns the effect of a followed by b.
func (a effect) then(b effect) effect {
	if !b.stops() {
		b.cost, b.deferred = b.cost.plus(a.cost), b.deferred.plus(a.deferred)
	}
	return b
}

type placeKey struct {
	node  space.Node
	env   string
	shape network.Shape
}

// decides reports whether a derivation of n may meet a decision.
func (c *compiler) decides(n space.Node) bool {
	known, ok := c.deciding[n]
	if !ok {
		known = c.decidesNow(n)
		c.deciding[n] = known
	}
	return known
}

func (c *compiler) decidesNow(n space.Node) bool {
	switch n := n.(type) {
	case *space.Choice:
		if len(n.Options) > 1 {
			return true
		}
	case *space.Let:
		if len(n.Values) > 1 {
			return true
		}
	case *space.Repeat:
		if len(n.Counts) > 1 {
			return true
		}
	case *space.Skips:
		if len(n.Layers) > 1 {
			return true
		}
	case *space.Cells:
		return true // almost surely; and if not, the frames find nothing to decide
	}
	for _, child := range children(n) {
		if c.decides(child) {
			return true
		}
	}
	return false
}

// children returns the nodes directly below n.
func children(n space.Node) []space.Node {
	switch n := n.(type) {
	case *space.Seq:
		return n.Nodes
	case *space.Scope:
		return []space.Node{n.Body}
	case *space.Choice:
		var out []space.Node
		for _, o := range n.Options {
			out = append(out, o.Node)
		}
		return out
	case *space.Let:
		return []space.Node{n.Body}
	case *space.Case:
		return n.Nodes
	case *space.Repeat:
		if n.First != nil {
			return []space.Node{n.First, n.Body}
		}
		return []space.Node{n.Body}
	case *space.Parallel:
		return n.Branches
	case *space.Residual:
		return []space.Node{n.Body}
	case *space.Dag:
		var out []space.Node
		for _, edges := range n.Nodes {
			for _, e := range edges {
				out = append(out, e.Node)
			}
		}
		return out
	case *space.Skips:
		return n.Layers
	}
	return nil
}

// plain returns the effect of a node that decides nothing.
func (c *compiler) plain(n space.Node, e env, x network.Shape) effect {
	e = e.only(c.space.Vars(n))
	key := placeKey{n, c.envKey(e), x}
	known, ok := c.effects[key]
	if !ok {
		known = c.plainNow(n, e, x)
		c.effects[key] = known
	}
	return known
}

func (c *compiler) plainNow(n space.Node, e env, x network.Shape) effect {
	switch n := n.(type) {
	case *space.Leaf:
		return c.leaf(n, e, x)
	case *space.Seq:
		return c.plainSequence(n.Nodes, e, x)
	case *space.Scope:
		return c.plain(n.Body, e, x)
	case *space.Choice:
		return c.plain(n.Options[0].Node, e, x)
	case *space.Let:
		return c.plain(n.Body, e.with(binding{let: n}), x)
	case *space.Case:
		return c.plainCase(n, e, x)
	case *space.Repeat:
		copies := make([]space.Node, n.Counts[0])
		for i := range copies {
			copies[i] = n.Copy(i)
		}
		return c.plainSequence(copies, e, x)
	case *space.Parallel:
		return c.plainParallel(n, e, x)
	case *space.Residual:
		return c.plainResidual(n, e, x)
	case *space.Dag:
		return c.plainDag(n, e, x)
	case *space.Skips:
		return c.plain(n.Layers[0], e, x)
	}
	panic(fmt.Sprintf("lattice: %T is no node of a space", n))
}

func (c *compiler) plainSequence(nodes []space.Node, e env, x network.Shape) effect {
	sum := effect{fits: true, out: x}
	t, at := newTape(x), 0
	var does effect
	for i, n := range nodes {
		if i == 0 || n != nodes[i-1] || sum.out != x { // copies of one node that leave the shape alone do the same
			x, does = sum.out, c.plain(n, e, sum.out)
		}
		if sum = sum.then(does); sum.stops() {
			return sum
		}
		at = t.part(does, at)
	}
	sum.memory = t.footprint(at)
	return sum
}

// leaf asks the block itself. A single open variable becomes a deferred cost, if it leaves the shape alone.
func (c *compiler) leaf(n *space.Leaf, e env, x network.Shape) effect {
	open := e.open()
	if len(open) == 0 {
		out, cost, err := n.Apply(e.bound(), x)
		if err != nil {
			return effect{}
		}
		memory, err := c.leafFootprint(n, e, x)
		fits := err == nil
		return effect{
			fits: fits, out: out, memory: memory,
			cost: c.costOf(fits, cost, func() (space.Operator, error) { return n.Operator(e.bound(), x) }),
		}
	}
	if len(open) > 1 {
		return effect{conflict: c.allButInnermost(open)}
	}
	b, _ := e.find(open[0])
	return c.overValues(b, func(i int) effect { return c.plain(n, e.with(binding{let: b.let, index: i}), x) })
}

func (c *compiler) plainCase(n *space.Case, e env, x network.Shape) effect {
	b, _ := e.find(n.Var)
	if !b.open {
		return c.plain(n.Nodes[b.index], e, x)
	}
	return c.overValues(b, func(i int) effect {
		return c.plain(n.Nodes[i], e.with(binding{let: b.let, index: i}), x)
	})
}

// overValues joins the effects of all values of an open variable.
func (c *compiler) overValues(b binding, of func(i int) effect) effect {
	alone := &conflict{[]string{b.let.Var}}
	var first effect
	var memory footprint
	cost := make([]costs, len(b.let.Values))
	for i := range cost {
		a := of(i)
		if a.conflict != nil {
			return a
		}
		if i == 0 {
			first, memory = a, a.memory
		}
		memory = memory.over(a.memory, b.let.Var)
		if a.fits != first.fits || a.out != first.out {
			return effect{conflict: alone}
		}
		if names := first.deferred.differing(a.deferred); names != nil {
			return effect{conflict: c.allButInnermost(append(names, b.let.Var))}
		}
		cost[i] = a.cost
	}
	if !first.fits {
		return first
	}
	own, charge := deferCost(b.let.Var, cost)
	return effect{fits: true, out: first.out, cost: own, deferred: first.deferred.plus(charge), memory: memory}
}

// plainSum returns the effect of nodes whose outputs, beside those of the tensors given, are joined.
func (c *compiler) plainSum(t *tape, join space.Join, nodes []space.Node, in func(int) (network.Shape, int), e env) (sum effect, at int) {
	sum = effect{fits: true}
	outs, tensors := make([]network.Shape, len(nodes)), make([]int, len(nodes))
	for i, n := range nodes {
		x, from := in(i)
		does := c.plain(n, e, x)
		if sum = sum.then(does); sum.stops() {
			return sum, 0
		}
		outs[i], tensors[i] = does.out, t.part(does, from)
	}
	out, err := join.Shape(outs...)
	sum.out, sum.fits = out, err == nil
	return sum, t.join(tensors, out)
}

func (c *compiler) plainParallel(n *space.Parallel, e env, x network.Shape) effect {
	t := newTape(x)
	sum, at := c.plainSum(t, n.Join, n.Branches, func(int) (network.Shape, int) { return x, 0 }, e)
	if !sum.stops() {
		sum.memory = t.footprint(at)
	}
	return sum
}

func (c *compiler) plainResidual(n *space.Residual, e env, x network.Shape) effect {
	does := c.plain(n.Body, e, x)
	if does.stops() || does.out != x {
		return does
	}
	t := newTape(x)
	does.memory = t.footprint(t.join([]int{t.part(does, 0), 0}, x))
	return does
}

func (c *compiler) plainDag(n *space.Dag, e env, x network.Shape) effect {
	shapes, tensors := []network.Shape{x}, []int{0}
	t, sum := newTape(x), effect{fits: true, out: x}
	for _, edges := range n.Nodes {
		nodes := make([]space.Node, len(edges))
		for i, edge := range edges {
			nodes[i] = edge.Node
		}
		node, at := c.plainSum(t, space.Add, nodes, func(i int) (network.Shape, int) {
			return shapes[edges[i].From], tensors[edges[i].From]
		}, e)
		if sum = sum.then(node); sum.stops() {
			return sum
		}
		shapes, tensors = append(shapes, sum.out), append(tensors, at)
	}
	outs, joined := make([]network.Shape, 0, len(n.Outputs())), make([]int, 0, len(n.Outputs()))
	for _, k := range n.Outputs() {
		outs, joined = append(outs, shapes[k]), append(joined, tensors[k])
	}
	out, err := n.Join.Shape(outs...)
	sum.out, sum.fits = out, err == nil
	if sum.fits {
		sum.memory = t.footprint(t.join(joined, out))
	}
	return sum
}
