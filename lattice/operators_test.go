package lattice_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// sevenths is what an operator is made up to cost, in thousandths, and how many bins of 7 thousandths that is.
func sevenths(o space.Operator, down bool) (cost float64, bins int64) {
	n := thousandths(o.Key())
	if down {
		return float64(n) / 1000, n / 7
	}
	return float64(n) / 1000, (n + 6) / 7
}

// operated gives a lattice a cost of operators, and the enumeration the sums over the operators of its architectures.
func operated(t failing, e *enumerated, l *lattice.Lattice, down bool) *lattice.Lattice {
	l, err := l.Priced(lattice.Price{Metric: "device", Unit: "ms", Bin: 0.007, Down: down, Offset: 0.014, OfOperator: func(o space.Operator) float64 {
		cost, _ := sevenths(o, down)
		return cost
	}})
	if err != nil {
		t.Fatal(err)
	}
	if e.further == nil {
		e.further = map[lattice.Metric][]int64{}
	}
	for _, a := range e.archs {
		operators, err := e.space.Operators(a)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(2)
		for _, o := range operators {
			_, bins := sevenths(o, down)
			sum += bins
		}
		e.further["device"] = append(e.further["device"], sum)
	}
	return l
}

type failing interface{ Fatal(args ...any) }

func builtin(t testing.TB, name string, p space.Params) *space.Space {
	t.Helper()
	s, err := space.Open(name, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCostsOfOperatorsAgreeWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 400)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		metrics := []lattice.Metric{lattice.MACs, "device"}
		if rapid.Bool().Draw(t, "with costs of options") {
			var further []lattice.Metric
			l, further = furthered(t, &e, l)
			metrics = append(metrics, further[1])
		}
		if rapid.Bool().Draw(t, "chained") {
			l = l.Chained()
		}
		l = operated(t, &e, l, rapid.Bool().Draw(t, "down"))
		for i, a := range e.archs {
			for _, m := range metrics {
				if got, err := l.Cost(a, m); err != nil || got != e.value(i, m) {
					t.Fatalf("%v has %d %s (%v), want %d", a, got, m, err, e.value(i, m))
				}
			}
		}
		limits := e.limits(t, metrics)
		if rapid.Bool().Draw(t, "from below") {
			least := e.value(rapid.IntRange(0, len(e.archs)-1).Draw(t, "at"), "device")
			limits = append(limits, lattice.AtLeast("device", least))
		}
		agree(t, e, l, limits, 1+len(e.archs)/50)
	})
}

func TestCostsOfOperatorsInCellsAgreeWithBruteForce(t *testing.T) {
	for _, s := range []*space.Space{nb201(t), builtin(t, "enas-macro", space.Params{"layers": "3"})} {
		l := compiled(t, s)
		e, ok := enumerate(t, s, 20000)
		if !ok {
			t.Fatalf("%s has more architectures than this test can take", s.Name())
		}
		l = operated(t, &e, l, false)
		agree(t, e, l, []lattice.Limit{lattice.AtMost("device", e.quantile("device", 0.2)), lattice.AtMost(lattice.MACs, e.quantile(lattice.MACs, 0.6))}, 97)
	}
}

func TestTheOperatorsOfASpaceAreThoseOfItsArchitectures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		in, times := map[string]int64{}, map[string]int64{}
		for _, a := range e.archs {
			operators, err := e.space.Operators(a)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, o := range operators {
				times[o.Key()]++
				if !seen[o.Key()] {
					in[o.Key()]++
					seen[o.Key()] = true
				}
			}
		}
		uses, err := l.Operators()
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range uses {
			key := u.Operator.Key()
			if u.In.Cmp(big.NewInt(in[key])) != 0 || u.Times.Cmp(big.NewInt(times[key])) != 0 {
				t.Fatalf("%s is said to be in %v architectures %v times, and is in %d, %d times", key, u.In, u.Times, in[key], times[key])
			}
			delete(in, key)
		}
		for key := range in {
			t.Fatalf("%s is not listed", key)
		}
	})
}

func TestTheCostOfOperatorsOutlivesALimitOfMemory(t *testing.T) {
	s := builtin(t, "nb-macro", nil)
	e, _ := enumerate(t, s, 1<<13)
	l := operated(t, &e, compiled(t, s), false)
	for i, a := range e.archs {
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if e.further["memory"] = append(e.further["memory"], g.PeakMemory()); i > 4000 {
			break
		}
	}
	most, budget := e.further["memory"][0], e.quantile("device", 0.5)
	r, err := l.Within(lattice.AtMost(lattice.Memory, most), lattice.AtMost("device", budget))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4000 {
		want := e.further["memory"][i] <= most && e.value(i, "device") <= budget
		if got := r.Contains(e.archs[i]); got != want {
			t.Fatalf("Contains(%v) = %t, with %d bytes and %d bins", e.archs[i], got, e.further["memory"][i], e.value(i, "device"))
		}
	}
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
