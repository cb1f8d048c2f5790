// Package drawn has spaces for tests: random ones of all combinators, with decisions that share variables and shapes that change, and small built-in ones.
package drawn

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Space draws a small tree of any combinators, down to a leaf after at most five of them, and returns its space, or an error where the tree is
// none: shapes may not meet, and there may be nothing to build. The same numbers give the same space.
func Space(name string, random *rand.Rand) (*space.Space, error) {
	g := &trees{random: random}
	return space.New(name, network.Shape{H: 8, W: 8, C: 2}, g.root())
}

// trees draws small random trees of all combinators. Names are numbered, so that no two decisions of a derivation share one.
type trees struct {
	random  *rand.Rand
	named   int
	widths  []string // variables in scope that hold channels
	kernels []string // variables in scope that hold kernels
	lets    map[string]int
}

func (g *trees) name(kind string) string {
	g.named++
	return fmt.Sprintf("%s%d", kind, g.named)
}

func (g *trees) number(low, high int) int { return low + g.random.IntN(high-low+1) }

func oneOf[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }

func (g *trees) pick(constants []int, vars []string) space.Attr {
	if len(vars) > 0 && g.number(0, 2) > 0 {
		return space.Var(oneOf(g.random, vars))
	}
	return space.Of(oneOf(g.random, constants))
}

func (g *trees) leaf() space.Node {
	var b space.Block
	switch g.number(0, 7) {
	case 0, 1, 2:
		b = &space.Conv{Out: g.pick([]int{2, 3}, g.widths), Kernel: g.pick([]int{1, 3}, g.kernels), Stride: space.Of(g.number(1, 4)/4 + 1)}
	case 3:
		b = &space.Depthwise{Kernel: g.pick([]int{3, 5}, g.kernels)}
	case 4:
		b = &space.MBConv{Kernel: g.pick([]int{3}, g.kernels), Expand: space.Of(g.number(1, 2)), SE: space.Of(0.5)}
	case 5:
		b = &space.MaxPool{Stride: space.Of(g.number(1, 2))}
	case 6:
		b = &space.Identity{}
	default:
		b = &space.Conv{Kernel: g.pick([]int{3, 5}, g.kernels), Valid: space.Of(true)}
	}
	return &space.Leaf{Block: b}
}

func (g *trees) several(low, high, depth int) []space.Node {
	nodes := make([]space.Node, g.number(low, high))
	for i := range nodes {
		nodes[i] = g.node(depth - 1)
	}
	return nodes
}

func (g *trees) node(depth int) space.Node {
	if depth == 0 {
		return g.leaf()
	}
	switch g.number(0, 11) {
	case 0:
		return g.leaf()
	case 1:
		return &space.Seq{Nodes: g.several(0, 3, depth)}
	case 2:
		return &space.Scope{Name: g.name("scope"), Body: g.node(depth - 1)}
	case 3:
		c := &space.Choice{Name: g.name("choice")}
		for i, n := range g.several(1, 3, depth) {
			c.Options = append(c.Options, space.Option{Label: fmt.Sprint("o", i), Node: n})
		}
		return c
	case 4, 5, 6:
		return g.let(depth)
	case 7:
		all := append(slices.Clone(g.widths), g.kernels...)
		if len(all) == 0 {
			return g.let(depth)
		}
		v := oneOf(g.random, all)
		return &space.Case{Var: v, Nodes: g.several(g.lets[v], g.lets[v], depth)}
	case 8:
		r := &space.Repeat{Counts: oneOf(g.random, [][]int{{1, 2}, {0, 2}, {2}, {1, 2, 3}, {0}}), Body: g.node(depth - 1)}
		if g.number(0, 1) == 1 {
			r.First = g.node(depth - 1)
		}
		r.Name = g.name("repeat")
		return r
	case 9:
		return &space.Parallel{Join: space.Join(g.number(0, 1)), Branches: g.several(1, 3, depth)}
	case 10:
		switch g.number(0, 3) {
		case 0, 1:
			return &space.Residual{Body: g.node(depth - 1)}
		case 2:
			return g.cells()
		}
		return &space.Scope{Name: g.name("skips"), Body: &space.Skips{Layers: g.several(1, 3, depth)}}
	}
	d := &space.Dag{Join: space.Join(g.number(0, 1))}
	for k := range g.number(1, 3) {
		var edges []space.Edge
		for from := range k + 1 {
			if from == k || g.number(0, 2) > 0 {
				edges = append(edges, space.Edge{From: from, Node: g.node(depth - 1)})
			}
		}
		d.Nodes = append(d.Nodes, edges)
	}
	if g.number(0, 1) == 1 {
		for k := range len(d.Nodes) {
			d.Output = append(d.Output, k+1)
		}
	}
	return &space.Scope{Name: g.name("dag"), Body: d}
}

// cells draws a chain of one or two kinds of cells, whose operations may use variables.
func (g *trees) cells() space.Node {
	n := &space.Cells{}
	for range g.number(1, 2) {
		operations := func(stride int) []space.Option {
			return []space.Option{
				{Label: "dw", Node: space.LeafOf(&space.Depthwise{Kernel: g.pick([]int{1, 3}, g.kernels), Stride: space.Of(stride)})},
				{Label: "red", Node: space.LeafOf(&space.Reduction{Stride: space.Of(stride)})},
			}
		}
		kind := space.CellKind{Name: g.name("kind"), Nodes: g.number(1, 2), Operations: operations(1)}
		if g.number(0, 1) == 1 {
			kind.Entering = operations(2)
		}
		if g.number(0, 3) == 0 {
			kind.Operations, kind.Entering = kind.Operations[:1], nil
		}
		n.Kinds = append(n.Kinds, kind)
	}
	for i := range len(n.Kinds) + g.number(0, 1) {
		out := g.pick([]int{2, 3}, g.widths)
		through := space.LeafOf(&space.Conv{Out: out, Kernel: space.Of(1)})
		cell := space.Cell{Kind: i % len(n.Kinds), Older: through, Last: through}
		if i > 0 && n.Kinds[(i-1)%len(n.Kinds)].Entering != nil {
			cell.Older = space.LeafOf(&space.Reduction{Out: out})
		}
		n.Chain = append(n.Chain, cell)
	}
	return n
}

func (g *trees) let(depth int) space.Node {
	if g.lets == nil {
		g.lets = map[string]int{}
	}
	n := &space.Let{Var: g.name("v")}
	vars := &g.widths
	if g.number(0, 1) == 0 {
		vars = &g.kernels
		n.Values = space.Values([]int{3, 1, 5}[:g.number(1, 3)]...)
	} else {
		n.Values = space.Values([]int{2, 3, 5}[:g.number(1, 3)]...)
	}
	g.lets[n.Var] = len(n.Values)
	*vars = append(*vars, n.Var)
	inside := []space.Node{g.node(depth - 1), g.node(depth - 1)}
	n.Body = &space.Seq{Nodes: inside[:g.number(1, 2)]}
	*vars = (*vars)[:len(*vars)-1]
	return n
}

// root draws the whole of a space: four trees behind one another, or a chain of cells among variables. There a width changes the shapes in the
// cells, and a kernel what their operations cost together with the decisions about them, so that neither variable can stay open.
func (g *trees) root() space.Node {
	if g.number(0, 7) > 0 {
		return &space.Seq{Nodes: []space.Node{g.node(3 + g.number(0, 3)/3), g.node(3), g.node(2), g.node(2)}}
	}
	g.kernels, g.widths, g.lets = []string{"kernel"}, []string{"width"}, map[string]int{"kernel": 2, "width": 2}
	return &space.Let{Var: "width", Values: space.Values(2, 3), Body: &space.Let{
		Var: "kernel", Values: space.Values(3, 1), Body: space.SeqOf(g.leaf(), g.cells(), g.leaf()),
	}}
}
