package lattice

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBudgetsMovedAsABitMapAreThoseMovedOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 4000
		g, want := dedup{bits: 12}, map[remaining]bool{}
		g.reset()
		for range rapid.IntRange(1, 4).Draw(t, "lists") {
			low := rapid.Uint64Range(0, most).Draw(t, "low")
			high := rapid.Uint64Range(low, min(most, low+200)).Draw(t, "high")
			list := rapid.SliceOfNDistinct(rapid.Uint64Range(low, high), 1, -1, rapid.ID[remaining]).Draw(t, "list")
			slices.Sort(list)
			x := newIndex(list)
			if !x.dense() {
				t.Fatalf("%d purses from %d to %d have no bit map", len(list), low, high)
			}
			by := int64(rapid.IntRange(-int(high), most).Draw(t, "by"))
			from, to := int64(rapid.IntRange(0, most).Draw(t, "from")), int64(rapid.IntRange(0, most).Draw(t, "to"))
			g.addMoved(&x, by, from, to)
			for _, p := range list {
				if moved := int64(p) + by; from <= moved && moved <= to {
					want[remaining(moved)] = true
				}
			}
		}
		if g.distinct() != len(want) {
			t.Fatalf("%d purses are counted, want %d", g.distinct(), len(want))
		}
		x := g.sorted()
		if len(x.list) != len(want) || !slices.IsSorted(x.list) {
			t.Fatalf("the purses are %v, want %v", x.list, want)
		}
		for at, p := range x.list {
			if got, ok := x.look(p); !want[p] || x.dense() && (got != at || !ok) {
				t.Fatalf("remaining budget %d is found at %d (%t) and stands at %d; wanted at all: %t", p, got, ok, at, want[p])
			}
		}
	})
}
