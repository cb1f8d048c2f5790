package pareto

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// entry is one value to be ordered and the point it belongs to. key orders as the value does.
type entry struct {
	key   uint64
	index int32
}

// key maps a float to an unsigned integer of the same order, NaN with +Inf and −0 with 0.
func key(x float64) uint64 {
	b := math.Float64bits(plain(x))
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// radixFrom is the length from which the radix sort beats a comparison sort (measured; the histograms have a fixed price).
const radixFrom = 160

// sortEntries orders by key, stable in the order given: a radix sort on the 33 leading bits of the range that the keys
// span, then an insertion sort for the few that agree in those. Keys that crowd beyond that cost a comparison sort.
func sortEntries(a []entry) []entry {
	byKey := func(x, y entry) int { return cmp.Compare(x.key, y.key) }
	if len(a) < radixFrom {
		slices.SortStableFunc(a, byKey)
		return a
	}
	low, high := a[0].key, a[0].key
	for _, e := range a {
		low, high = min(low, e.key), max(high, e.key)
	}
	const digit, mask = 11, 1<<11 - 1
	drop := max(0, bits.Len64(high-low)-3*digit)
	var count [3][mask + 1]int32
	for _, e := range a {
		k := (e.key - low) >> drop
		count[0][k&mask]++
		count[1][k>>digit&mask]++
		count[2][k>>(2*digit)&mask]++
	}
	b := make([]entry, len(a))
	for d := range count {
		c := &count[d]
		if c[0] == int32(len(a)) {
			continue
		}
		sum := int32(0)
		for i, n := range c {
			c[i] = sum
			sum += n
		}
		shift := drop + d*digit
		for _, e := range a {
			at := &c[(e.key-low)>>shift&mask]
			b[*at] = e
			*at++
		}
		a, b = b, a
	}
	for i, budget := 1, 2*len(a); i < len(a); i++ {
		e, j := a[i], i
		for ; j > 0 && a[j-1].key > e.key; j-- {
			a[j] = a[j-1]
			budget--
		}
		a[j] = e
		if budget < 0 {
			slices.SortStableFunc(a, byKey)
			break
		}
	}
	return a
}

// orderBy returns the points' indices by ascending component c, equal values in index order.
func orderBy(points [][]float64, c int) []entry {
	a := make([]entry, len(points))
	for i, p := range points {
		a[i] = entry{key(p[c]), int32(i)}
	}
	return sortEntries(a)
}

// lexicographic returns the points' indices in lexicographic order, equal vectors in index order. So whatever
// dominates a point stands before it.
func lexicographic(points [][]float64) []entry {
	order := orderBy(points, 0)
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[to].key == order[from].key {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(order[from:to], func(a, b entry) int {
				p, q := points[a.index], points[b.index]
				for c := 1; c < len(p); c++ {
					if by := cmp.Compare(plain(p[c]), plain(q[c])); by != 0 {
						return by
					}
				}
				return cmp.Compare(a.index, b.index)
			})
		}
		from = to
	}
	return order
}

// same reports whether two vectors are equal, with NaN read as +Inf.
func same(a, b []float64) bool {
	for i, x := range a {
		if x != b[i] && plain(x) != plain(b[i]) {
			return false
		}
	}
	return true
}
