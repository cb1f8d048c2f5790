package lattice_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Junctions are the same if their routes cost the same, in whatever order: those of two parts of a space here, of which one has the options of
// the other turned around. Two options cost the same, and so do not tell their junctions apart either.
func TestJunctionsWhoseRoutesCostTheSameInAnotherOrderAreNotMixedUp(t *testing.T) {
	milliseconds := []float64{1, 2, 4, 4, 9}
	part := func(name string, backwards bool) space.Node {
		var nodes []space.Node
		for i := range 3 {
			c := &space.Choice{Name: fmt.Sprint(name, i)}
			for _, ms := range order(len(milliseconds), backwards) {
				c.Options = append(c.Options, space.Option{Label: fmt.Sprint(ms), Node: space.LeafOf(&space.Identity{})})
			}
			nodes = append(nodes, c)
		}
		return &space.Seq{Nodes: nodes}
	}
	s, err := space.New("two ways", network.Shape{H: 4, W: 4, C: 3}, &space.Choice{Name: "way", Options: []space.Option{
		{Label: "there", Node: part("there", false)}, {Label: "back", Node: part("back", true)},
	}})
	l := compiled(t, must(t, s, err))
	l, err = l.WithCosts(lattice.CostModel{Metric: "ms", Unit: "ms", Bin: 1, Of: func(s lattice.Step) float64 {
		if s.Fixed || s.Decision == "way" {
			return 0
		}
		return milliseconds[s.Option[0]-'0']
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int64{7, 12, 100} {
		sayAlike(t, l, l.ItemByItem(), []lattice.Limit{lattice.AtMost("ms", most)})
	}
}

func order(n int, backwards bool) []int {
	var out []int
	for i := range n {
		out = append(out, i)
	}
	if backwards {
		slices.Reverse(out)
	}
	return out
}
