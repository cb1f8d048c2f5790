package lattice

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// outcome is all that can come after a place: the item of the next decision, and what it costs however that is decided. The
// cost is the least of all completions, metric by metric, so that the steps from the item on bear only what they cost more than
// the cheapest: equal rests have equal items, whatever they cost in common.
type outcome struct {
	fits     bool
	item     int32
	cost     costs
	charges  charges
	conflict *conflict
}

type stateKey struct {
	frame int
	env   string
	shape network.Shape
}

// derive returns the outcome of a frame for a tensor of shape x. Up to the next decision there is one way only; its cost is added up.
func (c *compiler) derive(f *frame, e env, x network.Shape) outcome {
	var cost costs
	var owed charges
	for {
		if f == nil {
			return outcome{fits: true, item: end, cost: cost, charges: owed}
		}
		e = e.only(f.vars)
		var next *frame
		switch f.kind {
		case whole:
			if !c.decides(f.node) {
				a := c.plain(f.node, e, x)
				if a.stops() {
					return outcome{conflict: a.conflict}
				}
				cost, owed, x, next = cost.plus(a.cost), owed.plus(a.charges), a.out, f.next
				break
			}
			var bound env
			if next, bound = c.open(f, e, x); bound != nil {
				e = bound
			}
			if next == nil {
				if b, ok := f.node.(*space.Case); ok {
					return outcome{conflict: &conflict{[]string{b.Var}}}
				}
				return c.remembered(f, e, x).after(cost, owed)
			}
		case genes:
			n := f.node.(*space.Cells)
			if f.decidesGene(n) {
				return c.remembered(f, e, x).after(cost, owed)
			}
			var a effect
			if next, a = c.advanceCells(f, n, e, x); a.stops() {
				return outcome{conflict: a.conflict}
			}
			cost, owed, x = cost.plus(a.cost), owed.plus(a.charges), a.out
		default:
			if f.kind == links && f.j < f.i {
				return c.remembered(f, e, x).after(cost, owed)
			}
			var fits bool
			var extra costs
			if next, x, extra, fits = c.advance(f, x); !fits {
				return outcome{}
			}
			cost = cost.plus(extra)
		}
		f = next
	}
}

// after returns the outcome of something of this cost followed by o.
func (o outcome) after(cost costs, owed charges) outcome {
	if o.fits {
		o.cost, o.charges = o.cost.plus(cost), o.charges.plus(owed)
	}
	return o
}

// open returns the frame that goes on inside a node, and the env if it changes, or nil if the node is a decision (or a Case that an
// open variable keeps shut).
func (c *compiler) open(f *frame, e env, x network.Shape) (*frame, env) {
	switch n := f.node.(type) {
	case *space.Seq:
		next := f.next
		for _, child := range slices.Backward(n.Nodes) {
			next = c.push(child, f.scope, next)
		}
		return next, nil
	case *space.Scope:
		return c.push(n.Body, under(f.scope, n.Name), f.next), nil
	case *space.Choice:
		if len(n.Options) == 1 {
			return c.push(n.Options[0].Node, f.scope, f.next), nil
		}
	case *space.Let:
		if len(n.Values) == 1 {
			return c.push(n.Body, f.scope, f.next), e.with(binding{let: n})
		}
	case *space.Case:
		if b, _ := e.find(n.Var); !b.open {
			return c.push(n.Nodes[b.index], f.scope, f.next), nil
		}
	case *space.Repeat:
		if len(n.Counts) == 1 {
			return c.copies(f, n, n.Counts[0]), nil
		}
	case *space.Residual:
		return c.push(n.Body, f.scope, f.next), nil
	case *space.Parallel:
		after := c.frame(frame{kind: branches, node: n, scope: f.scope, shapes: []network.Shape{x}, next: f.next})
		return c.push(n.Branches[0], branchScope(f.scope, 0), after), nil
	case *space.Dag:
		after := c.frame(frame{kind: edges, node: n, scope: f.scope, shapes: []network.Shape{x}, next: f.next})
		return c.push(n.Nodes[0][0].Node, edgeScope(f.scope, 1, 0), after), nil
	case *space.Skips:
		scope := under(f.scope, n.LayerName(0))
		return c.push(n.Layers[0], scope, c.frame(frame{kind: layers, node: n, scope: f.scope, next: f.next})), nil
	case *space.Cells:
		return c.frame(frame{kind: genes, node: n, scope: f.scope, next: f.next}), nil
	}
	return nil, nil
}

func (c *compiler) copies(f *frame, n *space.Repeat, count int) *frame {
	scope := f.scope
	if n.Name != "" {
		scope = under(scope, n.Name)
	}
	return c.frame(frame{kind: copies, node: n, scope: scope, j: count, next: f.next})
}

// advance goes on in the middle of a node, with the tensor of shape x that its last part gave.
func (c *compiler) advance(f *frame, x network.Shape) (next *frame, out network.Shape, extra costs, fits bool) {
	switch n := f.node.(type) {
	case *space.Repeat:
		if f.i == f.j {
			return f.next, x, extra, true
		}
		after := *f
		after.i++
		return c.push(n.Copy(f.i), copyScope(f.scope, f.i), c.frame(after)), x, extra, true
	case *space.Parallel:
		return c.advanceParallel(f, n, x)
	case *space.Dag:
		return c.advanceDag(f, n, x)
	case *space.Skips:
		if f.kind == layers && f.i > 0 {
			after := *f
			after.kind, after.j = links, 0
			return c.frame(after), x, extra, true
		}
		if f.kind == links {
			extra = c.costOf(true, space.NormCost(x), func() (space.Operator, error) { return space.NormOperator(x) })
		}
		return c.nextLayer(f, n, x), x, extra, true
	}
	panic(fmt.Sprintf("lattice: a frame of kind %d stands on a %T", f.kind, f.node))
}

func (c *compiler) advanceParallel(f *frame, n *space.Parallel, x network.Shape) (*frame, network.Shape, costs, bool) {
	in := f.shapes[0]
	if f.i > 0 {
		joined, err := n.Join.Shape(f.shapes[1], x)
		if err != nil {
			return nil, x, costs{}, false
		}
		x = joined
	}
	if f.i == len(n.Branches)-1 {
		return f.next, x, costs{}, true
	}
	after := *f
	after.i++
	after.shapes = []network.Shape{in, x}
	return c.push(n.Branches[after.i], branchScope(f.scope, after.i), c.frame(after)), in, costs{}, true
}

func (c *compiler) advanceDag(f *frame, n *space.Dag, x network.Shape) (*frame, network.Shape, costs, bool) {
	nodes := f.shapes[:f.i+1] // those behind are the sum so far, if any
	if f.j > 0 {
		sum, err := space.Add.Shape(f.shapes[f.i+1], x)
		if err != nil {
			return nil, x, costs{}, false
		}
		x = sum
	}
	after := *f
	after.shapes = append(slices.Clone(nodes), x)
	if after.j++; after.j == len(n.Nodes[f.i]) {
		after.i, after.j = f.i+1, 0
	}
	if after.i < len(n.Nodes) {
		edge := n.Nodes[after.i][after.j]
		return c.push(edge.Node, edgeScope(f.scope, after.i+1, edge.From), c.frame(after)), after.shapes[edge.From], costs{}, true
	}
	outs := make([]network.Shape, 0, len(n.Outputs()))
	for _, k := range n.Outputs() {
		outs = append(outs, after.shapes[k])
	}
	out, err := n.Join.Shape(outs...)
	return f.next, out, costs{}, err == nil
}

// nextLayer goes on after layer i and its links, which gave a tensor of shape x.
func (c *compiler) nextLayer(f *frame, n *space.Skips, x network.Shape) *frame {
	after := *f
	after.kind, after.i, after.j = layers, f.i+1, 0
	after.shapes = append(slices.Clone(f.shapes), x)
	if after.i == len(n.Layers) {
		return f.next
	}
	return c.push(n.Layers[after.i], under(f.scope, n.LayerName(after.i)), c.frame(after))
}
