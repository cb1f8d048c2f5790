package lattice_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Where brute force cannot go the plain dynamic program, from the root to the end, is the oracle of tables that meet in the middle, share
// junctions and move bit maps, and the generic fold that of all sums: counts and ranks to the last digit, sums to nine.
func TestFastPathsGiveWhatThePlainProgramAndTheGenericFoldGive(t *testing.T) {
	chain12, err := space.Chain(space.ChainOptions{})
	for name, c := range map[string]struct {
		space *space.Space
		share float64 // of the way from the least to the greatest cost, where budgets are drawn
	}{
		"mobile":  {mobile(t), 0.06},
		"darts":   {darts(t, space.DARTSOptions{}), 0.5},
		"chain12": {must(t, chain12, err), 0.3},
		"ofa of 2 or 3 blocks": {ofa(t, space.OFAOptions{
			Input: network.Shape{H: 32, W: 32, C: 3}, Multiplier: 0.5, Depth: []int{2, 3}, Kernel: []int{3, 5}, Expand: []float64{3, 6},
		}), 0.2},
		"ofa-mbv3": {ofa(t, space.OFAOptions{}), 0.03},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, random := compiled(t, c.space), stream.New(1, "middle "+name)
			all, err := l.Within()
			if err != nil {
				t.Fatal(err)
			}
			budget := func(m lattice.Metric) lattice.Limit {
				least, greatest := all.Range(m)
				return lattice.AtMost(m, least+int64(c.share*(0.3+0.7*random.Float64())*float64(greatest-least)))
			}
			of := [][]lattice.Limit{{budget(lattice.Params)}, {budget(lattice.MACs)}}
			if name != "ofa-mbv3" {
				of = append(of, []lattice.Limit{budget(lattice.MACs), budget(lattice.Params)})
			}
			for _, limits := range of {
				asPlainly(t, l, limits)
			}
		})
	}
}

// asPlainly compares a region with that of the plain program, and sums over either with the fold.
func asPlainly(t *testing.T, l *lattice.Lattice, limits []lattice.Limit) {
	t.Helper()
	fast, err := l.Within(limits...)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := l.WithinForward(limits...)
	if err != nil {
		t.Fatal(err)
	}
	one := big.NewInt(1)
	folded := lattice.FoldWithin(plain, lattice.CountSemiring{}, func(lattice.Step) *big.Int { return one })
	if fast.Count().Cmp(folded) != 0 || plain.Count().Cmp(folded) != 0 {
		t.Fatalf("within %v: %v architectures, %v by the plain program and %v by the fold", limits, fast.Count(), plain.Count(), folded)
	}
	for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
		a, b := fast.Range(m)
		if c, d := plain.Range(m); a != c || b != d {
			t.Errorf("within %v: %s from %d to %d, the plain program says %d to %d", limits, m, a, b, c, d)
		}
	}
	random := stream.New(3, "oracle")
	for range 30 {
		a := fast.Sample(random)
		x, err := fast.Rank(a)
		if err != nil {
			t.Fatal(err)
		}
		if y, err := plain.Rank(a); err != nil || x.Cmp(y) != 0 {
			t.Fatalf("within %v: the rank of %v is %v, the plain program says %v (%v)", limits, a, x, y, err)
		}
		for _, r := range []*lattice.CountedRegion{fast, plain} {
			if b, err := r.Unrank(x); err != nil || a != b {
				t.Fatalf("within %v: rank %v is %v, want %v (%v)", limits, x, b, a, err)
			}
		}
	}
	params := func(s lattice.Step) float64 { return float64(s.Cost(lattice.Params)) }
	g, p := fast.Gibbs(tempered), plain.Gibbs(tempered)
	m := lattice.FoldWithin(plain, lattice.Expectation{}, func(s lattice.Step) lattice.Moments {
		return lattice.Moments{LogWeight: tempered(s), Mean: params(s)}
	})
	mean, variance := g.Moments(params)
	gradMean, grad := g.ExpectationGrad(params)
	sums := []struct {
		what      string
		got, want float64
	}{
		{"log partition", g.LogPartition(), m.LogWeight},
		{"mean", mean, m.Mean}, {"variance", variance, m.Variance}, {"mean with its gradient", gradMean, m.Mean},
		{"entropy", g.Entropy(), p.Entropy()},
	}
	plainGrad, plainMarginals := p.LogPartitionGrad(), p.Marginals()
	for k, x := range g.LogPartitionGrad() {
		sums = append(sums, struct {
			what      string
			got, want float64
		}{"probability of a parameter", x, plainGrad[k]})
	}
	_, plainGrad = p.ExpectationGrad(params)
	for k, x := range grad {
		sums = append(sums, struct {
			what      string
			got, want float64
		}{"gradient of the mean", x / m.Mean, plainGrad[k] / m.Mean})
	}
	for d, of := range g.Marginals() {
		for o, x := range of.Probability {
			sums = append(sums, struct {
				what      string
				got, want float64
			}{"probability of " + of.Decision + "=" + of.Options[o], x, plainMarginals[d].Probability[o]})
		}
	}
	for _, s := range sums {
		if !(math.Abs(s.got-s.want) <= 1e-9*max(1, math.Abs(s.want))) {
			t.Errorf("within %v: %s is %v, want %v", limits, s.what, s.got, s.want)
		}
	}
	var got, want []float64
	for b := range fast.Best(stepScore) {
		if got = append(got, b.Score); len(got) == 100 || !fast.Contains(b.Arch) {
			break
		}
	}
	for b := range plain.BestOfStates(stepScore) {
		if want = append(want, b.Score); len(want) == 100 {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("within %v: the scores of the best differ:\n%v\n%v", limits, got, want)
	}
}
