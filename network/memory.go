package network

import "slices"

// lastUses returns for each node the ID of the last node that needs its output while running: its last consumer, or
// itself where nobody consumes it, or the number of nodes for the network's output, which outlives them all.
func (g *Graph) lastUses() []int {
	last := make([]int, len(g.Nodes))
	for id, n := range g.Nodes {
		last[id] = id
		for _, from := range n.Inputs {
			last[from] = id
		}
	}
	last[g.Output] = len(g.Nodes)
	return last
}

// PeakMemory returns the most bytes of activations alive at once in a forward pass of one float32 sample. Nodes run in
// their order; while a node runs its inputs and its output are alive; a tensor is freed after its last use, the
// network's output never. No operator works in place, so an engine that fuses or overwrites needs less.
// Params are not counted.
func (g *Graph) PeakMemory() int64 {
	last := g.lastUses()
	var alive, peak int64
	for id, n := range g.Nodes {
		alive += n.Shape.Bytes()
		peak = max(peak, alive)
		for i, from := range n.Inputs {
			if last[from] == id && !slices.Contains(n.Inputs[:i], from) {
				alive -= g.Nodes[from].Shape.Bytes()
			}
		}
		if last[id] == id {
			alive -= n.Shape.Bytes()
		}
	}
	return peak
}
