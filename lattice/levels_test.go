package lattice_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// That regions with the usual junctions say what brute force says is proved in lattice/proof. Here those with a junction at every item are
// compared with them: under no limit, one, two and three.
func TestRegionsWithAJunctionAtEveryItemSayWhatTheOthersSay(t *testing.T) {
	compared := 0
	for i := range uint64(400) {
		random := stream.New(1, "level", i)
		s, err := drawn.Space("drawn", random)
		if err != nil {
			continue
		}
		l := compiled(t, s)
		if l.Count().BitLen() > 8 {
			continue
		}
		e, limits := enumerate(t, s), []lattice.Limit(nil)
		for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
			if random.IntN(2) == 0 {
				limits = append(limits, lattice.AtMost(m, e.costs[m][random.IntN(len(e.archs))]))
			}
		}
		if inside := e.within(limits); len(inside) > 0 {
			if random.IntN(2) == 0 {
				limits = append(limits, lattice.AtLeast(lattice.MACs, max(1, e.costs[lattice.MACs][inside[0]])))
			}
			sayAlike(t, l, l.ItemByItem(), limits)
			compared++
		}
	}
	if compared < 50 {
		t.Errorf("only %d spaces were compared", compared)
	}
}

func TestARegionOfABuiltInSpaceWithAJunctionAtEveryItemSaysWhatTheUsualOneSays(t *testing.T) {
	e := smallMobile(t)
	l := compiled(t, e.space)
	params, macs := e.quantile(lattice.Params, 0.1), e.quantile(lattice.MACs, 0.1)
	for _, limits := range [][]lattice.Limit{
		{}, {lattice.AtMost(lattice.Params, params)},
		{lattice.AtMost(lattice.MACs, macs), lattice.AtMost(lattice.Params, params)},
		{lattice.AtMost(lattice.MACs, macs), lattice.AtMost(lattice.Params, params), lattice.AtLeast(lattice.Params, params/2)},
	} {
		sayAlike(t, l, l.ItemByItem(), limits)
	}
}

// uneven is a weight that tells options apart.
func uneven(s lattice.Step) float64 {
	if s.Fixed {
		return 0.25
	}
	return float64((7*len(s.Decision)+3*int(s.Decision[len(s.Decision)-1])+11*s.Choice)%17)/4 - 2
}

// sayAlike compares what two lattices of the same architectures say of a region; the other one also with as small a memory limit as will do, so that
// states and completions meet in the middle.
func sayAlike(t *testing.T, usual, other *lattice.Lattice, limits []lattice.Limit) {
	t.Helper()
	want, err := usual.Within(limits...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := other.Within(limits...)
	if err != nil {
		t.Fatal(err)
	}
	regionsAlike(t, got, want, limits)
	regionsAlike(t, tightly(t, other, limits), want, limits)
}

// tightly returns the region that is made with the least memory limit, but for a quarter.
func tightly(t *testing.T, l *lattice.Lattice, limits []lattice.Limit) *lattice.CountedRegion {
	t.Helper()
	for bytes := 64; ; bytes += bytes / 4 {
		r, err := l.WithinBytes(bytes, limits...)
		var large *lattice.TooLargeError
		if err == nil {
			return r
		}
		if !errors.As(err, &large) {
			t.Fatal(err)
		}
	}
}

// regionsAlike compares all that two regions of the same architectures say, with up to 200 of their ranks.
func regionsAlike(t *testing.T, got, want *lattice.CountedRegion, limits []lattice.Limit) {
	t.Helper()
	if got.Count().Cmp(want.Count()) != 0 {
		t.Fatalf("within %v are %v architectures, want %v", limits, got.Count(), want.Count())
	}
	step := max(1, want.Count().Int64()/200)
	for rank := int64(0); rank < want.Count().Int64(); rank += step {
		a := unranked(t, want.Unrank, rank)
		if b := unranked(t, got.Unrank, rank); a != b {
			t.Fatalf("within %v rank %d is %v, want %v", limits, rank, b, a)
		}
		if n, err := got.Rank(a); err != nil || n.Int64() != rank {
			t.Fatalf("within %v the rank of %v is %v (%v), want %d", limits, a, n, err, rank)
		}
	}
	random := stream.New(1, "levels")
	if a := got.Sample(random); !want.Contains(a) {
		t.Fatalf("%v was drawn, and is not within %v", a, limits)
	}
	strataAlike(t, got, want)
	bestAlike(t, got, want)
	for _, warmth := range []float64{1, 300} { // beyond what plain numbers hold
		weight := func(s lattice.Step) float64 { return warmth * uneven(s) }
		g, of := got.Gibbs(weight), want.Gibbs(weight)
		sumsAlike(t, g, of)
		if a := g.Sample(random); !near(g.LogProb(a), of.LogProb(a)) {
			t.Fatalf("within %v, %v has log probability %v, want %v", limits, a, g.LogProb(a), of.LogProb(a))
		}
	}
}

func unranked(t *testing.T, unrank func(*big.Int) (space.Arch, error), rank int64) space.Arch {
	t.Helper()
	a, err := unrank(big.NewInt(rank))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// strataAlike compares histograms, and the architectures of every stratum, of which at most 60 are asked for.
func strataAlike(t *testing.T, got, want *lattice.CountedRegion) {
	t.Helper()
	for _, m := range want.Lattice().Metrics() {
		s, err := got.Strata(m, 4)
		if err != nil {
			t.Fatal(err)
		}
		of, err := want.Strata(m, 4)
		if err != nil {
			t.Fatal(err)
		}
		h, plain := s.Histogram(), of.Histogram()
		if !slices.Equal(h.Edges, plain.Edges) {
			t.Fatalf("edges of %s are %v, want %v", m, h.Edges, plain.Edges)
		}
		random := stream.New(1, "strata of "+string(m))
		for bin, n := range plain.Counts {
			if h.Counts[bin].Cmp(n) != 0 {
				t.Fatalf("stratum %d of %s holds %v, want %v", bin, m, h.Counts[bin], n)
			}
			step := max(1, n.Int64()/60)
			for rank := int64(0); rank < n.Int64(); rank += step {
				in := func(s *lattice.Strata) func(*big.Int) (space.Arch, error) {
					return func(n *big.Int) (space.Arch, error) { return s.Unrank(bin, n) }
				}
				if a, b := unranked(t, in(of), rank), unranked(t, in(s), rank); a != b {
					t.Fatalf("rank %d of stratum %d of %s is %v, want %v", rank, bin, m, b, a)
				}
				a, _ := s.Sample(bin, random)
				if cost, err := want.Lattice().Cost(a, m); err != nil || !want.Contains(a) || cost < h.Edges[bin] || cost >= h.Edges[bin+1] {
					t.Fatalf("of stratum %d of %s, %v was drawn, of cost %d (%v)", bin, m, a, cost, err)
				}
			}
		}
	}
}

// bestAlike compares the first 100 scores of either search.
func bestAlike(t *testing.T, got, want *lattice.CountedRegion) {
	t.Helper()
	var scores []float64
	for b := range want.Best(uneven) {
		if scores = append(scores, b.Score); len(scores) == 100 {
			break
		}
	}
	at, seen := 0, map[space.Arch]bool{}
	for b := range got.BestOfStates(uneven) {
		if b.Score != scores[at] || seen[b.Arch] || !want.Contains(b.Arch) {
			t.Fatalf("number %d, %v, has score %v, want %v", at, b.Arch, b.Score, scores[at])
		}
		seen[b.Arch] = true
		if at++; at == len(scores) {
			break
		}
	}
	if at < len(scores) {
		t.Fatalf("%d came, want %d", at, len(scores))
	}
}

// sumsAlike compares the sums over two distributions.
func sumsAlike(t *testing.T, got, want *lattice.Gibbs) {
	t.Helper()
	value := func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs))/1000 + float64(s.Choice) }
	numbers := func(g *lattice.Gibbs) map[string][]float64 {
		mean, variance := g.Moments(value)
		expected, meanGrad := g.ExpectationGrad(value)
		spread, varianceGrad := g.VarianceGrad(value)
		entropy, entropyGrad := g.EntropyGrad()
		var met []float64
		for _, m := range g.Marginals() {
			met = append(met, m.Probability...)
		}
		vector := make([]float64, len(meanGrad))
		for i := range vector {
			vector[i] = float64(i%5) - 2
		}
		return map[string][]float64{
			"sums": {g.LogPartition(), mean, variance, expected, spread, entropy}, "marginals": met,
			"gradient of the mean": meanGrad, "gradient of the variance": varianceGrad, "gradient of the entropy": entropyGrad,
			"Fisher information": g.FisherTimes(vector),
		}
	}
	of := numbers(want)
	for what, list := range numbers(got) {
		scale := 1.0
		for _, x := range of[what] {
			scale = max(scale, math.Abs(x))
		}
		for i, x := range list {
			if !(math.Abs(x-of[what][i]) <= 1e-8*scale) {
				t.Fatalf("%s: number %d is %v, want %v", what, i, x, of[what][i])
			}
		}
	}
}
