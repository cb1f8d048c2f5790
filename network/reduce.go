package network

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
)

// reduced is a graph by the rules of [Graph.Canonical], before its nodes are numbered.
type reduced struct {
	nodes  []reducedNode // inputs before their users
	output int
}

type reducedNode struct {
	label    string // the operator with its attributes, and the shape where these do not say it
	own      uint64 // a hash of label
	terms    []term // the inputs
	commutes bool   // the inputs have no order
	colour   uint64
}

// term is an input of a node, and how many times a sum has it.
type term struct{ node, times int }

// value is what a node of the graph is after reduction: a sum of terms; no term at all is zero.
type value []term

// reducer builds the reduced nodes.
type reducer struct {
	g     *Graph
	nodes []reducedNode
	known map[string]int // nodes that may be shared, by label and terms
}

func reduce(g *Graph) *reduced {
	r := &reducer{g: g, known: map[string]int{}}
	live := g.live()
	values := make([]value, len(g.Nodes))
	for id, n := range g.Nodes {
		if live[id] {
			in := make([]value, len(n.Inputs))
			for i, from := range n.Inputs {
				in[i] = values[from]
			}
			values[id] = r.reduce(n, in)
		}
	}
	output := r.node(values[g.Output], g.OutputShape())
	all := &reduced{nodes: r.nodes, output: output}
	for id := range all.nodes {
		h := fnv.New64a()
		h.Write([]byte(all.nodes[id].label))
		all.nodes[id].own = h.Sum64()
	}
	return all.prune()
}

// live returns the nodes that the output depends on.
func (g *Graph) live() []bool {
	live := make([]bool, len(g.Nodes))
	live[g.Output] = true
	for id := g.Output; id >= 0; id-- {
		if live[id] {
			for _, from := range g.Nodes[id].Inputs {
				live[from] = true
			}
		}
	}
	return live
}

// reduce returns the value of a node whose inputs have these values.
func (r *reducer) reduce(n Node, in []value) value {
	switch op := n.Op.(type) {
	case Input:
		return r.made(reducedNode{label: "input " + n.Shape.String()}, false)
	case Identity:
		return in[0]
	case Dropout:
		if op.Rate == 0 || len(in[0]) == 0 {
			return in[0]
		}
		return r.made(reducedNode{label: op.String(), terms: r.terms(n, in)}, false)
	case Zero:
		return nil
	case Add:
		var sum value
		for _, v := range in {
			sum = sum.plus(v)
		}
		return sum
	case Multiply:
		if len(in[0]) == 0 || len(in[1]) == 0 {
			return nil
		}
		shapes := r.g.InputShapes(n.ID)
		both := reducedNode{label: op.String(), terms: r.terms(n, in), commutes: shapes[0] == shapes[1]}
		return r.made(both, true)
	}
	if r.keepsZero(n.Op) && !slices.ContainsFunc(in, func(v value) bool { return len(v) > 0 }) {
		return nil
	}
	return r.made(reducedNode{label: n.Op.String(), terms: r.terms(n, in)}, r.g.NodeCost(n.ID).Params == 0)
}

// keepsZero reports whether an operator gives zeros for zeros, whatever its trained numbers are.
func (r *reducer) keepsZero(op Op) bool {
	switch op := op.(type) {
	case MaxPool, AvgPool, GlobalAvgPool, Flatten, Concat:
		return true
	case Conv:
		return !op.Bias
	case Depthwise:
		return !op.Bias
	case Dense:
		return op.NoBias
	case Activation:
		return op.Func != Sigmoid && op.Func != HSigmoid
	}
	return false
}

// terms returns the inputs of a node as nodes of their own.
func (r *reducer) terms(n Node, in []value) []term {
	out := make([]term, len(in))
	for i, v := range in {
		out[i] = term{r.node(v, r.g.Nodes[n.Inputs[i]].Shape), 1}
	}
	return out
}

// node returns the node that a value is: its only term, a sum, or zeros of a shape.
func (r *reducer) node(v value, shape Shape) int {
	switch {
	case len(v) == 0:
		return r.made(reducedNode{label: "zero " + shape.String()}, true)[0].node
	case len(v) == 1 && v[0].times == 1:
		return v[0].node
	}
	return r.made(reducedNode{label: Add{}.String(), terms: v, commutes: true}, true)[0].node
}

// made returns the value of a node, which is that of an equal one if it may be shared.
func (r *reducer) made(n reducedNode, shared bool) value {
	key := []byte(n.label)
	if shared {
		terms := n.terms
		if n.commutes {
			terms = slices.Clone(terms)
			slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.node, b.node) })
		}
		for _, t := range terms {
			key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(t.node)), uint64(t.times))
		}
		if id, ok := r.known[string(key)]; ok {
			return value{{id, 1}}
		}
	}
	id := len(r.nodes)
	r.nodes = append(r.nodes, n)
	if shared {
		r.known[string(key)] = id
	}
	return value{{id, 1}}
}

// plus returns the sum of two values, by ascending node.
func (v value) plus(w value) value {
	var sum value
	for len(v) > 0 || len(w) > 0 {
		switch {
		case len(w) == 0 || len(v) > 0 && v[0].node < w[0].node:
			sum, v = append(sum, v[0]), v[1:]
		case len(v) == 0 || w[0].node < v[0].node:
			sum, w = append(sum, w[0]), w[1:]
		default:
			sum = append(sum, term{v[0].node, v[0].times + w[0].times})
			v, w = v[1:], w[1:]
		}
	}
	return sum
}

// prune leaves out the nodes that the output does not depend on any more: what only a zero was made of.
func (r *reduced) prune() *reduced {
	live := make([]bool, len(r.nodes))
	live[r.output] = true
	for id := len(r.nodes) - 1; id >= 0; id-- {
		if live[id] {
			for _, t := range r.nodes[id].terms {
				live[t.node] = true
			}
		}
	}
	number := make([]int, len(r.nodes))
	kept := &reduced{}
	for id, n := range r.nodes {
		if !live[id] {
			continue
		}
		number[id] = len(kept.nodes)
		n.terms = slices.Clone(n.terms)
		for i := range n.terms {
			n.terms[i].node = number[n.terms[i].node]
		}
		kept.nodes = append(kept.nodes, n)
	}
	kept.output = number[r.output]
	return kept
}
