package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// The shapes in cells do not depend on what is decided about them, which package space has made sure of. So an operation on an edge costs
// the same whatever the rest of the cell is: what it costs in the first cell of its kind plus what it costs in the second and so on. It
// is paid once, where it is decided. The only thing to remember between two decisions is whether the edge comes from an input or a node.

// cellCosts is what all cells of a node do to a tensor of one shape under one env.
type cellCosts struct {
	inputs effect        // of what the inputs of all cells go through; out is the shape of the last cell
	kinds  [][2][]effect // of all edges that may have an operation, by kind, source and operation
}

// The sources of an edge of a cell.
const (
	fromInput = iota
	fromNode
)

func sourceOf(from int) int {
	if from < 2 {
		return fromInput
	}
	return fromNode
}

// gene is the place of a frame of kind genes: a decision of a node of a cell. Before the operations it says how many of the two edges come
// from nodes; a pair is in order, so that tells which. Where memory is limited, and one edge comes from an input, it says from which.
type gene struct{ node, which, fromNodes, input int }

func geneOf(j int) gene { return gene{j / 18, j / 6 % 3, j / 2 % 3, j % 2} }

func (g gene) number() int { return g.node*18 + g.which*6 + g.fromNodes*2 + g.input }

// edges returns where the two edges of a node come from, as in space.Pair; any node of the cell stands for all.
func (g gene) edges() space.Pair {
	const anyNode = 2
	switch g.fromNodes {
	case 0:
		return space.Pair{First: 0, Second: 1}
	case 1:
		return space.Pair{First: g.input, Second: anyNode}
	}
	return space.Pair{First: anyNode, Second: anyNode}
}

// source returns the source of the edge whose operation is decided.
func (g gene) source() int {
	if g.fromNodes == 2 || g.fromNodes == 1 && g.which == space.CellSecond {
		return fromNode
	}
	return fromInput
}

// after returns the next place once an option of a decision is taken, or false behind the last one of the kind.
func (g gene) after(kind *space.CellKind, option int, limited bool) (gene, bool) {
	switch g.which {
	case space.CellInputs:
		p := kind.Pairs(g.node)[option]
		next := gene{node: g.node, which: space.CellFirst, fromNodes: sourceOf(p.First) + sourceOf(p.Second)}
		if limited && next.fromNodes == 1 {
			next.input = p.First
		}
		return next, true
	case space.CellFirst:
		g.which = space.CellSecond
		return g, true
	}
	return gene{node: g.node + 1}, g.node+1 < kind.Nodes
}

// option returns the frame after an option of a decision of cells, and what the option does.
func (c *compiler) option(f *frame, n *space.Cells, e env, x value, costs *cellCosts, option int) (*frame, effect) {
	does := effect{fits: true}
	g := geneOf(f.j)
	if g.which != space.CellInputs {
		does = costs.kinds[f.i][g.source()][option]
	}
	next := *f
	if then, more := g.after(&n.Kinds[f.i], option, c.peakLimit > 0); more {
		next.j = then.number()
	} else {
		next.i, next.j = f.i+1, 0
	}
	if c.peakLimit > 0 {
		fits, open := c.livenessOfCells(&next, f, n, e, x, option)
		if !fits {
			return nil, effect{conflict: open}
		}
	}
	return c.frame(next), does
}

// decidesGene tells whether there is more than one option.
func (f *frame) decidesGene(n *space.Cells) bool {
	if f.i == len(n.Kinds) {
		return false
	}
	g := geneOf(f.j)
	return n.Kinds[f.i].Decision(g.node, g.which).Count > 1
}

// advanceCells goes on where there is nothing to decide: a gene with one option, or the end of the cells.
func (c *compiler) advanceCells(f *frame, n *space.Cells, e env, x value) (*frame, value, effect) {
	costs := c.cellCosts(n, e, x.shape)
	if costs.inputs.stops() {
		return nil, x, costs.inputs
	}
	if f.i == len(n.Kinds) {
		out, fits, open := c.outputOfCells(f, n, e, x, value{shape: costs.inputs.out})
		if !fits {
			return nil, x, effect{conflict: open}
		}
		return f.next, out, costs.inputs
	}
	next, does := c.option(f, n, e, x, costs, 0)
	return next, x, does
}

func (c *compiler) decideCell(f *frame, n *space.Cells, e env, x value) outcome {
	kind, g := &n.Kinds[f.i], geneOf(f.j)
	d := kind.Decision(g.node, g.which)
	at := c.decision(under(under(f.scope, kind.Name), d.Name), d.Count, d.Label)
	costs := c.cellCosts(n, e, x.shape)
	if costs.inputs.stops() {
		return outcome{conflict: costs.inputs.conflict}
	}
	return c.fork(at, d.Count, func(i int) outcome {
		next, does := c.option(f, n, e, x, costs, i)
		if does.stops() {
			return outcome{conflict: does.conflict}
		}
		return c.derive(next, e, x).after(does.cost, does.deferred)
	})
}

// cellCosts is remembered for every item.
func (c *compiler) cellCosts(n *space.Cells, e env, x network.Shape) *cellCosts {
	e = e.only(c.space.Vars(n))
	key := placeKey{n, c.envKey(e), x}
	known, ok := c.cells[key]
	if !ok {
		known = c.cellCostsNow(n, e, x)
		c.cells[key] = known
	}
	return known
}

func (c *compiler) cellCostsNow(n *space.Cells, e env, x network.Shape) *cellCosts {
	costs := &cellCosts{inputs: effect{fits: true, out: x}, kinds: make([][2][]effect, len(n.Kinds))}
	for i := range n.Kinds {
		for source := range costs.kinds[i] {
			costs.kinds[i][source] = slices.Repeat([]effect{{fits: true}}, len(n.Kinds[i].Operations))
		}
	}
	older := x
	for _, cell := range n.Chain {
		kind, last := &n.Kinds[cell.Kind], costs.inputs.out
		// node is first the shape of the inputs of the cell, then that of its nodes
		node := costs.inputs.then(c.plain(cell.Older, e, older))
		if !node.stops() {
			node = node.then(c.plain(cell.Last, e, last))
		}
		if costs.inputs = node; node.stops() {
			return costs
		}
		for source, operations := range [][]space.Option{kind.On(fromInput), kind.Operations}[:min(2, kind.Nodes)] {
			in := node.out
			for k, o := range operations {
				does := c.plain(o.Node, e, in)
				if does.stops() {
					costs.inputs = does
					return costs
				}
				costs.kinds[cell.Kind][source][k] = costs.kinds[cell.Kind][source][k].then(does)
				node.out = does.out
			}
		}
		out, err := space.Concat.Shape(slices.Repeat([]network.Shape{node.out}, kind.Nodes)...)
		costs.inputs.out, costs.inputs.fits = out, err == nil
		if err != nil {
			return costs
		}
		older = last
	}
	return costs
}
