package lattice

import "math/bits"

// index finds remaining budgets in a sorted list. Where the list is dense it is a bit map with the number of remaining budgets before each of its words, so
// that a question is one look; elsewhere it is a search.
type index struct {
	list  []remaining
	low   remaining // the remaining budget of the first bit of words[1]
	words []word    // empty if the list is not dense; there is an empty one at either end
}

// word is a word of a bit map; both numbers lie in one line of a cache.
type word struct {
	marks  uint64
	before uint32 // marks of the words before
}

// A list is dense if it has two remaining budgets for each word of a bit map, or if there are few words and no more than four for each remaining budget: an index
// takes 8 bytes a remaining budget, or 2 megabytes.
const (
	entriesPerWord = 2
	wordsPerEntry  = 4
	fewWords       = 1 << 17
)

func newIndex(list []remaining) index {
	x := index{list: list}
	if len(list) == 0 {
		return x
	}
	x.low = list[0] &^ 63
	words := (list[len(list)-1]-x.low)>>6 + 1
	if !isDense(len(list), words) {
		return x
	}
	x.words = make([]word, words+2)
	for _, p := range list {
		x.words[(p-x.low)>>6+1].marks |= 1 << (p & 63)
	}
	sum := uint32(0)
	for i := range x.words {
		w := &x.words[i]
		w.before = sum
		sum += uint32(bits.OnesCount64(w.marks))
	}
	return x
}

// indexOfMarks returns the index of the n remaining budgets of a bit map, the first of whose bits is remaining budget low.
func indexOfMarks(marks []uint64, low remaining, n int) index {
	x := index{list: make([]remaining, n), low: low}
	if isDense(n, uint64(len(marks))) {
		x.words = make([]word, len(marks)+2)
		sum := uint32(0)
		for i, m := range marks {
			x.words[i+1] = word{m, sum}
			sum += uint32(bits.OnesCount64(m))
		}
		x.words[len(marks)+1].before = sum
	}
	at := 0
	for i, m := range marks {
		for base := low + uint64(i)<<6; m != 0; m &= m - 1 {
			x.list[at] = base | uint64(bits.TrailingZeros64(m))
			at++
		}
	}
	return x
}

func isDense(purses int, words uint64) bool {
	n := uint64(purses)
	return words <= n/entriesPerWord || words <= fewWords && words <= wordsPerEntry*n
}

// dense reports whether there is a bit map.
func (x *index) dense() bool { return len(x.words) > 0 }

// look returns the position of a remaining budget of a dense list, or that it would have.
func (x *index) look(p remaining) (int, bool) {
	if p < x.low {
		return 0, false
	}
	i := (p-x.low)>>6 + 1
	if i >= uint64(len(x.words)) {
		return len(x.list), false
	}
	w, bit := &x.words[i], uint64(1)<<(p&63)
	return int(w.before) + bits.OnesCount64(w.marks&(bit-1)), w.marks&bit != 0
}
