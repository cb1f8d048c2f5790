package predict

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
)

// canonicalGraph is what of a network its output depends on. Identities are passed through, and what multiplies with zero or sees nothing of the
// sample is left out, with all that only it feeds: a constant is something that the next bias or normalisation makes up for.
// Operators without params that do the same with the same inputs are one part.
type canonicalGraph struct {
	parts  []part // in topological order, the sample first
	output int    // the part that is the output, or nothing
}

// part is an operator of a canonical graph.
type part struct {
	op     network.Op
	shape  network.Shape // of the first input
	inputs []int         // parts, or nothing where an input is zero; those of a sum are in ascending order
	sum    bool          // of two inputs or more
	live   bool          // the output depends on it
}

// nothing stands for the part of what is zero.
const nothing = -1

// canonicalOf reduces a graph. It costs about as much as a walk over the graph.
func canonicalOf(g *network.Graph) canonicalGraph {
	var e canonicalGraph
	at := make([]int, len(g.Nodes)) // the part that gives the output of each node
	same := map[uint64][]int{}      // parts without params, by a hash
	for id, n := range g.Nodes {
		switch n.Op.(type) {
		case network.Input:
			e.parts = append(e.parts, part{op: n.Op, shape: n.Shape})
			at[id] = 0
			continue
		case network.Zero:
			at[id] = nothing
			continue
		case network.Identity:
			at[id] = at[n.Inputs[0]]
			continue
		}
		p := part{op: n.Op, shape: g.Nodes[n.Inputs[0]].Shape}
		zeros := 0
		_, p.sum = n.Op.(network.Add)
		for _, from := range n.Inputs {
			if at[from] == nothing {
				zeros++
				if p.sum {
					continue
				}
			}
			p.inputs = append(p.inputs, at[from])
		}
		_, product := n.Op.(network.Multiply)
		switch {
		case zeros == len(n.Inputs), product && zeros > 0:
			at[id] = nothing
		case p.sum && len(p.inputs) == 1:
			at[id] = p.inputs[0]
		default:
			if p.sum {
				slices.Sort(p.inputs)
			}
			at[id] = e.add(p, g.NodeCost(id).Params == 0, same)
		}
	}
	e.output = at[g.Output]
	e.mark(e.output)
	return e
}

// add appends a part, unless it is one that is there and needs not be twice, and returns its place.
func (e *canonicalGraph) add(p part, shared bool, same map[uint64][]int) int {
	var key uint64
	if shared {
		key = mix(hashText(p.op.Kind()), uint64(len(p.inputs)))
		for _, in := range p.inputs {
			key = mix(key, uint64(in))
		}
		for _, i := range same[key] {
			if e.parts[i].op == p.op && slices.Equal(e.parts[i].inputs, p.inputs) {
				return i
			}
		}
		same[key] = append(same[key], len(e.parts))
	}
	e.parts = append(e.parts, p)
	return len(e.parts) - 1
}

// mark marks what the output depends on.
func (e *canonicalGraph) mark(output int) {
	if output == nothing {
		return
	}
	e.parts[output].live = true
	for i := output; i >= 0; i-- {
		if e.parts[i].live {
			for _, in := range e.parts[i].inputs {
				if in != nothing {
					e.parts[in].live = true
				}
			}
		}
	}
}
