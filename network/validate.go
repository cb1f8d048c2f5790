package network

import (
	"errors"
	"fmt"
)

// Validate checks every invariant of a graph: node 0 is the only input; IDs are places; inputs come earlier; operators
// have their defaults written out; shapes are those inferred; scopes are printable; the output exists. It returns the
// first breach. Graphs from Build and Parse keep them all.
func (g *Graph) Validate() error {
	if len(g.Nodes) == 0 {
		return errors.New("the network has no nodes")
	}
	scratch := make([]Shape, 0, 4)
	for i, n := range g.Nodes {
		if n.Op == nil {
			return fmt.Errorf("node %d: has no operator", i)
		}
		if n.ID != i {
			return nodeError(n, fmt.Errorf("stands at place %d", i))
		}
		if n.Op != n.Op.normal() {
			return nodeError(n, errors.New("has defaults that are not written out"))
		}
		if n.Scope != "" {
			if err := checkScope(n.Scope); err != nil {
				return nodeError(n, err)
			}
		}
		if i == 0 {
			if n.Op != (Input{}) || len(n.Inputs) != 0 {
				return nodeError(n, errors.New("node 0 must be the input"))
			}
			if err := n.Shape.Check(); err != nil {
				return nodeError(n, err)
			}
			continue
		}
		shape, err := inferNode(g.Nodes[:i], n, &scratch)
		if err != nil {
			return err
		}
		if shape != n.Shape {
			return nodeError(n, fmt.Errorf("shape is %v, inferred is %v", n.Shape, shape))
		}
	}
	if g.Output < 0 || g.Output >= len(g.Nodes) {
		return fmt.Errorf("the output is node %d, but there are nodes 0 to %d only", g.Output, len(g.Nodes)-1)
	}
	return nil
}
