package network

import "testing"

func TestValidateNamesTheFirstBreachOfAnInvariant(t *testing.T) {
	sample := Node{Op: Input{}, Shape: Shape{8, 8, 3}}
	relu := Node{ID: 1, Op: Activation{ReLU}, Inputs: []int{0}, Shape: Shape{8, 8, 3}}
	with := func(change func(*Node)) *Graph {
		n := relu
		change(&n)
		return &Graph{Nodes: []Node{sample, n}, Output: 1}
	}
	for want, g := range map[string]*Graph{
		"the network has no nodes":                                                                              {},
		"node 1: has no operator":                                                                               with(func(n *Node) { n.Op = nil }),
		"node 5 (activation): stands at place 1":                                                                with(func(n *Node) { n.ID = 5 }),
		"node 1 (activation): shape is 8x8x4, inferred is 8x8x3":                                                with(func(n *Node) { n.Shape.C = 4 }),
		"node 1 (activation): input %1 is no earlier node":                                                      with(func(n *Node) { n.Inputs = []int{1} }),
		"node 1 (activation): takes 1 input, not 2":                                                             with(func(n *Node) { n.Inputs = []int{0, 0} }),
		"node 1 (zero): has defaults that are not written out":                                                  with(func(n *Node) { n.Op = Zero{} }),
		"node 1 (conv): has defaults that are not written out":                                                  with(func(n *Node) { n.Op = &Conv{Out: 3, Kernel: 1} }),
		"node 0 (activation): node 0 must be the input":                                                         {Nodes: []Node{{Op: Activation{ReLU}, Shape: Shape{1, 1, 1}}}},
		"node 0 (input): shape 0x0x0 has a dimension below 1":                                                   {Nodes: []Node{{Op: Input{}}}},
		"the output is node 2, but there are nodes 0 to 1 only":                                                 {Nodes: []Node{sample, relu}, Output: 2},
		"node 1 (activation, \" x\"): scope \" x\" holds unprintable characters or begins or ends with a space": with(func(n *Node) { n.Scope = " x" }),
	} {
		if err := g.Validate(); err == nil || err.Error() != want {
			t.Errorf("Validate says %v; want %s", err, want)
		}
	}
	if err := with(func(*Node) {}).Validate(); err != nil {
		t.Errorf("a valid network is refused: %v", err)
	}
}
