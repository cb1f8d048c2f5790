package lattice

import "slices"

// meetInMiddle finds completions and states. It lets junctions have more and more completions, until there are not many more states before
// them. So it takes a small multiple of the time and the memory of the best place to meet.
//
// What a seed draws follows from the place, so a change of these numbers is one of all samples within limits.
//
// With bit maps another place costs little to look at. Steps are smaller then, and where states outnumber completions by far, the place
// after the first one found is looked at too.
func (t *table) meetInMiddle(l *Lattice, bound int) error {
	defer func() { t.dedup = dedup{bits: t.packing.bits} }() // its bit map is not needed again
	step, share := 4, 2
	if t.narrow() {
		step, share = 2, 8
	}
	var best meeting
	last := 0
	for most := 1 << 8; ; most *= step {
		if t.plain {
			most = 0 // not even junctions that one route only is left of: their one sum may be more than a budget
		}
		held, more := t.backward(most, min(bound/2, best.boundOr(bound)))
		if held == last && more {
			continue
		}
		last = held
		if !t.narrow() && held > manySums {
			share = 4 // another place costs more than these states
		}
		allowed := min(share*held+(1<<16), bound-held)
		if t.plain || !more {
			allowed = bound - held
		}
		if best.found() {
			allowed = min(allowed, best.total-held-1)
		}
		reached, ok := t.forward(allowed)
		switch {
		case ok && (!t.narrow() || !more || reached <= share/2*held):
			return nil
		case ok:
			best = meeting{t.back, t.states, t.found, held + reached}
			t.back = slices.Clone(t.back)
		case best.found():
			t.back, t.states, t.found = best.back, best.states, best.index
			return nil
		case allowed == bound-held:
			return t.tooManyStates(l, held+reached, true, bound)
		}
	}
}

// manySums are so many completions that looking for a better place to meet is expensive.
const manySums = 1 << 20

// tooManyStates returns the error of a table that needs so many, or more.
func (t *table) tooManyStates(l *Lattice, need int, more bool, bound int) error {
	e := &TooLargeError{Space: l.space.Name(), What: "states (decisions taken, budgets left)", Need: int64(need), More: more, Bound: int64(bound)}
	if !more {
		e.MemoryLimit = roundedLimit(int64(need) * int64(t.each))
	}
	return e
}

// meeting is a place where states and completions meet.
type meeting struct {
	back   []*completions
	states [][]remaining
	index  []index
	total  int // of states and sums
}

func (m *meeting) found() bool { return m.total > 0 }

func (m *meeting) boundOr(bound int) int {
	if m.found() {
		return m.total
	}
	return bound
}
