package lattice

import (
	"math/bits"
	"slices"
)

// lane is what one route does to some neighbouring states of a junction: where each of them goes. They are few enough that their values stay
// in the first cache while one route after the other is taken from them. For completions it goes the other way; see joins.
type lane struct {
	route int32
	next  int     // the junction that the route leads to
	from  int     // the first state
	to    []int32 // the position at the next junction of where each goes, or nowhereTo
}

// nowhereTo says that a state does not pay for a route, or that no beginning leaves enough for a sum.
const nowhereTo = int32(-1)

// lanes calls visit with all lanes of the states of a junction. The lane is only good until visit returns.
func (t *table) lanes(junction int, visit func(lane)) {
	states := t.states[junction]
	first, last := t.j.first[junction], t.j.first[junction+1]
	fingers := make([]finger, last-first)
	to := make([]int32, min(chunk, len(states)))
	for from := 0; from < len(states); from += chunk {
		part := states[from:min(from+chunk, len(states))]
		for r := first; r < last; r++ {
			next := int(t.j.routes[r].next)
			if t.prices[r] == noPrice || len(t.states[next]) == 0 {
				continue
			}
			f := &fingers[r-first]
			f.in = &t.found[next]
			if len(t.purses.fields) == 1 {
				t.leadAlong(part, r, f, to[:len(part)])
			} else {
				t.lead(part, r, f, to[:len(part)])
			}
			visit(lane{r, next, from, to[:len(part)]})
		}
	}
}

// lead finds where a route leads from states.
func (t *table) lead(states []purse, r int32, f *finger, to []int32) {
	for s, have := range states {
		to[s] = nowhereTo
		if at, ok := t.follow(f, have, r); ok {
			to[s] = int32(at)
		}
	}
}

// leadAlong is lead with one limit: the states that pay for the route are the last ones, and of these the last that have more left than
// anything costs.
func (t *table) leadAlong(states []purse, r int32, f *finger, to []int32) {
	price, next := t.prices[r], t.j.routes[r].next
	most, unit := t.measures[next].most[0], t.measures[next].unit[0]
	poor, _ := slices.BinarySearch(states, price)
	rich, _ := slices.BinarySearch(states, price+most)
	for s := range to[:poor] {
		to[s] = nowhereTo
	}
	if f.in.dense() && unit <= 1 {
		words, shift := f.in.words, price+f.in.low-64
		for s := poor; s < rich; s++ {
			p := states[s] - shift
			w := &words[p>>6]
			to[s] = int32(w.before) + int32(bits.OnesCount64(w.marks&(1<<(p&63)-1)))
		}
	} else {
		for s := poor; s < rich; s++ {
			left := states[s] - price
			if unit > 1 {
				left -= left % unit
			}
			at, _ := f.find(left)
			to[s] = int32(at)
		}
	}
	if rich < len(states) {
		at, _ := f.find(most)
		for s := rich; s < len(states); s++ {
			to[s] = int32(at)
		}
	}
}

// joins calls visit with all lanes of the completions of a junction: from neighbouring sums of the junction that a route leads to, to the
// sums of this one that they are with the price of the route. There are far fewer of them than there are sums that a route might have led to.
func (t *table) joins(junction int, visit func(lane)) {
	known := t.remembered()
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		next := int(t.j.routes[r].next)
		switch {
		case t.prices[r] == noPrice:
		case known != nil:
			visit(lane{r, next, 0, known[r]})
		default:
			from := 0
			t.joinRoute(junction, r, func(to []int32) {
				visit(lane{r, next, from, to})
				from += len(to)
			})
		}
	}
}
