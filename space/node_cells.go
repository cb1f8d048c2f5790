package space

import "strconv"

// Cells is a chain of cells, each of which takes the outputs of the last two (NASNet, Zoph et al. 2018; DARTS, Liu et al. 2019); the
// first takes the input twice. Cells of one kind are the same: first come the decisions of every kind, each made once, then the cells
// in which they are used. Inside a cell, node k is the sum of two edges, which come from two different ones of the two inputs and the
// nodes before k; the cell gives the channels of all its nodes behind one another.
//
// For node k there are three decisions, in the scope of the kind: "nodek.inputs", the pair that the edges come from, labelled "0,2"
// with the inputs as 0 and 1 and the nodes from 2 on; and "nodek.first" and "nodek.second", the operations of the two edges. A pair has
// no order, so no cell is described twice. With m operations there are Π (k+1)k/2·m² cells of a kind, far too many for variables of a
// [Let]; but the shapes in a cell must not depend on its decisions, and so its costs add up edge by edge.
type Cells struct {
	Kinds []CellKind
	Chain []Cell
}

// CellKind is what the cells of one kind have in common. Operations decide nothing themselves.
type CellKind struct {
	Name       string   // the scope of its decisions
	Nodes      int      // besides the inputs, 1 to 16
	Operations []Option // of an edge; the labels are those of the decisions
	Entering   []Option // stand in for Operations on edges from the inputs, to change the shape there, with the same labels; nil means Operations
}

// Cell is one cell of [Cells]. Older and Last are what the output of the last cell but one and of the last go through before they are
// its inputs, which must have one shape. They decide nothing.
type Cell struct {
	Kind  int // an index into Kinds
	Older Node
	Last  Node
}

// Pair is the two inputs of a node of [Cells]: 0 and 1 are the inputs of the cell, 2 and up its nodes. First is less than Second.
type Pair struct{ First, Second int }

// Pairs returns the pairs that node k, counted from 0, can choose from, in the order of the options.
func (*CellKind) Pairs(k int) []Pair {
	pairs := make([]Pair, 0, (k+2)*(k+1)/2)
	for first := range k + 2 {
		for second := first + 1; second < k+2; second++ {
			pairs = append(pairs, Pair{first, second})
		}
	}
	return pairs
}

// String returns the label of the pair, as "0,2".
func (p Pair) String() string { return strconv.Itoa(p.First) + "," + strconv.Itoa(p.Second) }

// On returns the operations of an edge from an input or a node, numbered as in [Pair].
func (k *CellKind) On(from int) []Option {
	if from < 2 && k.Entering != nil {
		return k.Entering
	}
	return k.Operations
}

// The decisions of a node of [Cells], in order.
const (
	CellInputs = iota
	CellFirst
	CellSecond
	cellDecisions
)

// Decision returns a decision of node k, counted from 0: [CellInputs], [CellFirst] or [CellSecond]. Its name, as "node2.inputs", is relative to
// the scope of the kind, and its Path and Node are left out.
func (k *CellKind) Decision(node, which int) Point {
	name := func(word string) string { return "node" + strconv.Itoa(node+1) + "." + word }
	if which == CellInputs {
		pairs := k.Pairs(node)
		return Point{Name: name("inputs"), Count: len(pairs), Label: func(i int) string { return pairs[i].String() }}
	}
	edge := [...]string{CellFirst: "first", CellSecond: "second"}[which]
	return Point{Name: name(edge), Count: len(k.Operations), Label: func(i int) string { return k.Operations[i].Label }}
}

// decisions returns all decisions of the kind that are any, in order.
func (k *CellKind) decisions() []Point {
	var all []Point
	for node := range k.Nodes {
		for which := range cellDecisions {
			if p := k.Decision(node, which); p.Count > 1 {
				all = append(all, p)
			}
		}
	}
	return all
}
