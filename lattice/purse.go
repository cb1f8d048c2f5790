package lattice

import "math/bits"

// A purse is what is left of all budgets, packed into one word: for each limited metric a field, in units that divide every cost of it,
// and above each field a guard bit. So paying is one subtraction, and a guard that is gone says that a budget was overdrawn.
type purse = uint64

// purses are the layout of the purses of one region.
type purses struct {
	fields []field
	guards purse
	full   purse // the purse at the root
	bits   int   // used altogether
}

type field struct {
	metric int
	unit   int64 // the greatest that divides every cost of the metric
	shift  uint
	mask   uint64 // before shifting
}

// layout returns the purses for a lattice under limits that can each be met alone. The error is a *TooLargeError if a purse does not fit
// into a word.
func (l *Lattice) layout(limits []limit) (p purses, err error) {
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

// leading returns the field that purses are sorted by first.
func (p *purses) leading() field { return p.fields[len(p.fields)-1] }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// price packs costs as a purse holds them, or returns false if they are more than any purse holds.
func (p *purses) price(c costs) (purse, bool) {
	var sum purse
	for _, f := range p.fields {
		units := uint64(c[f.metric] / f.unit)
		if units > f.mask {
			return 0, false
		}
		sum |= units << f.shift
	}
	return sum, true
}

// pay returns the purse less a price, or false if it does not hold that much.
func (p *purses) pay(have, price purse) (purse, bool) {
	left := (have | p.guards) - price
	return left &^ p.guards, left&p.guards == p.guards
}

// measure is what a purse is worth at a junction. Purses that allow the same completions are made one: money that no completion can
// spend is taken away, and so is a remainder smaller than anything that completions differ by.
type measure struct {
	most [maxMetrics]uint64 // by field: the most that completions spend
	unit [maxMetrics]uint64 // by field: what divides every cost of completions
}

func (p *purses) round(have purse, m *measure) purse {
	var out purse
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
func (p *purses) measures(l *Lattice, j *junctions) []measure {
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
