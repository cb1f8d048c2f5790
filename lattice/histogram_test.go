package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

func TestHistogramsAndRepairsAgreeWithBruteForce(t *testing.T) {
	check := func(t *rapid.T) {
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
		histogramIs(t, e, r, limits, rapid.SampledFrom([]lattice.Metric{lattice.Params, lattice.MACs}).Draw(t, "metric"), rapid.IntRange(1, 12).Draw(t, "bins"))
		repairIs(t, e, r, inside, rapid.IntRange(0, len(e.archs)-1).Draw(t, "broken"))
	}
	for range 2 {
		rapid.Check(t, check)
	}
}

func histogramIs(t failer, e enumerated, r *lattice.Region, limits []lattice.Limit, m lattice.Metric, bins int) {
	t.Helper()
	h, err := r.Histogram(m, bins)
	if err != nil {
		t.Fatalf("within %v: %v", limits, err)
	}
	if len(h.Counts) > bins || len(h.Edges) != len(h.Counts)+1 {
		t.Fatalf("%d bins and %d edges, asked for %d bins", len(h.Counts), len(h.Edges), bins)
	}
	inside := e.within(limits)
	for i, n := range h.Counts {
		want := 0
		for _, at := range inside {
			if c := e.value(at, m); c >= h.Edges[i] && c < h.Edges[i+1] {
				want++
			}
		}
		if n.Int64() != int64(want) {
			t.Fatalf("within %v: %v architectures with %s from %d to below %d, want %d", limits, n, m, h.Edges[i], h.Edges[i+1], want)
		}
	}
	low, high := r.Range(m)
	if h.Edges[0] != low || h.Edges[len(h.Counts)] != high+1 {
		t.Fatalf("the bins reach from %d to below %d, the costs from %d to %d", h.Edges[0], h.Edges[len(h.Counts)], low, high)
	}
}

func repairIs(t failer, e enumerated, r *lattice.Region, inside []int, broken int) {
	t.Helper()
	a := e.archs[broken]
	options := map[string]string{}
	for _, d := range e.space.Decisions(a) {
		options[d.Name] = d.Options[d.Chosen]
	}
	changes := func(i int) int {
		n := 0
		for _, d := range e.space.Decisions(e.archs[i]) {
			if options[d.Name] != d.Options[d.Chosen] {
				n++
			}
		}
		return n
	}
	got, changed, err := r.Repair(a)
	if err != nil || !r.Contains(got) {
		t.Fatalf("%v is repaired to %v: %v", a, got, err)
	}
	if r.Contains(a) {
		if got != a || changed != 0 {
			t.Fatalf("%v needs no repair, but became %v", a, got)
		}
		return
	}
	fewest := 1 << 30
	for _, i := range inside {
		n := changes(i)
		fewest = min(fewest, n)
		if e.archs[i] == got && n != changed {
			t.Fatalf("%v was repaired to %v by %d changes, not %d", a, got, n, changed)
		}
	}
	if changed != fewest {
		t.Fatalf("%v was repaired by %d changes, and %d are enough", a, changed, fewest)
	}
}
