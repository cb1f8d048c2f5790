package lattice

import (
	"math/bits"
	"slices"
)

// chunk is the number of states that all routes of a junction are followed from before the next ones: they and their counts stay in the
// first cache.
const chunk = 1 << 11

// countStrides returns the counts of the states of a junction, of one field and one limb, and false if one limb does not hold them.
func (t *table) countStrides(i int) (counts []uint64, fits bool) {
	states := t.states[i]
	counts = make([]uint64, len(states))
	cursors := make([]cursor, t.j.first[i+1]-t.j.first[i])
	var lost uint64
	for from := 0; from < len(states); from += chunk {
		to := min(from+chunk, len(states))
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			next := t.j.routes[r].next
			if t.packed[r] == unaffordable || len(t.states[next]) == 0 {
				continue
			}
			f := &cursors[r-t.j.first[i]]
			f.in = &t.found[next]
			lost |= t.countStride(states[from:to], counts[from:to], r, f)
		}
	}
	return counts, lost == 0
}

// countStride adds to the counts of states those of what a route leaves of them, and returns 1 if some count overflows.
func (t *table) countStride(states []remaining, counts []uint64, r int32, f *cursor) (lost uint64) {
	cost, next := t.packed[r], t.j.routes[r].next
	most, unit, of := t.measures[next].most[0], t.measures[next].unit[0], t.counts[next]
	first, _ := slices.BinarySearch(states, cost)
	states, counts = states[first:], counts[first:]
	flatFrom, _ := slices.BinarySearch(states, cost+most)
	if flatFrom < len(states) {
		at, _ := f.find(most)
		lost |= addEach(counts[flatFrom:], of[at])
	}
	states, counts = states[:flatFrom], counts[:flatFrom]
	if f.in.dense() && unit <= 1 {
		words, shift := f.in.words, cost+f.in.low-64
		for s, have := range states {
			p := have - shift
			w := &words[p>>6]
			at := int(w.before) + bits.OnesCount64(w.marks&(1<<(p&63)-1))
			var carry uint64
			counts[s], carry = bits.Add64(counts[s], of[at], 0)
			lost |= carry
		}
		return lost
	}
	for s, have := range states {
		left := have - cost
		if unit > 1 {
			left -= left % unit
		}
		at, _ := f.find(left)
		var carry uint64
		counts[s], carry = bits.Add64(counts[s], of[at], 0)
		lost |= carry
	}
	return lost
}

func addEach(counts []uint64, n uint64) (lost uint64) {
	for s := range counts {
		var carry uint64
		counts[s], carry = bits.Add64(counts[s], n, 0)
		lost |= carry
	}
	return lost
}

// numberStrides finds how many paths have each completion of a junction, of one field and one limb and in a dense index. It returns false
// if one limb does not hold all paths together.
func (t *table) numberStrides(i int) (fits bool) {
	c := t.back[i]
	var all, lost uint64
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		cost := t.packed[r]
		if cost == unaffordable || cost > t.mostLeft[i] {
			continue
		}
		next := t.back[t.j.routes[r].next]
		n, _ := slices.BinarySearch(next.sums, t.mostLeft[i]-cost+1)
		numbers := next.numbers[:n]
		words, shift := c.found.words, c.found.low-64-cost
		for s, sum := range next.sums[:n] {
			p := sum - shift
			w := &words[p>>6]
			at := int(w.before) + bits.OnesCount64(w.marks&(1<<(p&63)-1))
			var carry uint64
			c.numbers[at], carry = bits.Add64(c.numbers[at], numbers[s], 0)
			lost |= carry
		}
	}
	for _, n := range c.numbers {
		var carry uint64
		all, carry = bits.Add64(all, n, 0)
		lost |= carry
	}
	return lost == 0
}
