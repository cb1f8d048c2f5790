package lattice_test

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// trees draws small random trees of all combinators. Names are numbered, so that no two decisions of a derivation share one.
type trees struct {
	t       *rapid.T
	named   int
	widths  []string // variables in scope that hold channels
	kernels []string // variables in scope that hold kernels
	lets    map[string]int
}

func (g *trees) name(kind string) string {
	g.named++
	return fmt.Sprintf("%s%d", kind, g.named)
}

func (g *trees) number(low, high int) int { return rapid.IntRange(low, high).Draw(g.t, "n") }

func (g *trees) pick(constants []int, vars []string) space.Attr {
	if len(vars) > 0 && g.number(0, 2) > 0 {
		return space.Var(rapid.SampledFrom(vars).Draw(g.t, "var"))
	}
	return space.Of(rapid.SampledFrom(constants).Draw(g.t, "constant"))
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
		v := rapid.SampledFrom(all).Draw(g.t, "case")
		return &space.Case{Var: v, Nodes: g.several(g.lets[v], g.lets[v], depth)}
	case 8:
		r := &space.Repeat{Counts: rapid.SampledFrom([][]int{{1, 2}, {0, 2}, {2}, {1, 2, 3}, {0}}).Draw(g.t, "counts"), Body: g.node(depth - 1)}
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

// enumerated is a space with all of its architectures and what their networks cost.
type enumerated struct {
	space *space.Space
	archs []space.Arch
	costs []network.Cost

	further map[lattice.Metric][]int64 // of every architecture
}

// enumerate derives everything by brute force, or returns false for more than atMost architectures.
func enumerate(t interface{ Fatal(...any) }, s *space.Space, atMost int) (enumerated, bool) {
	e := enumerated{space: s}
	for a := range s.Each() {
		if len(e.archs) == atMost {
			return e, false
		}
		e.archs = append(e.archs, a)
	}
	for _, a := range e.archs {
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		e.costs = append(e.costs, g.Cost())
	}
	return e, true
}

// draw returns a random space of at most atMost architectures; draws of larger ones and of trees that are no space are skipped.
func draw(t *rapid.T, atMost int) enumerated {
	g := &trees{t: t}
	root := &space.Seq{Nodes: []space.Node{g.node(4), g.node(3), g.node(3), g.node(2)}}
	s, err := space.New("drawn", network.Shape{H: 8, W: 8, C: 2}, root)
	if err != nil {
		t.Skip(err)
	}
	// the lattice's count saves the enumeration of what is too large; that it is right is what the tests are about
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	if n := l.Count(); !n.IsInt64() || n.Int64() > int64(atMost) {
		t.Skip("too large")
	}
	e, ok := enumerate(t, s, atMost+1)
	if !ok {
		t.Fatalf("the lattice counts %v architectures, but there are more than %d", l.Count(), atMost)
	}
	return e
}

// value returns what architecture i costs, without the lattice.
func (e enumerated) value(i int, m lattice.Metric) int64 {
	switch m {
	case lattice.Params:
		return e.costs[i].Params
	case lattice.MACs:
		return e.costs[i].MACs
	}
	return e.further[m][i]
}

// within returns the positions of the architectures that keep all limits.
func (e enumerated) within(limits []lattice.Limit) []int {
	var out []int
	for i := range e.costs {
		if !slices.ContainsFunc(limits, func(l lattice.Limit) bool {
			v := e.value(i, l.Metric)
			return v < l.Min || v > l.Max && (l.Min == 0 || l.Max != 0)
		}) {
			out = append(out, i)
		}
	}
	return out
}

// budgets draws up to two limits around the costs that there are.
func (e enumerated) budgets(t *rapid.T) []lattice.Limit {
	return e.limits(t, []lattice.Metric{lattice.Params, lattice.MACs})
}

func (e enumerated) limits(t *rapid.T, metrics []lattice.Metric) []lattice.Limit {
	var limits []lattice.Limit
	for _, m := range metrics {
		if rapid.Bool().Draw(t, "limited") {
			i := rapid.IntRange(0, len(e.costs)-1).Draw(t, "at")
			limits = append(limits, lattice.Limit{Metric: m, Max: e.value(i, m) + int64(rapid.IntRange(-2, 2).Draw(t, "off"))})
		}
	}
	if rapid.Bool().Draw(t, "turned") {
		slices.Reverse(limits)
	}
	return limits
}

// quantile returns the value of a metric that a share of the architectures does not exceed.
func (e enumerated) quantile(m lattice.Metric, share float64) int64 {
	values := make([]int64, len(e.costs))
	for i := range e.costs {
		values[i] = e.value(i, m)
	}
	slices.Sort(values)
	return values[int(share*float64(len(values)))]
}
