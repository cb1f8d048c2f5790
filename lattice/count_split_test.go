package lattice_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// The counts of most of these bins take several words.
func TestHistogramsOfLargeSpacesAreThoseOfThePlainDynamicProgram(t *testing.T) {
	for _, c := range []struct {
		space  *space.Space
		limits []lattice.Limit
		metric lattice.Metric
		bins   int
	}{
		{chain20(t), nil, lattice.Params, 7},
		{chain20(t), []lattice.Limit{{Metric: lattice.Params, Max: 60000}}, lattice.Params, 5},
		{chain20(t), []lattice.Limit{{Metric: lattice.MACs, Max: 3000000}}, lattice.Params, 3},
		{mobile(t), []lattice.Limit{{Metric: lattice.Params, Max: 40000}, {Metric: lattice.MACs, Max: 6000000}}, lattice.MACs, 9},
		{ofa(t, space.OFAOptions{}), []lattice.Limit{{Metric: lattice.Params, Max: 4000000}}, lattice.Params, 4},
	} {
		r, err := compiled(t, c.space).Within(c.limits...)
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Strata(c.metric, c.bins)
		if err != nil {
			t.Fatal(err)
		}
		want, err := r.HistogramByBinTable(c.metric, c.bins)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(1, 1))
		for i, n := range s.Histogram().Counts {
			if n.Cmp(want.Counts[i]) != 0 {
				t.Errorf("%s within %v: bin %d of %s holds %v, want %v", c.space.Name(), c.limits, i, c.metric, n, want.Counts[i])
			}
			for range 20 {
				a, some := s.Sample(i, random)
				if some != (n.Sign() > 0) {
					t.Errorf("%s within %v: something was drawn from bin %d of %v: %t", c.space.Name(), c.limits, i, n, some)
				}
				if cost, err := r.Lattice().Cost(a, c.metric); some && (err != nil || cost < want.Edges[i] || cost >= want.Edges[i+1] || !r.Contains(a)) {
					t.Errorf("%s within %v: %v of cost %d was drawn from bin %d (%v)", c.space.Name(), c.limits, a, cost, i, err)
				}
			}
			last := new(big.Int).Sub(n, big.NewInt(1))
			if a, err := s.Unrank(i, last); (err == nil) != (n.Sign() > 0) || err == nil && !r.Contains(a) {
				t.Errorf("%s within %v: the last of bin %d is %v (%v)", c.space.Name(), c.limits, i, a, err)
			}
		}
	}
}
