package lattice

import "math/bits"

// lane is a route of a table of one field, made ready to be followed from many states one after another. of are values of the states that it
// leads to.
type lane[T any] struct {
	price, most, unit purse
	value             T // of the route
	of                []T
	low               purse // marks and before are those of a dense index, otherwise to is asked
	marks             []uint64
	before            []uint32
	to                finger
}

// lanes returns the lanes of a junction, of which a purse can pay some.
func lanes[T any](t *table, i int, of func(r int32) T, values [][]T) []lane[T] {
	var out []lane[T]
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		next := t.j.routes[r].next
		if t.prices[r] == noPrice || len(t.states[next]) == 0 {
			continue
		}
		m, in := &t.measures[next], &t.found[next]
		out = append(out, lane[T]{t.prices[r], m.most[0], max(1, m.unit[0]), of(r), values[next], in.low, in.marks, in.before, finger{in: in}})
	}
	return out
}

// follow returns the position of the state that the lane leads to from a purse that pays for it.
func (n *lane[T]) follow(have purse) int {
	left := have - n.price
	if left >= n.most {
		left = n.most
	} else if n.unit > 1 {
		left -= left % n.unit
	}
	if len(n.marks) == 0 {
		at, _ := n.to.find(left)
		return at
	}
	w := (left-n.low)>>6 + 1
	return int(n.before[w]) + bits.OnesCount64(n.marks[w]&(1<<(left&63)-1))
}

// countLanes returns the counts of the states of a junction, of one field and one limb, and false if one limb does not hold them.
func (t *table) countLanes(i int) ([]uint64, bool) {
	all := lanes(t, i, func(int32) uint64 { return 1 }, t.counts)
	out := make([]uint64, len(t.states[i]))
	var lost uint64
	for s, have := range t.states[i] {
		var sum, carry uint64
		for k := range all {
			if n := &all[k]; have >= n.price {
				sum, carry = bits.Add64(sum, n.of[n.follow(have)], 0)
				lost |= carry
			}
		}
		out[s] = sum
	}
	return out, lost == 0
}

// maxLanes returns the greatest values of completions of the states of a junction of one field.
func (t *table) maxLanes(i int, v *values[float64]) []float64 {
	all := lanes(t, i, func(r int32) float64 { return v.routes[r] }, v.states)
	out := make([]float64, len(t.states[i]))
	for s, have := range t.states[i] {
		most := (MaxPlus{}).Zero()
		for k := range all {
			if n := &all[k]; have >= n.price {
				if x := n.value + n.of[n.follow(have)]; x > most || x != x {
					most = x
				}
			}
		}
		out[s] = most
	}
	return out
}
