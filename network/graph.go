package network

// Node is one operator of a graph.
type Node struct {
	ID     int    // the place in Graph.Nodes
	Op     Op     // with defaults written out
	Inputs []int  // IDs of earlier nodes, in the order the operator takes them
	Shape  Shape  // of the output
	Scope  string // groups nodes for people, as "stage2.block1"; may be empty
}

// Graph is a network: its nodes in topological order, the first of them the [Input], and the ID of the node whose
// output is the network's. It must be treated as immutable, because it is shared without copies. Make one with a
// [Builder] or with [Parse]; of a graph made otherwise, Validate says whether it keeps the invariants.
//
// A node that the output does not depend on is kept, computed and paid for.
type Graph struct {
	Nodes  []Node
	Output int
}

// Input returns the shape of one sample.
func (g *Graph) Input() Shape { return g.Nodes[0].Shape }

// OutputShape returns the shape of the network's output.
func (g *Graph) OutputShape() Shape { return g.Nodes[g.Output].Shape }

// InputShapes returns the shapes of the inputs of node id, in order; for node 0 the declared shape of the sample.
func (g *Graph) InputShapes(id int) []Shape {
	n := g.Nodes[id]
	if id == 0 {
		return []Shape{n.Shape}
	}
	in := make([]Shape, len(n.Inputs))
	for i, from := range n.Inputs {
		in[i] = g.Nodes[from].Shape
	}
	return in
}

// NodeCost returns the params and MACs of node id.
func (g *Graph) NodeCost(id int) Cost { return g.Nodes[id].Op.Cost(g.InputShapes(id)) }

// Cost returns the params and MACs of the whole network.
func (g *Graph) Cost() Cost {
	var sum Cost
	for id := range g.Nodes {
		sum = sum.Plus(g.NodeCost(id))
	}
	return sum
}

// Params returns the number of trained numbers.
func (g *Graph) Params() int64 { return g.Cost().Params }

// MACs returns the multiply-accumulate operations of one forward pass of one sample.
func (g *Graph) MACs() int64 { return g.Cost().MACs }
