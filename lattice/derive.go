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
	value value
}

// derive returns the outcome of a frame for a tensor x. Up to the next decision there is one way only; its cost is added up.
func (c *compiler) derive(f *frame, e env, x value) outcome {
	var cost costs
	var owed charges
	for {
		if f == nil {
			return outcome{fits: true, item: end, cost: cost, charges: owed}
		}
		e = e.only(f.vars)
		var fits bool
		if x, fits = c.settled(x, &f.kept); !fits {
			return outcome{}
		}
		var next *frame
		switch f.kind {
		case whole:
			if !c.decides(f.node) {
				a := c.plain(f.node, e, x.shape)
				if a.stops() {
					return outcome{conflict: a.conflict}
				}
				var open *conflict
				if x, open, fits = c.runs(x, a, f.next); !fits {
					return outcome{conflict: open}
				}
				cost, owed, next = cost.plus(a.cost), owed.plus(a.charges), f.next
				break
			}
			var bound env
			if next, x, bound = c.open(f, e, x); bound != nil {
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
			if next, x, a = c.advanceCells(f, n, e, x); a.stops() {
				return outcome{conflict: a.conflict}
			}
			cost, owed = cost.plus(a.cost), owed.plus(a.charges)
		default:
			if f.kind == links && f.j < f.i {
				return c.remembered(f, e, x).after(cost, owed)
			}
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

// open returns the frame that goes on inside a node, the tensor that comes in there, and the env if it changes. The frame is nil if the node
// is a decision (or a Case that an open variable keeps shut).
func (c *compiler) open(f *frame, e env, x value) (*frame, value, env) {
	switch n := f.node.(type) {
	case *space.Seq:
		next := f.next
		for _, child := range slices.Backward(n.Nodes) {
			next = c.push(child, f.scope, next)
		}
		return next, x, nil
	case *space.Scope:
		return c.push(n.Body, under(f.scope, n.Name), f.next), x, nil
	case *space.Choice:
		if len(n.Options) == 1 {
			return c.push(n.Options[0].Node, f.scope, f.next), x, nil
		}
	case *space.Let:
		if len(n.Values) == 1 {
			return c.push(n.Body, f.scope, f.next), x, e.with(binding{let: n})
		}
	case *space.Case:
		if b, _ := e.find(n.Var); !b.open {
			return c.push(n.Nodes[b.index], f.scope, f.next), x, nil
		}
	case *space.Repeat:
		if len(n.Counts) == 1 {
			return c.copies(f, n, n.Counts[0]), x, nil
		}
	case *space.Residual:
		if c.memory == 0 {
			return c.push(n.Body, f.scope, f.next), x, nil
		}
		after, x := c.before(f, sums, x)
		return c.push(n.Body, f.scope, after), x, nil
	case *space.Parallel:
		after, x := c.before(f, branches, x)
		return c.push(n.Branches[0], branchScope(f.scope, 0), after), x, nil
	case *space.Dag:
		after, x := c.before(f, edges, x)
		return c.push(n.Nodes[0][0].Node, edgeScope(f.scope, 1, 0), after), x, nil
	case *space.Skips:
		scope := under(f.scope, n.LayerName(0))
		return c.push(n.Layers[0], scope, c.frame(frame{kind: layers, node: n, scope: f.scope, next: f.next})), x, nil
	case *space.Cells:
		return c.frame(frame{kind: genes, node: n, scope: f.scope, next: f.next}), x, nil
	}
	return nil, x, nil
}

// before returns the frame that goes on after the first part of a node whose input others of its parts read too, and the input.
func (c *compiler) before(f *frame, kind frameKind, x value) (*frame, value) {
	after := frame{kind: kind, node: f.node, scope: f.scope, shapes: []network.Shape{x.shape}, next: f.next}
	if c.memory > 0 {
		x = c.named(x, f.next.waiting(), 0)
		after.course.numbers = []int8{x.number}
	}
	return c.frame(after), x
}

func (c *compiler) copies(f *frame, n *space.Repeat, count int) *frame {
	scope := f.scope
	if n.Name != "" {
		scope = under(scope, n.Name)
	}
	return c.frame(frame{kind: copies, node: n, scope: scope, j: count, next: f.next})
}

// advance goes on in the middle of a node, with the tensor x that its last part gave.
func (c *compiler) advance(f *frame, x value) (next *frame, out value, extra costs, fits bool) {
	switch n := f.node.(type) {
	case *space.Repeat:
		if f.i == f.j {
			return f.next, x, extra, true
		}
		after := *f
		after.i++
		return c.push(n.Copy(f.i), copyScope(f.scope, f.i), c.frame(after)), x, extra, true
	case *space.Residual:
		if x.shape == f.shapes[0] {
			sum := f.course.waits(value{shape: x.shape, number: f.course.numbers[0]}).waits(x)
			x, fits = c.joins(&f.kept, sum, x.provisos, x.shape, f.next.waiting())
			return f.next, x, extra, fits
		}
		return f.next, x, extra, true
	case *space.Parallel:
		next, out, fits = c.advanceParallel(f, n, x)
	case *space.Dag:
		next, out, fits = c.advanceDag(f, n, x)
	case *space.Skips:
		if f.kind == links {
			extra = c.costOf(true, space.NormCost(x.shape), func() (space.Operator, error) { return space.NormOperator(x.shape) })
		}
		next, out, fits = c.advanceSkips(f, n, x)
	default:
		panic(fmt.Sprintf("lattice: a frame of kind %d stands on a %T", f.kind, f.node))
	}
	return next, out, extra, fits
}

func (c *compiler) advanceParallel(f *frame, n *space.Parallel, x value) (*frame, value, bool) {
	in, joined := f.shapes[0], x.shape
	if f.i > 0 {
		var err error
		if joined, err = n.Join.Shape(f.shapes[1], x.shape); err != nil {
			return nil, x, false
		}
	}
	if f.i == len(n.Branches)-1 {
		if f.i == 0 || c.memory == 0 {
			x.shape = joined
			return f.next, x, true
		}
		x, fits := c.joins(&f.kept, f.course.waits(x), x.provisos, joined, f.next.waiting())
		return f.next, x, fits
	}
	after := *f
	after.i++
	after.shapes = []network.Shape{in, joined}
	if c.memory > 0 {
		after.course = after.course.waits(x)
		x.number = f.course.numbers[0]
	}
	x.shape = in
	return c.push(n.Branches[after.i], branchScope(f.scope, after.i), c.frame(after)), x, true
}

func (c *compiler) advanceDag(f *frame, n *space.Dag, x value) (*frame, value, bool) {
	nodes := f.shapes[:f.i+1] // those behind are the sum so far, if any
	sum := x.shape
	if f.j > 0 {
		var err error
		if sum, err = space.Add.Shape(f.shapes[f.i+1], sum); err != nil {
			return nil, x, false
		}
	}
	after, edges := *f, len(n.Nodes[f.i])
	after.shapes = append(slices.Clone(nodes), sum)
	if after.j++; after.j == edges {
		after.i, after.j = f.i+1, 0
	}
	if c.memory > 0 {
		var fits bool
		if after.course, x, fits = c.courseOfDag(f, &after, x, edges); !fits {
			return nil, x, false
		}
	}
	if after.i < len(n.Nodes) {
		edge := n.Nodes[after.i][after.j]
		x.shape = after.shapes[edge.From]
		if c.memory > 0 {
			x.number = after.course.numbers[edge.From]
			after.forget()
		}
		return c.push(edge.Node, edgeScope(f.scope, after.i+1, edge.From), c.frame(after)), x, true
	}
	outs := make([]network.Shape, 0, len(n.Outputs()))
	for _, k := range n.Outputs() {
		outs = append(outs, after.shapes[k])
	}
	out, err := n.Join.Shape(outs...)
	if err != nil {
		return nil, x, false
	}
	x, fits := c.outputOfDag(&after, n, x, out)
	return f.next, x, fits
}
