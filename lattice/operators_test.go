package lattice_test

import (
	"fmt"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Where all routes but one of a junction are beyond a budget, what is left of it has one sum only, which three budgets must all bound.
func TestThreeLimitsBoundTheOnlyRouteThatIsLeft(t *testing.T) {
	nothing := space.LeafOf(&space.Identity{})
	second := &space.Choice{Name: "second", Options: []space.Option{{Label: "a", Node: nothing}}}
	for i := range 9 {
		second.Options = append(second.Options, space.Option{Label: fmt.Sprint("b", i), Node: space.LeafOf(&space.Dense{Out: space.Of(i + 2)})})
	}
	s, err := space.New("three", network.Shape{H: 1, W: 1, C: 4}, space.SeqOf(
		&space.Choice{Name: "first", Options: []space.Option{{Label: "x", Node: nothing}, {Label: "y", Node: nothing}, {Label: "z", Node: nothing}}}, second))
	l := compiled(t, must(t, s, err))
	for _, cost := range []struct {
		metric lattice.Metric
		of     map[string]float64
	}{{"ms", map[string]float64{"y": 2, "z": 1, "a": 1}}, {"mJ", map[string]float64{"b1": 1}}} {
		l, err = l.WithCosts(lattice.CostModel{Metric: cost.metric, Unit: string(cost.metric), Bin: 1, Of: func(s lattice.Step) float64 { return cost.of[s.Option] }})
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := l.Within(lattice.AtMost("mJ", 1), lattice.AtMost("ms", 2), lattice.AtMost(lattice.MACs, 1))
	if err != nil || r.Count().Int64() != 2 {
		t.Fatalf("got %v (%v), but only x or z, and a, are within", r.Count(), err)
	}
}
