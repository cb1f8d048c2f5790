package space_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// form is how one node of a kind of cells is made: where its two edges come from, and which operations are on them.
type form struct{ from, ops [2]int }

// forms lists the forms of a node with so many inputs and nodes before it, in the order of choices.
func forms(before, operations int) (all []form) {
	for first := 0; first < before; first++ {
		for second := first + 1; second < before; second++ {
			for a := range operations {
				for b := range operations {
					all = append(all, form{[2]int{first, second}, [2]int{a, b}})
				}
			}
		}
	}
	return all
}

// followCells computes the costs of cells edge by edge.
func followCells(n *space.Cells, env space.Env, in network.Shape, choices *[]int) (network.Shape, network.Cost, error) {
	var kinds [][]form
	next := func(count int) int {
		if count == 1 {
			return 0
		}
		c := (*choices)[0]
		*choices = (*choices)[1:]
		return c
	}
	for _, kind := range n.Kinds {
		var cell []form
		for k := range kind.Nodes {
			m := len(kind.Operations)
			pair := next((k + 2) * (k + 1) / 2)
			first := next(m)
			cell = append(cell, forms(k+2, m)[pair*m*m+first*m+next(m)])
		}
		kinds = append(kinds, cell)
	}
	return inCells(n, env, in, kinds)
}

func inCells(n *space.Cells, env space.Env, in network.Shape, kinds [][]form) (network.Shape, network.Cost, error) {
	var sum network.Cost
	before := [2]network.Shape{in, in}
	for _, c := range n.Chain {
		var values []network.Shape
		for i, through := range []space.Node{c.Older, c.Last} {
			out, cost, err := follow(through, env, before[i], nil)
			if err != nil {
				return in, sum, err
			}
			values, sum = append(values, out), sum.Plus(cost)
		}
		for _, f := range kinds[c.Kind] {
			var into [2]network.Shape
			for i, from := range f.from {
				ops := n.Kinds[c.Kind].Operations
				if from < 2 && n.Kinds[c.Kind].Entering != nil {
					ops = n.Kinds[c.Kind].Entering
				}
				out, cost, err := follow(ops[f.ops[i]].Node, env, values[from], nil)
				if err != nil {
					return in, sum, err
				}
				into[i], sum = out, sum.Plus(cost)
			}
			out, err := space.Add.Shape(into[:]...)
			if err != nil {
				return in, sum, err
			}
			values = append(values, out)
		}
		out, err := space.Concat.Shape(values[2:]...)
		if err != nil {
			return in, sum, err
		}
		before = [2]network.Shape{before[1], out}
	}
	return before[1], sum, nil
}

// ofCells tries all forms of all nodes.
func ofCells(n *space.Cells, env space.Env, in network.Shape) []derived {
	type partial struct {
		kinds   [][]form
		choices []int
	}
	all := []partial{{}}
	for _, kind := range n.Kinds {
		for i := range all {
			all[i].kinds = append(all[i].kinds[:len(all[i].kinds):len(all[i].kinds)], nil)
		}
		for k := range kind.Nodes {
			m := len(kind.Operations)
			var next []partial
			for _, p := range all {
				for i, f := range forms(k+2, m) {
					kinds := append([][]form{}, p.kinds...)
					last := len(kinds) - 1
					kinds[last] = append(kinds[last][:k:k], f)
					choices := p.choices[:len(p.choices):len(p.choices)]
					if k > 0 {
						choices = append(choices, i/(m*m))
					}
					if m > 1 {
						choices = append(choices, i/m%m, i%m)
					}
					next = append(next, partial{kinds, choices})
				}
			}
			all = next
		}
	}
	var out []derived
	for _, p := range all {
		if shape, cost, err := inCells(n, env, in, p.kinds); err == nil {
			out = append(out, derived{p.choices, shape, cost})
		}
	}
	return out
}

func TestACellOfTwoNodesAndTwoOperationsHas48Forms(t *testing.T) {
	cells := &space.Cells{
		Kinds: []space.CellKind{{Name: "cell", Nodes: 2, Operations: []space.Option{
			{Label: "pool", Node: space.LeafOf(&space.MaxPool{})}, {Label: "conv", Node: space.LeafOf(&space.Separable{Pre: space.Of(true)})},
		}}},
		Chain: []space.Cell{{Older: space.LeafOf(&space.Identity{}), Last: space.LeafOf(&space.Identity{})}},
	}
	s := made(t)(space.New("cells", network.Shape{H: 4, W: 4, C: 2}, cells))
	texts := map[string]bool{}
	for a := range s.Each() {
		g, err := s.Network(a)
		if err != nil || g.OutputShape() != (network.Shape{H: 4, W: 4, C: 4}) {
			t.Fatalf("%v: %v", a, err)
		}
		texts[s.Format(a)] = true
	}
	if len(texts) != 2*2*3*2*2 || !texts["pool conv 0,2 conv pool"] {
		t.Errorf("%d forms: %v", len(texts), texts)
	}
	a, err := s.Parse("pool conv 1,2 conv pool")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range s.Decisions(a) {
		names = append(names, d.Name)
	}
	if got := strings.Join(names, " "); got != "cell.node1.first cell.node1.second cell.node2.inputs cell.node2.first cell.node2.second" {
		t.Errorf("the decisions are called %s", got)
	}
}
