package lattice

import "slices"

// ItemByItem returns the lattice with a junction at every item, so that tables of spaces that can be enumerated have as many levels of states
// and completions as those of large ones: the routes of a small space nearly all lead from the root to the end.
func (l *Lattice) ItemByItem() *Lattice {
	out := l.copy()
	out.whole, out.partOf = l, slices.Repeat([]int32{l.root()}, len(l.decisionOf)) // the root is never skipped
	return out
}
