package lattice_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// agree checks everything that a region says against an enumeration. Of large regions it ranks every stride-th architecture.
func agree(t failer, e enumerated, l *lattice.Lattice, limits []lattice.Limit, stride int) {
	t.Helper()
	inside := e.within(limits)
	r, err := l.Within(limits...)
	if len(inside) == 0 {
		infeasible(t, e, limits, err)
		return
	}
	if err != nil {
		t.Fatalf("within %v: %v; %d architectures are", limits, err, len(inside))
	}
	if r.Count().Cmp(big.NewInt(int64(len(inside)))) != 0 {
		t.Fatalf("within %v: %v architectures, want %d", limits, r.Count(), len(inside))
	}
	one := func(lattice.Step) *big.Int { return big.NewInt(1) }
	if n := lattice.FoldWithin(r, lattice.Counting{}, one); n.Cmp(r.Count()) != 0 {
		t.Fatalf("within %v: the fold counts %v, the region %v", limits, n, r.Count())
	}
	for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
		low, high := e.value(inside[0], m), e.value(inside[0], m)
		for _, i := range inside {
			low, high = min(low, e.value(i, m)), max(high, e.value(i, m))
		}
		if gotLow, gotHigh := r.Range(m); gotLow != low || gotHigh != high {
			t.Fatalf("within %v: %s from %d to %d, want %d to %d", limits, m, gotLow, gotHigh, low, high)
		}
	}
	for rank := 0; rank < len(inside); rank += stride {
		a := e.archs[inside[rank]]
		got, err := r.Rank(a)
		if err != nil || got.Cmp(big.NewInt(int64(rank))) != 0 {
			t.Fatalf("within %v: rank of %v is %v (%v), want %d", limits, a, got, err, rank)
		}
		if back, err := r.Unrank(big.NewInt(int64(rank))); err != nil || back != a {
			t.Fatalf("within %v: rank %d is %v (%v), want %v", limits, rank, back, err, a)
		}
	}
	if _, err := r.Unrank(r.Count()); err == nil {
		t.Fatalf("there is an architecture of a rank beyond the last")
	}
	at := 0
	for i, a := range e.archs {
		in := at < len(inside) && inside[at] == i
		if in {
			at++
		}
		if i%stride != 0 {
			continue
		}
		if r.Contains(a) != in {
			t.Fatalf("within %v: Contains(%v) = %t", limits, a, !in)
		}
		if _, err := r.Rank(a); (err == nil) != in {
			t.Fatalf("within %v: rank of %v: %v; inside is %t", limits, a, err, in)
		}
	}
	random := stream.New(1, "agree")
	for range 20 {
		if a := r.Sample(random); !r.Contains(a) || e.space.Check(a) != nil {
			t.Fatalf("within %v: %v was drawn", limits, a)
		}
	}
}

// infeasible checks the error of limits that nothing meets: what it names as tightest is met, and nothing less is.
func infeasible(t failer, e enumerated, limits []lattice.Limit, err error) {
	t.Helper()
	var failed *lattice.InfeasibleError
	if !errors.As(err, &failed) {
		t.Fatalf("within %v: %v; nothing is", limits, err)
	}
	tightest, beyond := lattice.AtMost(failed.Limit.Metric, failed.Tightest), lattice.AtMost(failed.Limit.Metric, failed.Tightest-1)
	if failed.Limit.Min > 0 {
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
}

func TestRandomSpacesAgreeWithBruteForceUnderRandomBudgets(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 3000)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, e, l, nil, 1)
		for range 4 {
			agree(t, e, l, e.budgets(t), 1+len(e.archs)/200)
		}
		for i, a := range e.archs {
			params, _ := l.Cost(a, lattice.Params)
			macs, err := l.Cost(a, lattice.MACs)
			if err != nil || params != e.costs[i].Params || macs != e.costs[i].MACs {
				t.Fatalf("%v costs %d params and %d MACs (%v), want %v", a, params, macs, err, e.costs[i])
			}
		}
	}
	for range 4 { // a check is of 100 spaces
		rapid.Check(t, check)
	}
}
