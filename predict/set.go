package predict

import "math/bits"

// set is a set of features as a bit map.
type set []uint64

// newSets returns the sets of the features of rows, numbered as they are met.
func newSets(rows [][]uint64) []set {
	number := map[uint64]int{}
	for _, row := range rows {
		for _, f := range row {
			if _, met := number[f]; !met {
				number[f] = len(number)
			}
		}
	}
	out := make([]set, len(rows))
	for i, row := range rows {
		out[i] = make(set, (len(number)+63)/64)
		for _, f := range row {
			n := number[f]
			out[i][n/64] |= 1 << (n % 64)
		}
	}
	return out
}

// common counts the features that two sets have in common.
func (a set) common(b set) (n int) {
	b = b[:len(a)]
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}
