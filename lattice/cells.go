package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// The shapes in cells do not depend on what is decided about them, which package space has made sure of. So an operation on an edge costs
// the same whatever the rest of the cell is: what it costs in the first cell of its kind plus what it costs in the second and so on. It
// is paid once, where it is decided. The only thing to remember between two decisions is whether the edge comes from an input or a node.

// cellCosts is what all cells of a node do to a tensor of one shape under one env.
type cellCosts struct {
	ends  effect          // of what is before the first nodes of all cells; out is the shape of the last cell
	kinds [][2][]effect   // by kind, source and operation
	stop  *conflict       // of an open variable
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
// from nodes; a pair is in order, so that tells which.
type gene struct{ node, which, fromNodes int }

func geneOf(j int) gene { return gene{j / 9, j / 3 % 3, j % 3} }

func (g gene) number() int { return g.node*9 + g.which*3 + g.fromNodes }

// source returns the source of the edge whose operation is decided.
func (g gene) source() int {
	if g.fromNodes == 2 || g.fromNodes == 1 && g.which == space.CellSecond {
		return fromNode
	}
	return fromInput
}

// openCells returns the frame of the first decision.
func (c *compiler) openCells(f *frame, n *space.Cells) *frame {
	return c.frame(frame{kind: genes, node: n, scope: f.scope, next: f.next})
}

// deriveGenes goes on with the decisions of cells as far as there is one way only. It returns the frame after the cells with what they cost
// in any case and their shape, or the frame of a decision.
func (c *compiler) deriveGenes(f *frame, n *space.Cells, e env, x network.Shape) (next *frame, a effect) {
	costs := c.cellCosts(n, e, x)
	if costs.stops() {
		return nil, costs
	}
}
