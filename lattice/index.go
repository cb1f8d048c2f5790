package lattice

import "math/bits"

// index finds purses in a sorted list. Where the list is dense it is a bit map with the number of purses before each of its words, so
// that a question is one look; elsewhere it is a search.
type index struct {
	list   []purse
	low    purse    // the purse of the first bit of marks[1]
	marks  []uint64 // empty if the list is not dense; there is an empty word at either end
	before []uint32 // by word of marks
}

// sparsest is the number of words of a bit map for each purse from which on a list is searched instead: its index takes 6 bytes a purse.
const sparsest = 0.5

func newIndex(list []purse) index {
	x := index{list: list}
	if len(list) == 0 {
		return x
	}
	x.low = list[0] &^ 63
	words := (list[len(list)-1]-x.low)>>6 + 1
	if float64(words) > sparsest*float64(len(list)) {
		return x
	}
	x.marks, x.before = make([]uint64, words+2), make([]uint32, words+2)
	for _, p := range list {
		x.marks[(p-x.low)>>6+1] |= 1 << (p & 63)
	}
	sum := uint32(0)
	for w, word := range x.marks {
		x.before[w] = sum
		sum += uint32(bits.OnesCount64(word))
	}
	return x
}

// dense reports whether there is a bit map.
func (x *index) dense() bool { return len(x.marks) > 0 }

// look returns the position of a purse of a dense list, or that it would have.
func (x *index) look(p purse) (int, bool) {
	if p < x.low {
		return 0, false
	}
	w := (p-x.low)>>6 + 1
	if w >= uint64(len(x.marks)) {
		return len(x.list), false
	}
	word, bit := x.marks[w], uint64(1)<<(p&63)
	return int(x.before[w]) + bits.OnesCount64(word&(bit-1)), word&bit != 0
}
