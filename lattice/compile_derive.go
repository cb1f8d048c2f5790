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
	deferred deferredCosts
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
	var owed deferredCosts
	for {
		if f == nil {
			return outcome{fits: true, item: end, cost: cost, deferred: owed}
		}
		e = e.only(f.vars)
		var fits bool
		if x, fits = c.settled(x, &f.live); !fits {
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
				cost, owed, next = cost.plus(a.cost), owed.plus(a.deferred), f.next
				break
			}
			var bound env
			var opens bool
			if next, x, bound, opens = c.open(f, e, x); bound != nil {
				e = bound
			}
			if !opens {
				if b, ok := f.node.(*space.Case); ok {
					return outcome{conflict: &conflict{[]string{b.Var}}}
				}
				return c.memoized(f, e, x).after(cost, owed)
			}
		case genes:
			n := f.node.(*space.Cells)
			if f.decidesGene(n) {
				return c.memoized(f, e, x).after(cost, owed)
			}
			var a effect
			if next, x, a = c.advanceCells(f, n, e, x); a.stops() {
				return outcome{conflict: a.conflict}
			}
			cost, owed = cost.plus(a.cost), owed.plus(a.deferred)
		default:
			if f.kind == links && f.j < f.i {
				return c.memoized(f, e, x).after(cost, owed)
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
func (o outcome) after(cost costs, owed deferredCosts) outcome {
	if o.fits {
		o.cost, o.deferred = o.cost.plus(cost), o.deferred.plus(owed)
	}
	return o
}

// open returns the frame that goes on inside a node, the tensor that comes in there, and the env if it changes. It reports false if the node
// is a decision (or a Case that an open variable keeps shut).
func (c *compiler) open(f *frame, e env, x value) (next *frame, in value, bound env, opens bool) {
	if _, decides := space.PointOf(f.node, nil); decides {
		return nil, x, nil, false
	}
	switch n := f.node.(type) {
	case *space.Let:
		return c.parts(f, 0), x, e.with(binding{let: n}), true
	case *space.Case:
		b, _ := e.find(n.Var)
		if b.open {
			return nil, x, nil, false
		}
		return c.parts(f, b.index), x, nil, true
	case *space.Residual:
		if c.peakLimit == 0 {
			return c.push(n.Body, f.scope, f.next), x, nil, true
		}
		after, x := c.before(f, sums, x)
		return c.push(n.Body, f.scope, after), x, nil, true
	case *space.Parallel:
		after, x := c.before(f, branches, x)
		return c.branch(n, 0, after), x, nil, true
	case *space.Dag:
		after, x := c.before(f, edges, x)
		return c.edgeTo(n, 1, 0, after), x, nil, true
	case *space.Skips:
		scope := under(f.scope, n.LayerName(0))
		return c.push(n.Layers[0], scope, c.frame(frame{kind: layers, node: n, scope: f.scope, next: f.next})), x, nil, true
	case *space.Cells:
		return c.frame(frame{kind: genes, node: n, scope: f.scope, next: f.next}), x, nil, true
	}
	return c.parts(f, 0), x, nil, true
}

// parts returns the frame that goes on with what the node of a frame stands for under an option.
func (c *compiler) parts(f *frame, option int) *frame {
	parts, next := space.PartsOf(f.node, option), f.next
	for i := parts.Len() - 1; i >= 0; i-- {
		part, at := parts.At(i, nil)
		next = c.push(part, under(f.scope, at.String()), next)
	}
	return next
}

// branch returns the frame that derives a branch and then goes on in the middle of its node.
func (c *compiler) branch(n *space.Parallel, i int, after *frame) *frame {
	branch, at := n.Branch(i, nil)
	return c.push(branch, under(after.scope, at.String()), after)
}

// edgeTo does the same for an edge to a node of a cell.
func (c *compiler) edgeTo(n *space.Dag, k, j int, after *frame) *frame {
	edge, at := n.Edge(k, j, nil)
	return c.push(edge.Node, under(after.scope, at.String()), after)
}

// before returns the frame that goes on after the first part of a node whose input others of its parts read too, and the input.
func (c *compiler) before(f *frame, kind frameKind, x value) (*frame, value) {
	after := frame{kind: kind, node: f.node, scope: f.scope, shapes: []network.Shape{x.shape}, next: f.next}
	if c.peakLimit > 0 {
		x = c.numbered(x, f.next.waiting(), 0)
		after.liveness.numbers = []int8{x.number}
	}
	return c.frame(after), x
}

// advance goes on in the middle of a node, with the tensor x that its last part gave.
func (c *compiler) advance(f *frame, x value) (next *frame, out value, extra costs, fits bool) {
	switch n := f.node.(type) {
	case *space.Residual:
		if x.shape == f.shapes[0] {
			sum := f.liveness.waits(value{shape: x.shape, number: f.liveness.numbers[0]}).waits(x)
			x, fits = c.joins(&f.live, sum, x.constraints, x.shape, f.next.waiting())
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
		if f.i == 0 || c.peakLimit == 0 {
			x.shape = joined
			return f.next, x, true
		}
		x, fits := c.joins(&f.live, f.liveness.waits(x), x.constraints, joined, f.next.waiting())
		return f.next, x, fits
	}
	after := *f
	after.i++
	after.shapes = []network.Shape{in, joined}
	if c.peakLimit > 0 {
		after.liveness = after.liveness.waits(x)
		x.number = f.liveness.numbers[0]
	}
	x.shape = in
	return c.branch(n, after.i, c.frame(after)), x, true
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
	if c.peakLimit > 0 {
		var fits bool
		if after.liveness, x, fits = c.livenessOfDag(f, &after, x, edges); !fits {
			return nil, x, false
		}
	}
	if after.i < len(n.Nodes) {
		from := n.Nodes[after.i][after.j].From
		x.shape = after.shapes[from]
		if c.peakLimit > 0 {
			x.number = after.liveness.numbers[from]
			after.forget()
		}
		return c.edgeTo(n, after.i+1, after.j, c.frame(after)), x, true
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
