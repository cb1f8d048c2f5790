package lattice_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func must(t testing.TB, s *space.Space, err error) *space.Space {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func builtIn(t testing.TB, name string) *lattice.Lattice {
	t.Helper()
	s, err := space.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func compiled(t testing.TB, s *space.Space) *lattice.Lattice {
	t.Helper()
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func nb201(t testing.TB) *space.Space { return drawn.Built(t, space.NB201, space.NB201Options{}) }

func nbMacro(t testing.TB) *space.Space { return drawn.Built(t, space.NBMacro, space.NBMacroOptions{}) }

// mobile has ten blocks at most, each with its kernel, expansion and squeeze-and-excitation, and a free width, depth and activation.
func mobile(t testing.TB) *space.Space { return drawn.Built(t, space.Mobile, space.MobileOptions{}) }

func chain20(t testing.TB) *space.Space {
	s, err := space.Chain(space.ChainOptions{
		Connect: space.SkipConnected,
		Stages:  []space.ChainStage{{Layers: 8, Width: 16}, {Layers: 6, Width: 24, Stride: 2}, {Layers: 6, Width: 40, Stride: 2}},
	})
	return must(t, s, err)
}

func TestKnownCounts(t *testing.T) {
	skips := new(big.Int).Exp(big.NewInt(6), big.NewInt(20), nil)
	skips.Lsh(skips, 190)
	for _, c := range []struct {
		space *space.Space
		want  *big.Int
	}{
		{nb201(t), big.NewInt(15625)},
		{nbMacro(t), big.NewInt(6561)},
		{chain20(t), skips},
	} {
		l := compiled(t, c.space)
		if got := l.Count(); got.Cmp(c.want) != 0 {
			t.Errorf("%s: the fold counts %v, want %v", c.space.Name(), got, c.want)
		}
		r, err := l.Within()
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Count(); got.Cmp(c.want) != 0 {
			t.Errorf("%s: the region counts %v, want %v", c.space.Name(), got, c.want)
		}
	}
}

func TestACellUsedFifteenTimesCostsAsManyItemsAsOne(t *testing.T) {
	if items, _ := compiled(t, nb201(t)).Size(); items != 7 {
		t.Errorf("nb201 has %d items, want six decisions and the end", items)
	}
}

// Pearson's statistic of k equally likely cells is about chi-square with k−1 degrees of freedom: mean k−1, standard deviation √(2(k−1)).
// Five standard deviations are a bound that a uniform sampler of a fixed seed keeps and one with a bias of a few percent does not.
func TestSamplesWithinBudgetsAreUniform(t *testing.T) {
	e := smallMobile(t)
	l := compiled(t, e.space)
	for name, limits := range map[string][]lattice.Limit{
		"params":          {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.1)}},
		"macs":            {{Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.1)}},
		"params and macs": {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.3)}, {Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.2)}},
	} {
		inside := e.within(limits)
		if len(inside) < 100 || len(inside) > 5000 {
			t.Fatalf("%s: %d architectures are a poor test", name, len(inside))
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		times := map[space.Arch]int{}
		const perCell = 20
		random := stream.New(7, name)
		for range perCell * len(inside) {
			times[r.Sample(random)]++
		}
		statistic := 0.0
		for _, i := range inside {
			d := float64(times[e.archs[i]] - perCell)
			statistic += d * d / perCell
		}
		k := float64(len(inside) - 1)
		if bound := k + 5*math.Sqrt(2*k); statistic > bound || len(times) > len(inside) {
			t.Errorf("%s: chi-square of %d cells is %.0f, more than %.0f; %d were drawn", name, len(inside), statistic, bound, len(times))
		}
	}
}

func TestABudgetThatNothingMeetsNamesTheTightestThatSomethingMeets(t *testing.T) {
	l := compiled(t, mobile(t))
	for _, c := range []struct {
		limits []lattice.Limit
		want   string
	}{
		{
			[]lattice.Limit{{Metric: lattice.Params, Max: 10000}},
			`no architecture of space "mobile" has at most 10,000 params; the smallest has 17,394 params`,
		},
		{
			[]lattice.Limit{{Metric: lattice.Params, Max: 100000}, {Metric: lattice.MACs, Max: 1000}},
			`no architecture of space "mobile" has at most 1,000 MACs; the smallest has 3,608,568 MACs`,
		},
	} {
		_, err := l.Within(c.limits...)
		if err == nil || err.Error() != c.want {
			t.Errorf("within %v: %v\nwant %s", c.limits, err, c.want)
		}
	}
	if _, err := l.Within(lattice.Limit{Metric: "latency", Max: 1}); err == nil || !strings.Contains(err.Error(), `"latency" is no metric`) {
		t.Errorf("an unknown metric: %v", err)
	}
}

func TestLimitsThatOnlyTogetherMeetNothingAreNamedTogether(t *testing.T) {
	net := func(kernel, dilation, stride int) space.Node {
		return space.LeafOf(&space.Conv{Out: space.Of(4 / stride), Kernel: space.Of(kernel), Dilation: space.Of(dilation), Stride: space.Of(stride)})
	}
	s, err := space.New("torn", network.Shape{H: 8, W: 8, C: 2}, &space.Choice{Name: "op", Options: []space.Option{
		{Label: "many-macs", Node: net(1, 1, 1)}, {Label: "many-params", Node: net(5, 1, 4)},
	}})
	l := compiled(t, must(t, s, err))
	_, err = l.Within(lattice.Limit{Metric: lattice.Params, Max: 20}, lattice.Limit{Metric: lattice.MACs, Max: 300})
	want := `no architecture of space "torn" has at most 300 MACs and at most 20 params together; with at most 20 params the smallest has 512 MACs`
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

func TestWhatDoesNotFitIntoMemoryIsSaidAndNotGuessed(t *testing.T) {
	var tooLarge *lattice.TooLargeError
	_, err := compiled(t, mobile(t)).WithinBytes(1<<16, lattice.Limit{Metric: lattice.MACs, Max: 10e6})
	if !errors.As(err, &tooLarge) || tooLarge.Need <= tooLarge.Bound || !strings.Contains(err.Error(), "2,730 are allowed") {
		t.Errorf("a region in 64 KiB: %v", err)
	}
	_, err = lattice.CompileItems(mobile(t), 50)
	if !errors.As(err, &tooLarge) || tooLarge.Need != 51 || tooLarge.Bound != 50 {
		t.Errorf("a lattice of 50 items: %v", err)
	}
}

// A rank has 243 bits here, and most of the decisions are free of cost.
func TestRanksOfMoreThanAWordAreInverse(t *testing.T) {
	l := compiled(t, chain20(t))
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: 60000})
	if err != nil {
		t.Fatal(err)
	}
	random := stream.New(5, "wide")
	for range 20 {
		a := r.Sample(random)
		rank, err := r.Rank(a)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := r.Unrank(rank); err != nil || back != a {
			t.Fatalf("unrank of rank %v is %v (%v), want %v", rank, back, err, a)
		}
		g, err := r.Space().Network(a)
		if err != nil || g.Params() > 60000 {
			t.Fatalf("%v was drawn: %v", a, err)
		}
	}
}

func TestManyMayAskARegionAtOnce(t *testing.T) {
	l := compiled(t, smallMobile(t).space)
	limits := []lattice.Limit{{Metric: lattice.Params, Max: 15000}, {Metric: lattice.MACs, Max: 800000}}
	run := func(r *lattice.CountedRegion, g *lattice.Gibbs, n uint64) string {
		random := stream.New(n, "many")
		text := ""
		for range 50 {
			a, b := r.Sample(random), g.Sample(random)
			rank, err := r.Rank(a)
			text += fmt.Sprintln(a, b, rank, err)
		}
		return text
	}
	ask := func() (*lattice.CountedRegion, *lattice.Gibbs) {
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		return r, r.Gibbs(tempered)
	}
	r, g := ask()
	got := make([]string, 8)
	var all sync.WaitGroup
	for n := range got {
		all.Go(func() { got[n] = run(r, g, uint64(n)) })
	}
	all.Wait()
	r, g = ask()
	for n := range got {
		if want := run(r, g, uint64(n)); got[n] != want {
			t.Fatalf("asked at once, number %d got\n%s\nand alone\n%s", n, got[n], want)
		}
	}
}
