package network

import "slices"

// Footprint is what a network needs where it is a part of a larger one, as bytes of float32 activations that are alive at once, without those
// of the larger one that wait beside it. Whether the input is needed again after the part has read it is for the larger one to know:
// where it is, After goes up by the input, and else it does not.
type Footprint struct {
	Through bool  // the output is the input itself
	Before  int64 // the most until the last node that reads the input, the input included; 0 if no node does
	After   int64 // the most from there on, the input not included; 0 if no node follows
}

// Footprint returns the footprint of the network. PeakMemory is the greatest of Before, After and the input.
func (g *Graph) Footprint() Footprint {
	out := Footprint{Through: g.Output == 0}
	last := g.lastUses()
	reader := last[0]
	alive := int64(0)
	if reader > 0 {
		alive = g.Input().Bytes()
	}
	for id, n := range g.Nodes[1:] {
		id++
		alive += n.Shape.Bytes()
		if id <= reader {
			out.Before = max(out.Before, alive)
		} else {
			out.After = max(out.After, alive)
		}
		for i, from := range n.Inputs {
			if last[from] == id && !slices.Contains(n.Inputs[:i], from) {
				alive -= g.Nodes[from].Shape.Bytes()
			}
		}
		if last[id] == id {
			alive -= n.Shape.Bytes()
		}
	}
	return out
}
