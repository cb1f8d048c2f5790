package lattice

import (
	"maps"
	"slices"
)

// unfolded is a lattice of the same paths as another whose items also store something of the prefixes that lead to them.
type unfolded[K any] struct {
	lattice  *Lattice
	from     []int32 // by item: which item of the other lattice it was
	contexts []K     // by item
}

// unfold splits every item by what the prefixes that lead to it leave: start at the root, and after(k, item, at) behind a step of an item
// at which k is stored. Nothing is stored at the end. What items store comes in ascending order by compare. It is
// a [*TooLargeError] if there are more items than bound.
func unfold[K comparable](l *Lattice, start K, after func(k K, item, at int32) K, compare func(a, b K) int, bound int) (unfolded[K], error) {
	known := make([]map[K]bool, len(l.decisionOf))
	sorted := make([][]K, len(l.decisionOf))
	known[l.root()] = map[K]bool{start: true}
	held := 1
	for item := l.root(); item > end; item-- {
		sorted[item] = slices.SortedFunc(maps.Keys(known[item]), compare)
		known[item] = nil
		if held += len(sorted[item]); held > bound {
			return unfolded[K]{}, &TooLargeError{Space: l.space.Name(), What: "items", Need: int64(held), More: true, Bound: int64(bound)}
		}
		for at := l.first[item]; at < l.first[item+1]; at++ {
			next := l.steps[at].next
			if next == end {
				continue
			}
			if known[next] == nil {
				known[next] = map[K]bool{}
			}
			for _, k := range sorted[item] {
				known[next][after(k, item, at)] = true
			}
		}
	}
	number := make([]int32, len(sorted)) // of the first item that an item becomes
	n := int32(1)
	for item := end + 1; item < len(sorted); item++ {
		number[item] = n
		n += int32(len(sorted[item]))
	}
	var forgotten K
	out := unfolded[K]{l.like(), []int32{end}, []K{forgotten}}
	u := out.lattice
	u.decisionOf, u.first, u.highest = []int32{-1}, []int32{0, 0}, []costs{{}}
	for item := int32(end + 1); item <= l.root(); item++ {
		for _, k := range sorted[item] {
			for at := l.first[item]; at < l.first[item+1]; at++ {
				s := l.steps[at]
				if s.next != end {
					place, _ := slices.BinarySearchFunc(sorted[s.next], after(k, item, at), compare)
					s.next = number[s.next] + int32(place)
				}
				u.steps = append(u.steps, s)
			}
			u.decisionOf = append(u.decisionOf, l.decisionOf[item])
			u.first = append(u.first, int32(len(u.steps)))
			u.highest = append(u.highest, l.highest[item])
			out.from = append(out.from, item)
			out.contexts = append(out.contexts, k)
		}
	}
	u.whole, u.partOf = l, out.from
	if l.whole != nil {
		u.whole, u.partOf = l.whole, picked(l.partOf, out.from)
	}
	if l.previous != nil {
		u.previous = picked(l.previous, out.from)
	}
	if l.contexts != nil {
		u.contexts = picked(l.contexts, out.from)
	}
	return out, nil
}

// picked returns the elements at some places.
func picked[T any](of []T, at []int32) []T {
	out := make([]T, len(at))
	for i, place := range at {
		out[i] = of[place]
	}
	return out
}

// like returns a lattice of the same space, metrics, decisions and knowledge, without items.
func (l *Lattice) like() *Lattice {
	return &Lattice{space: l.space, definitions: l.definitions, decisions: l.decisions, ambiguous: l.ambiguous, fixed: l.fixed, context: l.context, all: l.all, peakLimit: l.peakLimit, memoryLimit: l.memoryLimit}
}
