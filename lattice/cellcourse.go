package lattice

import (
	"encoding/binary"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// cellState is how far a place of the kind that is decided is derived. Behind those of the places stands one with the provisos of the kinds
// before.
type cellState struct {
	provisos int32
	first    course // what waits for the sum of a node, once its first edge has run
}

// courseOfCells gives next, the frame after an option of a decision of cells, its course. It reports false if there is no room for the
// option, with the variables to be closed if that depends on some.
func (c *compiler) courseOfCells(next, f *frame, n *space.Cells, e env, x value, option int) (bool, *conflict) {
	chain := c.chain(n, e, x, f.next)
	if !chain.fits {
		return false, chain.open
	}
	places := chain.places[f.i]
	states := make([]cellState, len(places)+1)
	if f.course.cells > 0 {
		copy(states, c.states[f.course.cells-1])
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
	next.course.cells = c.state(states)
	return true, nil
}

// edge runs an operation of an edge in a place, and behind the second edge the sum of the node.
func (c *compiler) edge(p *cellPlace, s *cellState, g gene, option int) (bool, *conflict) {
	beside := p.kept
	beside.nameless += int64(g.node) * p.node.Bytes()
	k, from := beside, g.edges().First
	if g.which == space.CellSecond {
		from = g.edges().Second
		k.nameless += s.first.nameless
		k.sure |= s.first.waiting
	} else if other := g.edges().Second; sourceOf(other) == fromInput {
		k.sure |= only(p.in[other].number)
	}
	k.perhaps &^= k.sure
	var x value
	if sourceOf(from) == fromInput {
		x = p.in[from]
	} else { // one of the nodes, which wait anyway
		x = c.named(value{shape: p.node}, &k, 0)
		k.nameless -= p.node.Bytes()
		k = k.with(x.number, x.shape, true)
	}
	var fits bool
	if x.provisos, fits = c.demand(s.provisos, k.sure|only(x.number), k.perhaps, &k); !fits {
		return false, nil
	}
	out, open, fits := c.through(x, p.edges[sourceOf(from)][option], &k)
	if !fits {
		return false, open
	}
	s.provisos = out.provisos
	if out.number == 0 || sourceOf(from) == fromInput {
		s.first = s.first.waits(out)
	}
	if g.which == space.CellSecond {
		out, fits = c.joins(&p.kept, s.first, s.provisos, p.node, &beside)
		*s = cellState{provisos: out.provisos}
	}
	return fits, nil
}

// concat ends the cell of a place, and adds to those of the past the provisos that are not about the cell, but about what k keeps.
func (c *compiler) concat(p *cellPlace, s cellState, nodes int, past *cellState, k *kept) bool {
	perhaps := p.kept.perhaps & k.perhaps
	provisos, fits := c.demand(s.provisos, 0, perhaps, &p.kept)
	if fits && nodes > 1 {
		provisos, fits = c.needs(provisos, p.kept.held()+2*p.out.Bytes(), perhaps, &p.kept)
	}
	past.provisos = c.both(past.provisos, provisos, k)
	return fits
}

// both returns the provisos of two lists.
func (c *compiler) both(a, b int32, k *kept) int32 {
	if a == 0 || a == b {
		return b
	}
	if b == 0 {
		return a
	}
	return c.noted(normal(append(slices.Clone(c.provisosOf(a)), c.provisosOf(b)...), k))
}

// state returns the number of the states of places.
func (c *compiler) state(states []cellState) int32 {
	var key []byte
	for _, s := range states {
		key = binary.AppendUvarint(key, uint64(s.provisos))
		key = binary.AppendUvarint(key, uint64(s.first.waiting))
		key = binary.AppendUvarint(key, uint64(s.first.nameless))
	}
	n, ok := c.stated[string(key)]
	if !ok {
		c.states = append(c.states, states)
		n = int32(len(c.states))
		c.stated[string(key)] = n
	}
	return n
}

// outputOfCells returns what comes out of the last cell, with all that was demanded of the tensors beside them.
func (c *compiler) outputOfCells(f *frame, n *space.Cells, e env, x, out value) (value, bool, *conflict) {
	if c.memory == 0 {
		return out, true, nil
	}
	chain := c.chain(n, e, x, f.next)
	if !chain.fits {
		return out, false, chain.open
	}
	k := f.next.waiting()
	out.provisos = c.both(x.provisos, chain.provisos, k)
	if f.course.cells > 0 {
		out.provisos = c.both(out.provisos, c.states[f.course.cells-1][0].provisos, k)
	}
	return out, true, nil
}
