package lattice

import (
	"encoding/binary"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// cellState is how far a place of the kind that is decided is derived. Behind those of the places stands one with the deferred constraints of the kinds
// before.
type cellState struct {
	constraints int32
	first       liveness // what waits for the sum of a node, once its first edge has run
}

// livenessOfCells sets the liveness of next, the frame after an option of a decision of cells. It reports false if the option is beyond the
// limit, with the variables to be closed if that depends on some.
func (c *compiler) livenessOfCells(next, f *frame, n *space.Cells, e env, x value, option int) (bool, *conflict) {
	chain := c.chain(n, e, x, f.next)
	if !chain.fits {
		return false, chain.open
	}
	places := chain.places[f.i]
	states := make([]cellState, len(places)+1)
	if f.liveness.cells > 0 {
		copy(states, c.states[f.liveness.cells-1])
	}
	if g := geneOf(f.j); g.which != space.CellInputs {
		for i := range places {
			fits, open := c.edge(&places[i], &states[i], g, option)
			if !fits {
				return false, open
			}
		}
	}
	if next.i > f.i {
		past := &states[len(places)]
		for i := range places {
			if !c.concat(&places[i], states[i], n.Kinds[f.i].Nodes, past, f.next.waiting()) {
				return false, nil
			}
		}
		states = []cellState{*past}
		if next.i < len(n.Kinds) {
			states = append(make([]cellState, len(chain.places[next.i])), *past)
		}
	}
	next.liveness.cells = c.state(states)
	return true, nil
}

// edge runs an operation of an edge in a place, and behind the second edge the sum of the node.
func (c *compiler) edge(p *cellPlace, s *cellState, g gene, option int) (bool, *conflict) {
	beside := p.live
	beside.unnumbered += int64(g.node) * p.node.Bytes()
	k, from := beside, g.edges().First
	if g.which == space.CellSecond {
		from = g.edges().Second
		k.unnumbered += s.first.unnumbered
		k.sure |= s.first.waiting
	} else if other := g.edges().Second; sourceOf(other) == fromInput {
		k.sure |= only(p.in[other].number)
	}
	k.perhaps &^= k.sure
	var x value
	if sourceOf(from) == fromInput {
		x = p.in[from]
	} else { // one of the nodes, which wait anyway
		x = c.numbered(value{shape: p.node}, &k, 0)
		k.unnumbered -= p.node.Bytes()
		k = k.with(x.number, x.shape, true)
	}
	var fits bool
	if x.constraints, fits = c.settle(s.constraints, k.sure|only(x.number), k.perhaps, &k); !fits {
		return false, nil
	}
	out, open, fits := c.through(x, p.edges[sourceOf(from)][option], &k)
	if !fits {
		return false, open
	}
	s.constraints = out.constraints
	if out.number == 0 || sourceOf(from) == fromInput {
		s.first = s.first.waits(out)
	}
	if g.which == space.CellSecond {
		out, fits = c.joins(&p.live, s.first, s.constraints, p.node, &beside)
		*s = cellState{constraints: out.constraints}
	}
	return fits, nil
}

// concat ends the cell of a place, and adds to those of the past the deferred constraints that are not about the cell, but about what k holds.
func (c *compiler) concat(p *cellPlace, s cellState, nodes int, past *cellState, k *liveTensors) bool {
	perhaps := p.live.perhaps & k.perhaps
	constraints, fits := c.settle(s.constraints, 0, perhaps, &p.live)
	if fits && nodes > 1 {
		constraints, fits = c.require(constraints, p.live.held()+2*p.out.Bytes(), perhaps, &p.live)
	}
	past.constraints = c.both(past.constraints, constraints, k)
	return fits
}

// both returns the deferred constraints of two lists.
func (c *compiler) both(a, b int32, k *liveTensors) int32 {
	if a == 0 || a == b {
		return b
	}
	if b == 0 {
		return a
	}
	return c.intern(normal(append(slices.Clone(c.constraintsOf(a)), c.constraintsOf(b)...), k))
}

// state returns the number of the states of places.
func (c *compiler) state(states []cellState) int32 {
	var key []byte
	for _, s := range states {
		key = binary.AppendUvarint(key, uint64(s.constraints))
		key = binary.AppendUvarint(key, uint64(s.first.waiting))
		key = binary.AppendUvarint(key, uint64(s.first.unnumbered))
	}
	n, ok := c.stateNumbers[string(key)]
	if !ok {
		c.states = append(c.states, states)
		n = int32(len(c.states))
		c.stateNumbers[string(key)] = n
	}
	return n
}

// outputOfCells returns what comes out of the last cell, with all constraints on the tensors beside them.
func (c *compiler) outputOfCells(f *frame, n *space.Cells, e env, x, out value) (value, bool, *conflict) {
	if c.peakLimit == 0 {
		return out, true, nil
	}
	chain := c.chain(n, e, x, f.next)
	if !chain.fits {
		return out, false, chain.open
	}
	k := f.next.waiting()
	out.constraints = c.both(x.constraints, chain.constraints, k)
	if f.liveness.cells > 0 {
		out.constraints = c.both(out.constraints, c.states[f.liveness.cells-1][0].constraints, k)
	}
	return out, true, nil
}
