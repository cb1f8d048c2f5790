package lattice

import "slices"

// affordable finds, for each of some remaining budgets, what the completions that it pays for come to: their number, or the least or greatest of
// some value of theirs. merge adds what a completion has to a sum; it is associative and commutative, and the zero that new
// returns adds nothing.
//
// With one limit this is a walk along both sorted lists. With two it is a sweep by the first field over a Fenwick tree on the second
// (Fenwick, 1994): O((q + c) log c) for q remaining budgets and c completions.
func affordable[T any](p *packing, have []remaining, c *completions, of func(at int) T, zero func() T, merge func(into *T, x T)) []T {
	out := make([]T, len(have))
	if len(p.fields) < 2 {
		sum, at := zero(), 0
		for i, have := range have {
			for ; at < len(c.sums) && c.sums[at] <= have; at++ {
				merge(&sum, of(at))
			}
			out[i] = zero()
			merge(&out[i], sum)
		}
		return out
	}
	minor, major := p.fields[0], p.fields[1]
	levels := minorLevels(c.sums, minor)
	tree := make([]T, len(levels)+1)
	for i := range tree {
		tree[i] = zero()
	}
	at := 0
	for i, have := range have {
		for ; at < len(c.sums) && c.sums[at]>>major.shift <= have>>major.shift; at++ {
			x := of(at)
			for k := levels.at(c.sums[at]&minor.mask) + 1; k < len(tree); k += k & -k {
				merge(&tree[k], x)
			}
		}
		out[i] = zero()
		for k := levels.at(have&minor.mask + 1); k > 0; k &= k - 1 {
			merge(&out[i], tree[k])
		}
	}
	return out
}

// levels are different values of a field, sorted.
type levels []uint64

func minorLevels(of []remaining, minor field) levels {
	out := make(levels, len(of))
	for i, s := range of {
		out[i] = s & minor.mask
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// at returns the number of levels below x.
func (l levels) at(x uint64) int {
	lo, n := 0, len(l)
	for n > 0 {
		half := n >> 1
		if l[lo+half] < x {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}
