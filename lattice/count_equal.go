package lattice

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// sameJunctions returns for every junction the first one whose completions cost the same: with a route of the same cost to the same
// junction, in that sense, for each of its own. The last block of a stage of two is that of a stage of four, decisions and
// scores aside. Such junctions have their states, sums and counts in common.
func (t *table) sameJunctions() []int32 {
	type arc struct {
		price remaining
		next  int32
	}
	same, known := make([]int32, len(t.j.items)), map[string]int32{}
	var arcs []arc
	for i := range same {
		arcs = arcs[:0]
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			arcs = append(arcs, arc{t.packed[r], same[t.j.routes[r].next]})
		}
		slices.SortFunc(arcs, func(a, b arc) int { return cmp.Or(cmp.Compare(a.price, b.price), cmp.Compare(a.next, b.next)) })
		var key []byte
		for _, a := range arcs {
			key = binary.AppendUvarint(binary.AppendUvarint(key, a.price), uint64(a.next))
		}
		first, ok := known[string(key)]
		if !ok {
			first = int32(i)
			known[string(key)] = first
		}
		same[i] = first
	}
	return same
}

// first reports whether a junction is the first of those that are the same.
func (t *table) first(i int) bool { return int(t.same[i]) == i }
