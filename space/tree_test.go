package space_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// treeMaker draws small random trees with all combinators.
type treeMaker struct {
	t     *rapid.T
	names int
	vars  []*space.Let // in scope
	left  int          // options that may still be opened, so that spaces stay enumerable
}

// drawSpace draws a small random space; ok is false if the tree holds no network that can be built.
func drawSpace(t *rapid.T) (*space.Space, bool) {
	m := treeMaker{t: t, left: 7}
	root := m.node(3)
	side := rapid.IntRange(3, 9).Draw(t, "side")
	input := network.Shape{H: side, W: side, C: rapid.IntRange(1, 3).Draw(t, "channels")}
	s, err := space.New("drawn", input, root)
	if err != nil {
		return nil, false
	}
	return s, true
}

func (m *treeMaker) intn(label string, n int) int { return rapid.IntRange(0, n-1).Draw(m.t, label) }

func (m *treeMaker) name(prefix string) string {
	m.names++
	return fmt.Sprintf("%s%d", prefix, m.names)
}

// options draws the number of options of a decision.
func (m *treeMaker) options() int {
	n := 1 + m.intn("options", 3)
	n = min(n, m.left+1)
	m.left -= n - 1
	return n
}

func (m *treeMaker) node(depth int) space.Node {
	if depth == 0 {
		return m.leaf()
	}
	switch m.intn("kind", 13) {
	case 0, 1:
		return m.leaf()
	case 2, 3:
		return &space.Seq{Nodes: m.nodes(depth, m.intn("nodes", 4))}
	case 4:
		return &space.Scope{Name: m.name("scope"), Body: m.node(depth - 1)}
	case 5:
		c := &space.Choice{Name: m.name("choice")}
		for i := range m.options() {
			c.Options = append(c.Options, space.Option{Label: fmt.Sprintf("o%d", i), Node: m.node(depth - 1)})
		}
		return c
	case 6:
		return m.let(depth)
	case 7:
		if len(m.vars) == 0 {
			return m.let(depth)
		}
		let := m.vars[m.intn("variable", len(m.vars))]
		return &space.Case{Var: let.Var, Nodes: m.nodes(depth, len(let.Values))}
	case 8:
		r := &space.Repeat{Name: m.name("repeat"), Body: m.node(depth - 1)}
		for i := range m.options() {
			r.Counts = append(r.Counts, []int{1, 0, 2}[i])
		}
		if m.intn("first", 2) == 1 {
			r.First = m.node(depth - 1)
		}
		return r
	case 9:
		join := []space.Join{space.Add, space.Concat}[m.intn("join", 2)]
		return &space.Parallel{Join: join, Branches: m.nodes(depth, 1+m.intn("branches", 3))}
	case 10:
		if m.intn("dag", 2) == 0 {
			return &space.Residual{Body: m.node(depth - 1)}
		}
		return m.dag(depth)
	case 11:
		return m.cells()
	}
	return m.skips()
}

func (m *treeMaker) nodes(depth, n int) []space.Node {
	out := make([]space.Node, n)
	for i := range out {
		out[i] = m.node(depth - 1)
	}
	return out
}

func (m *treeMaker) let(depth int) space.Node {
	let := &space.Let{Var: m.name("v")}
	let.Values = []space.Value{space.ValueOf(2), space.ValueOf(1), space.ValueOf(3)}[:m.options()]
	if m.intn("labels", 2) == 1 {
		let.Labels = []string{"two", "one", "three"}[:len(let.Values)]
	}
	m.vars = append(m.vars, let)
	let.Body = m.node(depth - 1)
	m.vars = m.vars[:len(m.vars)-1]
	return let
}

func (m *treeMaker) dag(depth int) space.Node {
	d := &space.Dag{Join: []space.Join{space.Add, space.Concat}[m.intn("join", 2)]}
	for k := range 1 + m.intn("dag nodes", 2) {
		edges := []space.Edge{{From: k, Node: m.node(depth - 1)}}
		if from := m.intn("second edge", k+2); from < k {
			edges = append(edges, space.Edge{From: from, Node: m.node(depth - 1)})
		}
		d.Nodes = append(d.Nodes, edges)
	}
	if len(d.Nodes) == 2 && m.intn("outputs", 2) == 1 {
		d.Output = []int{1, 2}
	}
	return d
}

// cells draws a chain of one or two kinds of cells, the second of which may halve the image. A kind has four forms at most.
func (m *treeMaker) cells() space.Node {
	c := &space.Cells{}
	pool, stride := space.LeafOf(&space.MaxPool{}), 1+m.intn("cell stride", 2)
	for i := range 1 + m.intn("kinds", 2) {
		kind := space.CellKind{Name: m.name("kind"), Nodes: 1}
		kind.Operations = []space.Option{
			{Label: "conv", Node: space.LeafOf(&space.Conv{Kernel: space.Of(1), Groups: m.attr("groups")})},
			{Label: "pool", Node: pool},
		}
		if m.left < 2 || m.intn("two nodes", 2) == 1 {
			kind.Nodes, kind.Operations = 2, kind.Operations[:1]
		} else {
			m.left -= 2
		}
		if i == 1 {
			kind.Entering = []space.Option{
				{Label: "conv", Node: space.LeafOf(&space.Separable{Stride: space.Of(stride)})},
				{Label: "pool", Node: space.LeafOf(&space.AvgPool{Stride: space.Of(stride)})},
			}[:len(kind.Operations)]
		}
		c.Kinds = append(c.Kinds, kind)
	}
	for i := range len(c.Kinds) + m.intn("more cells", 2) {
		out := space.Of(2 * (1 + m.intn("cell out", 2)))
		cell := space.Cell{Kind: i % len(c.Kinds), Last: space.LeafOf(&space.Conv{Out: out, Kernel: space.Of(1), Act: space.Of("none")})}
		cell.Older = cell.Last
		if i == 2 {
			cell.Older = space.LeafOf(&space.Reduction{Out: out, Stride: space.Of(stride)})
		}
		c.Chain = append(c.Chain, cell)
	}
	return c
}

// skips draws layers that each have one shape, whatever is decided.
func (m *treeMaker) skips() space.Node {
	s := &space.Skips{}
	for range 1 + m.intn("layers", 3) {
		out, stride := 1+m.intn("out", 2), 1+m.intn("stride", 2)
		c := &space.Choice{Name: "op", Options: []space.Option{
			{Label: "a", Node: space.LeafOf(&space.Conv{Out: space.Of(out), Stride: space.Of(stride)})},
			{Label: "b", Node: space.LeafOf(&space.Shortcut{Out: space.Of(out), Stride: space.Of(stride)})},
		}[:min(2, m.options())]}
		s.Layers = append(s.Layers, c)
	}
	return s
}

// attr draws a small number as a constant, a variable or a multiple of the input channels.
func (m *treeMaker) attr(label string) space.Attr {
	switch kind := m.intn(label+" from", 4); {
	case kind == 0 && len(m.vars) > 0:
		return space.Var(m.vars[m.intn("variable", len(m.vars))].Var)
	case kind == 1 && len(m.vars) > 0:
		return space.Var(m.vars[m.intn("variable", len(m.vars))].Var).Times(1.5)
	case kind == 2 && label == "out":
		return space.In().Times([]float64{1, 0.5, 2}[m.intn("factor", 3)])
	}
	return space.Of(1 + m.intn(label, 3))
}

func (m *treeMaker) leaf() space.Node {
	switch m.intn("block", 9) {
	case 0:
		return space.LeafOf(&space.Identity{})
	case 1:
		return space.LeafOf(&space.MBConv{Out: m.attr("out"), Expand: space.Of(2), SE: space.Of(0.5 * float64(m.intn("se", 2)))})
	case 2:
		return space.LeafOf(&space.MaxPool{Stride: m.attr("stride")})
	case 3:
		return space.LeafOf(&space.Shortcut{Out: m.attr("out")})
	case 4:
		return space.LeafOf(&space.Separable{Out: m.attr("out"), Stride: m.attr("stride")})
	case 5:
		return space.LeafOf(&space.Act{Func: space.Of("silu")})
	case 6:
		return space.LeafOf(&space.Conv{Kernel: m.attr("kernel"), Valid: space.Of(true), Norm: space.Of(false)})
	case 7:
		return space.LeafOf(&space.Zero{})
	}
	return space.LeafOf(&space.Conv{Out: m.attr("out"), Kernel: space.Of(1), Groups: space.Of(1 + m.intn("groups", 2)), Bias: space.Of(true)})
}
