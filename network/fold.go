package network

import (
	"fmt"
	"strings"
)

// box is what a drawing shows as one: a chain of nodes such as convolution, batch norm and activation, or a whole
// squeeze-and-excite gate. Its output is that of its last node.
type box struct {
	nodes []int // in order
	gate  bool  // a squeeze-and-excite gate
	scope string
}

func (b box) last() int { return b.nodes[len(b.nodes)-1] }

// fold groups the nodes of a graph into boxes, in the order of their last nodes. A chain holds at most one operator
// that does the work (see light), links only nodes of one scope, and passes only through outputs that nobody else uses.
func (g *Graph) fold() []box {
	consumers := g.consumers()
	taken := make([]bool, len(g.Nodes))
	ends := make(map[int]box)
	claim := func(b box) {
		for _, id := range b.nodes {
			taken[id] = true
		}
		ends[b.last()] = b
	}
	for id := range g.Nodes {
		if gate := g.gateAt(id, consumers); gate != nil {
			claim(box{nodes: gate, gate: true, scope: g.Nodes[id].Scope})
		}
	}
	for id, n := range g.Nodes {
		if !taken[id] {
			claim(box{nodes: g.chainFrom(id, consumers, taken), scope: n.Scope})
		}
	}
	boxes := make([]box, 0, len(ends))
	for id := range g.Nodes {
		if b, ok := ends[id]; ok {
			boxes = append(boxes, b)
		}
	}
	return boxes
}

// chainFrom follows single consumers from a node as long as they belong to the same box. What accompanies comes after
// the operator that does the work, as in convolution, batch norm, activation; in a box that began with an activation
// (pre-activation, He et al. 2016) or after a merge, an activation belongs to the operator after it, if there is one.
func (g *Graph) chainFrom(id int, consumers [][]int, taken []bool) []int {
	if id == 0 {
		return []int{id}
	}
	follow := func(at int) (Node, bool) {
		if len(consumers[at]) != 1 {
			return Node{}, false
		}
		next := g.Nodes[consumers[at][0]]
		return next, !taken[next.ID] && next.Scope == g.Nodes[id].Scope && len(next.Inputs) == 1
	}
	chain := []int{id}
	working := !light(g.Nodes[id].Op)
	unary := len(g.Nodes[id].Inputs) == 1
	yields := !working || !unary
	complete := 1 // how many nodes of the chain surely belong to this box
	for at := id; ; {
		next, ok := follow(at)
		if !ok {
			return chain
		}
		if !light(next.Op) {
			if working {
				return chain[:complete]
			}
			working = true
			complete = len(chain) + 1
		}
		chain = append(chain, next.ID)
		if norm := isNorm(next.Op); !yields || norm && unary {
			complete = len(chain)
		}
		at = next.ID
	}
}

// gateAt returns the nodes of a squeeze-and-excite gate that begins at a global pooling, or nil.
func (g *Graph) gateAt(id int, consumers [][]int) []int {
	wanted := []string{"globalavgpool", "conv", "activation", "conv", "activation", "multiply"}
	chain := make([]int, 0, len(wanted))
	for i, kind := range wanted {
		n := g.Nodes[id]
		if n.Op.Kind() != kind || n.Scope != g.Nodes[chainStart(chain, id)].Scope {
			return nil
		}
		chain = append(chain, id)
		if i < len(wanted)-1 {
			if len(consumers[id]) != 1 {
				return nil
			}
			id = consumers[id][0]
		}
	}
	multiply := g.Nodes[id]
	if multiply.Inputs[0] != g.Nodes[chain[0]].Inputs[0] || multiply.Inputs[1] != chain[len(chain)-2] {
		return nil
	}
	return chain
}

func chainStart(chain []int, id int) int {
	if len(chain) == 0 {
		return id
	}
	return chain[0]
}

// consumers returns for each node the nodes that take its output, once each, in order.
func (g *Graph) consumers() [][]int {
	out := make([][]int, len(g.Nodes))
	for id, n := range g.Nodes {
		for _, from := range n.Inputs {
			if k := len(out[from]); k == 0 || out[from][k-1] != id {
				out[from] = append(out[from], id)
			}
		}
	}
	return out
}

// light tells the operators that accompany others in a box.
func light(op Op) bool {
	switch op.(type) {
	case BatchNorm, LayerNorm, RMSNorm, Activation, Dropout, Positions:
		return true
	}
	return false
}

// isNorm tells the normalisations.
func isNorm(op Op) bool {
	switch op.(type) {
	case BatchNorm, LayerNorm, RMSNorm:
		return true
	}
	return false
}

// label returns what a box does, and what accompanies it before and after.
func (b box) label(g *Graph) (before, work, after string) {
	if b.gate {
		hidden := g.Nodes[b.nodes[1]].Shape.C
		return "", fmt.Sprintf("squeeze-excite %d", hidden), opLabel(g.Nodes[b.nodes[4]].Op)
	}
	var beside [2][]string
	for _, id := range b.nodes {
		op := g.Nodes[id].Op
		switch {
		case !light(op):
			work = opLabel(op)
		case work == "":
			beside[0] = append(beside[0], opLabel(op))
		default:
			beside[1] = append(beside[1], opLabel(op))
		}
	}
	before, after = strings.Join(beside[0], ", "), strings.Join(beside[1], ", ")
	if work == "" {
		return "", before, ""
	}
	return before, work, after
}

// work returns the operator that does the work in a box, or its first one.
func (b box) work(g *Graph) Op {
	for _, id := range b.nodes {
		if op := g.Nodes[id].Op; !light(op) {
			return op
		}
	}
	return g.Nodes[b.nodes[0]].Op
}
