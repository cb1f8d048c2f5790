package lattice

import "math/bits"

// totals say which sums completions have in a limited component that is the score too: a bit map for each item, as far as memory allows,
// and elsewhere what divides them.
type totals struct {
	limit  int   // which limit
	unit   int64 // that divides all
	of     [][]uint64
	offset []int64 // by item: the score of a completion less its sum
}

// totalBytes is what the bit maps take at most.
const totalBytes = 64 << 20

// totalsOf returns the totals of the component of a limit, where scores are another component, times 1 or −1: the same one, or that which
// it is the opposite of.
func (l *Lattice) totalsOf(of, limit, scored int, times int64) *totals {
	t := &totals{limit: limit, of: make([][]uint64, len(l.decisionOf)), offset: make([]int64, len(l.decisionOf))}
	for _, step := range l.steps {
		t.unit = gcd(t.unit, step.cost[of])
	}
	t.unit = max(1, t.unit)
	t.of[end] = []uint64{1}
	wordsLeft := int64(totalBytes / 8)
	for item := int32(end + 1); item <= l.root(); item++ {
		if times < 0 {
			t.offset[item] = -l.highest[item][scored]
		}
		words := l.highest[item][of]/t.unit/64 + 1
		for _, step := range l.after(item) {
			if t.of[step.next] == nil {
				words = wordsLeft + 1
			}
		}
		if words > wordsLeft {
			continue
		}
		wordsLeft -= words
		t.of[item] = make([]uint64, words)
		for _, step := range l.after(item) {
			orMoved(t.of[item], t.of[step.next], step.cost[of]/t.unit)
		}
	}
	return t
}

// orMoved adds the bits of from, moved up, to those of into.
func orMoved(into, from []uint64, by int64) {
	into = into[by/64:]
	for i, w := range from {
		into[i] |= w << (by % 64)
		if over := w >> (64 - by%64); over != 0 {
			into[i+1] |= over
		}
	}
}

// best returns a bound of the scores behind an item that what is left pays for and that are no better than another bound.
func (t *totals) best(item int32, left *costs, bound float64) (float64, bool) {
	most := min(left[t.limit], int64(bound)-t.offset[item]) // of a sum
	if most < 0 {
		return 0, false
	}
	units, marks := most/t.unit, t.of[item]
	if marks == nil {
		return float64(units*t.unit + t.offset[item]), true
	}
	at := min(units/64, int64(len(marks))-1)
	word := marks[at]
	if at == units/64 {
		word &= ^uint64(0) >> (63 - units%64)
	}
	for word == 0 {
		if at--; at < 0 {
			return 0, false
		}
		word = marks[at]
	}
	return float64((at*64+int64(bits.Len64(word))-1)*t.unit + t.offset[item]), true
}
