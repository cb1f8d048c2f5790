package lattice

import "math/bits"

// remaining is what is left of all budgets, packed into one word: for each limited metric a field, in units that divide every cost of it,
// and above each field a guard bit. So paying is one subtraction, and a guard bit that is gone says that a budget was exceeded. With 5 left
// of one budget and 3 of another, and a step that costs 2 and 4:
//
//	1 101 1 011    the remaining budgets, guard bits set
//	0 010 0 100    the costs of the step
//	1 011 0 111    the difference: the guard bit of the second field is gone, so the step does not fit
type remaining = uint64

// packing are the layout of the packed budgets of one region.
type packing struct {
	fields []field
	guards remaining
	full   remaining // the remaining budget at the root
	bits   int       // used altogether
}

type field struct {
	metric int
	unit   int64 // the greatest that divides every cost of the metric
	shift  uint
	mask   uint64 // before shifting
}

// layout returns the packing for a lattice under limits that can each be met alone. The error is a *TooLargeError if a remaining budget does not fit
// into a word.
func (l *Lattice) layout(limits []limit) (p packing, err error) {
	shift := uint(0)
	for i := len(limits) - 1; i >= 0; i-- {
		m := limits[i].metric
		left := min(limits[i].most-l.fixed[m], l.highest[l.root()][m])
		unit := int64(0)
		for _, s := range l.steps {
			unit = gcd(unit, s.cost[m])
		}
		if unit > 0 {
			left /= unit
		} else {
			unit, left = 1, 0
		}
		width := uint(bits.Len64(uint64(left)))
		if shift+width+1 > 64 {
			return p, &TooLargeError{Space: l.space.Name(), What: "bits for what is left of all budgets", Need: int64(shift + width + 1), Bound: 64}
		}
		p.fields = append(p.fields, field{m, unit, shift, 1<<width - 1})
		p.guards |= 1 << (shift + width)
		p.full |= uint64(left) << shift
		shift += width + 1
	}
	p.bits = int(shift)
	return p, nil
}

// leading returns the field that remaining budgets are sorted by first.
func (p *packing) leading() field { return p.fields[len(p.fields)-1] }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// pack packs costs as budgets are packed, or returns false if they are more than any remaining budget holds.
func (p *packing) pack(c costs) (remaining, bool) {
	var sum remaining
	for _, f := range p.fields {
		units := uint64(c[f.metric] / f.unit)
		if units > f.mask {
			return 0, false
		}
		sum |= units << f.shift
	}
	return sum, true
}

// pay returns the remaining budget less a cost, or false if it does not hold that much.
func (p *packing) pay(have, cost remaining) (remaining, bool) {
	left := (have | p.guards) - cost
	return left &^ p.guards, left&p.guards == p.guards
}

// measure says which remaining budgets are equivalent at a junction. Those that allow the same completions are made one: what no completion can
// spend is taken away, and so is a remainder smaller than anything that completions differ by.
type measure struct {
	most [maxMetrics]uint64 // by field: the most that completions spend
	unit [maxMetrics]uint64 // by field: what divides every cost of completions
}

func (p *packing) round(have remaining, m *measure) remaining {
	var out remaining
	for i := range p.fields {
		f := &p.fields[i]
		x := have >> f.shift & f.mask
		if x >= m.most[i] {
			x = m.most[i]
		} else if m.unit[i] > 1 {
			x -= x % m.unit[i]
		}
		out |= x << f.shift
	}
	return out
}

// measures returns the measure of every junction.
func (p *packing) measures(l *Lattice, j *junctions) []measure {
	out := make([]measure, len(j.items))
	for i := range out {
		for k, f := range p.fields {
			out[i].most[k] = min(uint64(l.highest[j.items[i]][f.metric]/f.unit), f.mask)
			unit := int64(0)
			for _, r := range j.after(i) {
				unit = gcd(gcd(unit, r.cost[f.metric]/f.unit), int64(out[r.next].unit[k]))
			}
			out[i].unit[k] = uint64(unit)
		}
	}
	return out
}
