package proof_test

import (
	"errors"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// infeasible checks the error of limits that nothing meets: what it names as tightest is met, and nothing tighter is.
func infeasible(t failer, e *enumerated, limits []lattice.Limit, err error) {
	t.Helper()
	var failed *lattice.InfeasibleError
	if !errors.As(err, &failed) {
		t.Fatalf("%v; nothing is within the limits", err)
	}
	tightest, beyond := lattice.AtMost(failed.Limit.Metric, failed.Tightest), lattice.AtMost(failed.Limit.Metric, failed.Tightest-1)
	if failed.Limit.Max == lattice.Unlimited {
		tightest, beyond = lattice.AtLeast(failed.Limit.Metric, failed.Tightest), lattice.AtLeast(failed.Limit.Metric, failed.Tightest+1)
	}
	for _, c := range []struct {
		limit lattice.Limit
		some  bool
	}{{tightest, true}, {beyond, false}, {failed.Limit, false}} {
		if (len(e.within(append([]lattice.Limit{c.limit}, failed.Others...))) > 0) != c.some {
			t.Fatalf("%v: with %v, feasible should be %t", err, c.limit, c.some)
		}
	}
	for _, l := range append([]lattice.Limit{failed.Limit}, failed.Others...) {
		if !slices.ContainsFunc(limits, func(given lattice.Limit) bool { return given.Metric == l.Metric }) {
			t.Fatalf("%v names a limit on %s, which has none", err, l.Metric)
		}
	}
}

func latticeCountIs(t failer, q *question) {
	if n := q.lattice.Count(); !n.IsInt64() || n.Int64() != int64(len(q.archs)) {
		t.Fatalf("%v architectures, want %d", n, len(q.archs))
	}
}

func costsAre(t failer, q *question) {
	for _, i := range some(everyone(q), 500) {
		for _, m := range q.metrics {
			if got, err := q.lattice.Cost(q.archs[i], m); err != nil || got != q.costs[m][i] {
				t.Fatalf("%v costs %d %s (%v), its network %d", q.archs[i], got, m, err, q.costs[m][i])
			}
		}
	}
	if _, err := q.lattice.Cost(space.NewArch(append(q.archs[0].Choices(), 0)...), lattice.MACs); err == nil {
		t.Fatalf("an architecture of one decision too many has a cost")
	}
}

func everyone(q *question) []int {
	all := make([]int, len(q.archs))
	for i := range all {
		all[i] = i
	}
	return all
}

func countIs(t failer, q *question) {
	if n := q.region.Count(); !n.IsInt64() || n.Int64() != int64(len(q.inside)) {
		t.Fatalf("%v architectures, want %d", n, len(q.inside))
	}
	counted, err := q.feasible.Counted()
	if err != nil || counted.Count().Cmp(q.region.Count()) != 0 {
		t.Fatalf("an outline, counted, has %v architectures (%v), want %d", counted.Count(), err, len(q.inside))
	}
}

func rangesAre(t failer, q *question) {
	asked := q.metrics
	if q.memory {
		asked = append(slices.Clone(asked), lattice.Memory)
	}
	for _, m := range asked {
		least, greatest := q.costs[m][q.inside[0]], q.costs[m][q.inside[0]]
		for _, i := range q.inside {
			least, greatest = min(least, q.costs[m][i]), max(greatest, q.costs[m][i])
		}
		if a, b := q.region.Range(m); a != least || b != greatest {
			t.Fatalf("%s from %d to %d, want %d to %d", m, a, b, least, greatest)
		}
		if a, err := q.feasible.Least(m); err != nil || a != least {
			t.Fatalf("the least of %s, uncounted, is %d (%v), want %d", m, a, err, least)
		}
		if b, err := q.feasible.Greatest(m); err != nil || b != greatest {
			t.Fatalf("the greatest of %s, uncounted, is %d (%v), want %d", m, b, err, greatest)
		}
	}
}

// ranksAre goes through the whole of a small region, and through parts of a large one.
func ranksAre(t failer, q *question) {
	for _, rank := range some(ordinals(len(q.inside)), 600) {
		a, want := q.archs[q.inside[rank]], big.NewInt(int64(rank))
		if got, err := q.region.Rank(a); err != nil || got.Cmp(want) != 0 {
			t.Fatalf("the rank of %v is %v (%v), want %d", a, got, err, rank)
		}
		if got, err := q.region.Unrank(want); err != nil || got != a {
			t.Fatalf("rank %d is %v (%v), want %v", rank, got, err, a)
		}
	}
	if _, err := q.region.Unrank(q.region.Count()); err == nil {
		t.Fatalf("there is an architecture of a rank beyond the last")
	}
	if _, err := q.region.Unrank(big.NewInt(-1)); err == nil {
		t.Fatalf("there is an architecture of rank -1")
	}
}

func ordinals(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func membersAre(t failer, q *question) {
	in := make([]bool, len(q.archs))
	for _, i := range q.inside {
		in[i] = true
	}
	for _, i := range some(everyone(q), 1000) {
		if q.feasible.Contains(q.archs[i]) != in[i] || q.region.Contains(q.archs[i]) != in[i] {
			t.Fatalf("that %v is within the limits is %t", q.archs[i], !in[i])
		}
		if _, err := q.region.Rank(q.archs[i]); (err == nil) != in[i] {
			t.Fatalf("the rank of %v: %v; that it is within the limits is %t", q.archs[i], err, in[i])
		}
	}
}

// samplesAreInside is about what is drawn; how often is tested by chi-square where regions are large enough.
func samplesAreInside(t failer, q *question) {
	members := q.members()
	for range 20 {
		if a := q.region.Sample(q.random); !members[a] {
			t.Fatalf("%v was drawn", a)
		}
	}
}

func (q *question) members() map[space.Arch]bool {
	out := map[space.Arch]bool{}
	for _, i := range q.inside {
		out[q.archs[i]] = true
	}
	return out
}

func histogramIs(t failer, q *question) {
	checkHistogram(t, q, oneOf(q.random, q.metrics), 1+q.random.IntN(12))
	if q.memory {
		checkHistogram(t, q, lattice.Memory, 3)
	}
}

func checkHistogram(t failer, q *question, m lattice.Metric, bins int) {
	h, err := q.region.Histogram(m, bins)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if h.Metric != m || len(h.Counts) > bins || len(h.Edges) != len(h.Counts)+1 {
		t.Fatalf("%d bins and %d edges of %s, asked for %d bins of %s", len(h.Counts), len(h.Edges), h.Metric, bins, m)
	}
	for bin, n := range h.Counts {
		if want := int64(len(q.between(m, h.Edges[bin], h.Edges[bin+1]))); n.Cmp(big.NewInt(want)) != 0 {
			t.Fatalf("%v architectures with %s from %d to below %d, want %d", n, m, h.Edges[bin], h.Edges[bin+1], want)
		}
	}
	least, greatest := q.region.Range(m)
	if h.Edges[0] != least || h.Edges[len(h.Counts)] != greatest+1 {
		t.Fatalf("the bins of %s reach from %d to below %d, the costs from %d to %d", m, h.Edges[0], h.Edges[len(h.Counts)], least, greatest)
	}
}

// between returns the positions of the architectures inside that cost at least low and less than high.
func (q *question) between(m lattice.Metric, low, high int64) []int {
	var out []int
	for _, i := range q.inside {
		if c := q.costs[m][i]; c >= low && c < high {
			out = append(out, i)
		}
	}
	return out
}

func strataAre(t failer, q *question) {
	m := oneOf(q.random, q.metrics)
	s, err := q.region.Strata(m, 1+q.random.IntN(6))
	if err != nil {
		t.Fatalf("%v", err)
	}
	h := s.Histogram()
	for bin, n := range h.Counts {
		want := q.between(m, h.Edges[bin], h.Edges[bin+1])
		if n.Cmp(big.NewInt(int64(len(want)))) != 0 {
			t.Fatalf("stratum %d of %s holds %v, want %d", bin, m, n, len(want))
		}
		for _, rank := range some(ordinals(len(want)), 200) {
			if got, err := s.Unrank(bin, big.NewInt(int64(rank))); err != nil || got != q.archs[want[rank]] {
				t.Fatalf("rank %d of stratum %d of %s is %v (%v), want %v", rank, bin, m, got, err, q.archs[want[rank]])
			}
		}
		if _, err := s.Unrank(bin, n); err == nil {
			t.Fatalf("stratum %d of %s has an architecture beyond its last", bin, m)
		}
		a, drawn := s.Sample(bin, q.random)
		if drawn != (len(want) > 0) || drawn && !slices.ContainsFunc(want, func(i int) bool { return q.archs[i] == a }) {
			t.Fatalf("of stratum %d of %s, of %d, %v was drawn (%t)", bin, m, len(want), a, drawn)
		}
	}
}
