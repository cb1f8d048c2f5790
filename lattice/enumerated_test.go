package lattice_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// enumerated is a space with all of its architectures and what they cost. That this is what their networks cost is compared in package proof.
type enumerated struct {
	space *space.Space
	archs []space.Arch
	costs map[lattice.Metric][]int64 // of every architecture
}

func enumerate(t testing.TB, s *space.Space) enumerated {
	t.Helper()
	e, l := enumerated{space: s, costs: map[lattice.Metric][]int64{}}, compiled(t, s)
	for a := range s.Each() {
		e.archs = append(e.archs, a)
		for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
			cost, err := l.Cost(a, m)
			if err != nil {
				t.Fatal(err)
			}
			e.costs[m] = append(e.costs[m], cost)
		}
	}
	return e
}

// within returns the positions of the architectures that keep all limits, which are from above.
func (e enumerated) within(limits []lattice.Limit) []int {
	var out []int
	for i := range e.archs {
		if !slices.ContainsFunc(limits, func(l lattice.Limit) bool { return e.costs[l.Metric][i] > l.Max }) {
			out = append(out, i)
		}
	}
	return out
}

// quantile returns the value of a metric that a share of the architectures does not exceed.
func (e enumerated) quantile(m lattice.Metric, share float64) int64 {
	values := slices.Sorted(slices.Values(e.costs[m]))
	return values[int(share*float64(len(values)))]
}

// smallMobile has all kinds of decisions of mobile, and can be enumerated.
func smallMobile(t testing.TB) enumerated {
	t.Helper()
	return enumerate(t, drawn.SmallMobile(t))
}
