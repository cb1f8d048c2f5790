package lattice

import "slices"

// source is a sorted list of remaining budgets that go somewhere by a route, each with its leading field changed by the same.
type source struct {
	list  []remaining
	route int32
	moved int64
}

// slabSize is about how many remaining budgets are gathered before they are sorted: they and their copy stay in the second cache.
const slabSize = 1 << 15

// inSlabs adds what the remaining budgets of sources become, each once and sorted, where there is no bit map: slab by slab of the leading field, so that
// memory holds little more than the result. add is given the next part of a source and adds to the dedup set what becomes of it, which
// must ascend in the leading field as the source does; a value of that above most becomes most, and one below loses its remainder by unit. It
// stops where there are more than allowed.
func (g *dedup) inSlabs(leading field, sources []source, most, unit uint64, allowed int, add func(s source, part []remaining)) []remaining {
	var slabs [][]remaining
	held := 0
	at := make([]int, len(sources))
	for _, bound := range slabBounds(leading, sources, most, unit) {
		g.list = g.list[:0]
		for k, s := range sources {
			from := at[k]
			to := len(s.list)
			if bound < ^uint64(0) {
				n, _ := slices.BinarySearch(s.list[from:], uint64(max(0, int64(bound)-s.moved))<<leading.shift)
				to = from + n
			}
			add(s, s.list[from:to])
			at[k] = to
		}
		g.merge()
		slabs = append(slabs, slices.Clone(g.list))
		if held += len(g.list); held > allowed {
			break
		}
	}
	return slices.Concat(slabs...)
}

// slabBounds returns where slabs end, ascending: values of the leading field, after it changed, that are no longer in them. The last has no end.
func slabBounds(leading field, sources []source, most, unit uint64) []uint64 {
	all, longest := 0, source{}
	for _, s := range sources {
		all += len(s.list)
		if len(s.list) > len(longest.list) {
			longest = s
		}
	}
	var out []uint64
	slabs := all/slabSize + 1
	last := int64(0)
	for k := 1; k < slabs; k++ {
		p := longest.list[len(longest.list)*k/slabs]
		bound := int64(p>>leading.shift&leading.mask) + longest.moved
		if unit > 1 {
			bound -= bound % int64(unit)
		}
		if bound > last && uint64(bound) <= most {
			out = append(out, uint64(bound))
			last = bound
		}
	}
	return append(out, ^uint64(0))
}
