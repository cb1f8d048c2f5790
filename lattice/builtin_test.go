package lattice_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

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

func compiled(t testing.TB, s *space.Space) *lattice.Lattice {
	t.Helper()
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func nb201(t testing.TB) *space.Space {
	s, err := space.NB201(space.NB201Options{})
	return must(t, s, err)
}

func nbMacro(t testing.TB) *space.Space {
	s, err := space.NBMacro(space.NBMacroOptions{})
	return must(t, s, err)
}

// mobile has ten blocks at most, each with its kernel, expansion and squeeze-and-excitation, and a free width, depth and activation.
func mobile(t testing.TB) *space.Space {
	s, err := space.Mobile(space.MobileOptions{})
	return must(t, s, err)
}

// smallMobile has all kinds of decisions of mobile, and can be enumerated.
func smallMobile(t testing.TB) *space.Space { return archsOfSmallMobile(t).space }

func archsOfSmallMobile(t testing.TB) enumerated {
	t.Helper()
	e, err := smallMobileArchs()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func smallMobileSpace() (*space.Space, error) {
	return space.Mobile(space.MobileOptions{
		Input: network.Shape{H: 16, W: 16, C: 1},
		Stages: []space.MobileStage{
			{Width: []int{8, 12}, Depth: []int{1, 2}, Kernel: []int{3}, SE: []float64{0}},
			{Width: []int{16, 24}, Depth: []int{1, 2}, Stride: 2, SE: []float64{0, 0.25}},
		},
		SE: []float64{0}, Expand: []float64{3, 6},
	})
}

// smallMobileArchs enumerates smallMobile once for all tests.
var smallMobileArchs = sync.OnceValues(func() (enumerated, error) {
	e := enumerated{}
	s, err := smallMobileSpace()
	if err != nil {
		return e, err
	}
	e, _ = enumerate(panics{}, s, 200000)
	return e, nil
})

// panics fails by panicking, where no test is at hand.
type panics struct{}

func (panics) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

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

func TestBuiltInSpacesAgreeWithBruteForceUnderRandomBudgets(t *testing.T) {
	chain := func(o space.ChainOptions) *space.Space {
		s, err := space.Chain(o)
		return must(t, s, err)
	}
	cells := func(n int) *space.Space { // the costs of five cells are checked below, their networks are large
		s, err := space.NB201(space.NB201Options{Cells: n})
		return must(t, s, err)
	}
	small := []space.ChainStage{{Layers: 2, Width: 8}, {Layers: 2, Width: 12, Stride: 2}}
	for name, s := range map[string]*space.Space{
		"nb201":        cells(1),
		"nb-macro":     nbMacro(t),
		"mobile":       smallMobile(t),
		"chain":        chain(space.ChainOptions{Stages: small}),
		"skip chain":   chain(space.ChainOptions{Stages: []space.ChainStage{{Layers: 2, Width: 8}, {Layers: 1, Width: 12, Stride: 2}}, Connect: space.SkipConnected}),
		"dense chain":  chain(space.ChainOptions{Stages: small, Connect: space.DenseConnected}),
		"4 layer skip": chain(space.ChainOptions{Stages: small, Connect: space.SkipConnected, Operations: space.MobileOperations()[3:]}),
	} {
		t.Run(name, func(t *testing.T) {
			l := compiled(t, s)
			e, ok := enumerate(t, s, 200000)
			if !ok {
				t.Fatal("the space is too large to enumerate")
			}
			agree(t, e, l, nil, 1+len(e.archs)/300)
			r := stream.New(1, "budgets")
			for range 3 {
				a, b := e.costs[r.IntN(len(e.costs))], e.costs[r.IntN(len(e.costs))]
				for _, limits := range [][]lattice.Limit{
					{{Metric: lattice.Params, Max: a.Params}},
					{{Metric: lattice.MACs, Max: a.MACs - 1}},
					{{Metric: lattice.MACs, Max: a.MACs}, {Metric: lattice.Params, Max: b.Params}},
					{{Metric: lattice.Params, Max: a.Params}, {Metric: lattice.MACs, Max: b.MACs}},
				} {
					agree(t, e, l, limits, 1+len(e.archs)/100)
				}
			}
		})
	}
}

// Pearson's statistic of k equally likely cells is about chi-square with k−1 degrees of freedom: mean k−1, standard deviation √(2(k−1)).
// Five standard deviations are a bound that a uniform sampler of a fixed seed keeps and one with a bias of a few percent does not.
func TestSamplesWithinBudgetsAreUniform(t *testing.T) {
	e := archsOfSmallMobile(t)
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
		if bound := k + 5*sqrt(2*k); statistic > bound || len(times) > len(inside) {
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

// The state space of mobile under two budgets is where completions and states meet; the plain dynamic program is the oracle.
func TestMeetingInTheMiddleGivesWhatThePlainProgramGives(t *testing.T) {
	s, err := space.Mobile(space.MobileOptions{Stages: []space.MobileStage{
		{Width: []int{8, 12}, Depth: []int{1, 2}}, {Width: []int{16, 24}, Depth: []int{1, 2}, Stride: 2}, {Width: []int{32}, Depth: []int{1, 2}, Stride: 2},
	}})
	l := compiled(t, must(t, s, err))
	for _, limits := range [][]lattice.Limit{
		{{Metric: lattice.Params, Max: 40000}},
		{{Metric: lattice.MACs, Max: 5e6}, {Metric: lattice.Params, Max: 30000}},
		{{Metric: lattice.Params, Max: 50000}, {Metric: lattice.MACs, Max: 6e6}},
	} {
		samePlainly(t, l, limits)
	}
	samePlainly(t, compiled(t, ofa(t, space.OFAOptions{})), []lattice.Limit{{Metric: lattice.MACs, Max: 145e6}})
}

// samePlainly compares a region with that of the plain program.
func samePlainly(t *testing.T, l *lattice.Lattice, limits []lattice.Limit) {
	t.Helper()
	fast, err := l.Within(limits...)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := l.WithinForward(limits...)
	if err != nil {
		t.Fatal(err)
	}
	if fast.Count().Cmp(plain.Count()) != 0 {
		t.Fatalf("within %v: %v architectures, the plain program counts %v", limits, fast.Count(), plain.Count())
	}
	for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
		a, b := fast.Range(m)
		if c, d := plain.Range(m); a != c || b != d {
			t.Errorf("within %v: %s from %d to %d, the plain program says %d to %d", limits, m, a, b, c, d)
		}
	}
	random := stream.New(3, "oracle")
	for range 50 {
		a := fast.Sample(random)
		x, err := fast.Rank(a)
		if err != nil {
			t.Fatal(err)
		}
		if y, err := plain.Rank(a); err != nil || x.Cmp(y) != 0 {
			t.Fatalf("within %v: rank of %v is %v, the plain program says %v (%v)", limits, a, x, y, err)
		}
		if b, err := plain.Unrank(x); err != nil || a != b {
			t.Fatalf("within %v: unrank of %v is %v, want %v (%v)", limits, x, b, a, err)
		}
		if b, err := fast.Unrank(x); err != nil || a != b {
			t.Fatalf("within %v: unrank of %v is %v, want %v (%v)", limits, x, b, a, err)
		}
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

func TestCostsOfNB201AreThoseOfItsNetworks(t *testing.T) {
	s := nb201(t)
	l := compiled(t, s)
	n := 0
	for a := range s.Each() {
		params, err := l.Cost(a, lattice.Params)
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%25 != 1 {
			continue
		}
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if macs, _ := l.Cost(a, lattice.MACs); g.Params() != params || g.MACs() != macs {
			t.Fatalf("%v costs %d params and %d MACs, its network %v", a, params, macs, g.Cost())
		}
	}
}

func TestManyMayAskARegionAtOnce(t *testing.T) {
	l := compiled(t, smallMobile(t))
	limits := []lattice.Limit{{Metric: lattice.Params, Max: 15000}, {Metric: lattice.MACs, Max: 800000}}
	run := func(r *lattice.Region, g *lattice.Gibbs, n uint64) string {
		random := stream.New(n, "many")
		text := ""
		for range 50 {
			a, b := r.Sample(random), g.Sample(random)
			rank, err := r.Rank(a)
			text += fmt.Sprintln(a, b, rank, err)
		}
		return text
	}
	ask := func() (*lattice.Region, *lattice.Gibbs) {
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		return r, r.Gibbs(warm)
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
