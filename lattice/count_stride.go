package lattice

import (
	"math/bits"
	"slices"
)

// stride is one route of a junction, applied to some neighbouring states: where each of them goes. They are few enough that their values stay
// in the first cache while one route after the other is taken from them. For completions it goes the other way; see joins.
type stride struct {
	route int32
	next  int     // the junction that the route leads to
	from  int     // the first state
	to    []int32 // the position at the next junction of where each goes, or nowhereTo
}

// nowhereTo says that a state does not pay for a route, or that no prefix leaves enough for a sum.
const nowhereTo = int32(-1)

// strides calls visit with all strides of the states of a junction. The stride is only good until visit returns.
func (t *table) strides(junction int, visit func(stride)) {
	states := t.states[junction]
	first, last := t.j.first[junction], t.j.first[junction+1]
	cursors := make([]cursor, last-first)
	to := make([]int32, min(chunk, len(states)))
	for from := 0; from < len(states); from += chunk {
		part := states[from:min(from+chunk, len(states))]
		for r := first; r < last; r++ {
			next := int(t.j.routes[r].next)
			if t.packed[r] == unaffordable || len(t.states[next]) == 0 {
				continue
			}
			f := &cursors[r-first]
			f.in = &t.found[next]
			if len(t.packing.fields) == 1 {
				t.leadAlong(part, r, f, to[:len(part)])
			} else {
				t.lead(part, r, f, to[:len(part)])
			}
			visit(stride{r, next, from, to[:len(part)]})
		}
	}
}

// lead finds where a route leads from states.
func (t *table) lead(states []remaining, r int32, f *cursor, to []int32) {
	for s, have := range states {
		to[s] = nowhereTo
		if at, ok := t.follow(f, have, r); ok {
			to[s] = int32(at)
		}
	}
}

// leadAlong is lead with one limit: the states that pay for the route are the last ones, and of these the last that have more left than
// anything costs.
func (t *table) leadAlong(states []remaining, r int32, f *cursor, to []int32) {
	cost, next := t.packed[r], t.j.routes[r].next
	most, unit := t.measures[next].most[0], t.measures[next].unit[0]
	affordableFrom, _ := slices.BinarySearch(states, cost)
	flatFrom, _ := slices.BinarySearch(states, cost+most)
	for s := range to[:affordableFrom] {
		to[s] = nowhereTo
	}
	if f.in.dense() && unit <= 1 {
		words, shift := f.in.words, cost+f.in.low-64
		for s := affordableFrom; s < flatFrom; s++ {
			p := states[s] - shift
			w := &words[p>>6]
			to[s] = int32(w.before) + int32(bits.OnesCount64(w.marks&(1<<(p&63)-1)))
		}
	} else {
		for s := affordableFrom; s < flatFrom; s++ {
			left := states[s] - cost
			if unit > 1 {
				left -= left % unit
			}
			at, _ := f.find(left)
			to[s] = int32(at)
		}
	}
	if flatFrom < len(states) {
		at, _ := f.find(most)
		for s := flatFrom; s < len(states); s++ {
			to[s] = int32(at)
		}
	}
}

// joins calls visit with all strides of the completions of a junction: from neighbouring sums of the junction that a route leads to, to the
// sums of this one that they make with the cost of the route. There are far fewer of them than there are sums that a route might have led to.
func (t *table) joins(junction int, visit func(stride)) {
	known := t.cachedJoins()
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		next := int(t.j.routes[r].next)
		switch {
		case t.packed[r] == unaffordable:
		case known != nil:
			visit(stride{r, next, 0, known[r]})
		default:
			from := 0
			t.joinRoute(junction, r, func(to []int32) {
				visit(stride{r, next, from, to})
				from += len(to)
			})
		}
	}
}
