package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

func TestStrataHoldTheArchitecturesOfTheirCostsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 500)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		inside := e.within(limits)
		if len(inside) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		m := rapid.SampledFrom([]lattice.Metric{lattice.Params, lattice.MACs}).Draw(t, "metric")
		s, err := r.Strata(m, rapid.IntRange(1, 6).Draw(t, "bins"))
		if err != nil {
			t.Fatal(err)
		}
		random, h := stream.New(1, "strata"), s.Histogram()
		for bin := range h.Counts {
			var want []space.Arch
			for _, i := range inside {
				if c := e.value(i, m); c >= h.Edges[bin] && c < h.Edges[bin+1] {
					want = append(want, e.archs[i])
				}
			}
			if h.Counts[bin].Int64() != int64(len(want)) {
				t.Fatalf("stratum %d holds %v, want %d", bin, h.Counts[bin], len(want))
			}
			for rank, a := range want {
				if got, err := s.Unrank(bin, big.NewInt(int64(rank))); err != nil || got != a {
					t.Fatalf("rank %d of stratum %d is %v (%v), want %v", rank, bin, got, err, a)
				}
			}
			if _, err := s.Unrank(bin, big.NewInt(int64(len(want)))); err == nil {
				t.Fatalf("stratum %d has an architecture beyond its last", bin)
			}
			a, some := s.Sample(bin, random)
			if cost, err := l.Cost(a, m); some != (len(want) > 0) || some && (err != nil || cost < h.Edges[bin] || cost >= h.Edges[bin+1]) {
				t.Fatalf("of stratum %d of %d, %v was drawn (%t), of cost %d (%v)", bin, len(want), a, some, cost, err)
			}
		}
	})
}

// Pearson's statistic, as in TestSamplesWithinBudgetsAreUniform.
func TestSamplesOfAStratumAreUniform(t *testing.T) {
	e := archsOfSmallMobile(t)
	r, err := compiled(t, e.space).Within(lattice.Limit{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.1)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Strata(lattice.MACs, 4)
	if err != nil {
		t.Fatal(err)
	}
	size := int(s.Histogram().Counts[1].Int64())
	if size < 50 || size > 5000 {
		t.Fatalf("a stratum of %d is a poor test", size)
	}
	const perCell = 20
	times, random := map[space.Arch]int{}, stream.New(7, "stratum")
	for range perCell * size {
		a, _ := s.Sample(1, random)
		times[a]++
	}
	statistic := float64((size - len(times)) * perCell) // of those never drawn
	for _, n := range times {
		d := float64(n - perCell)
		statistic += d * d / perCell
	}
	if bound := float64(size) + 5*sqrt(2*float64(size)); statistic > bound || len(times) > size {
		t.Errorf("chi-square of %d cells is %.0f, more than %.0f; %d were drawn", size, statistic, bound, len(times))
	}
}
