package lattice_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func builtin(t testing.TB, name string, p space.Params) *space.Space {
	t.Helper()
	s, err := space.Open(name, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAMissingRowIsNamedWithTheNearest(t *testing.T) {
	s := builtin(t, "nb-macro", nil)
	_, err := lattice.ParsePrice("cost.yaml", []byte("trellis-cost: 1\noperators:\n  rows:\n    - {block: mbconv, kernel: 3, mean: 1}\n    - {block: conv, mean: 2}\n"), compiled(t, s))
	var missing *device.MissingError
	if !errors.As(err, &missing) || len(missing.Missing) == 0 {
		t.Fatalf("got %v, want the rows that are missing", err)
	}
	for _, m := range missing.Missing {
		if m.Operator.Block == "conv" || !strings.Contains(err.Error(), m.Operator.Key()) || m.Operator.Block == "mbconv" && m.Nearest != "block=mbconv kernel=3" {
			t.Errorf("%s is said to be missing, the nearest row to be %s", m.Operator, m.Nearest)
		}
	}
}

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
		l, err = l.Priced(lattice.Price{Metric: cost.metric, Unit: string(cost.metric), Bin: 1, Of: func(s lattice.Step) float64 { return cost.of[s.Option] }})
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := l.Within(lattice.AtMost("mJ", 1), lattice.AtMost("ms", 2), lattice.AtMost(lattice.MACs, 1))
	if err != nil || r.Count().Int64() != 2 {
		t.Fatalf("got %v (%v), but only x or z, and a, are within", r.Count(), err)
	}
}
