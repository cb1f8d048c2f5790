package lattice

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Derivation is an architecture of a region in the making: decision by decision it says which options still lead to an architecture of the
// region, so that whoever takes one of these every time, a controller for instance, ends within the limits. It belongs to one goroutine.
type Derivation struct {
	region   *CountedRegion
	item     int32     // of the lattice, whose decision is next
	junction int       // the last one met
	have     remaining // what is left there
	from, to int32     // its routes that begin with the steps taken since
	depth    int       // the number of those steps
	choices  []int
	open     []int // options of the next decision that lead to an architecture; valid if known
	known    bool
}

// Derive returns the derivation in which nothing is decided yet.
func (r *CountedRegion) Derive() *Derivation {
	d := &Derivation{region: r, item: r.lattice.root()}
	d.arrive(r.table.j.root(), r.table.states[r.table.j.root()][0])
	return d
}

func (d *Derivation) arrive(junction int, have remaining) {
	j := d.region.table.j
	d.junction, d.have, d.depth, d.known = junction, have, 0, false
	if junction != end {
		d.from, d.to = j.first[junction], j.first[junction+1]
	}
}

// Decision returns the next decision, as its place in [Lattice.Decisions], or false if all are taken.
func (d *Derivation) Decision() (at int, ok bool) {
	if d.item == end {
		return 0, false
	}
	return int(d.region.lattice.decisionOf[d.item]), true
}

// Open returns the options of the next decision after which there is an architecture within all limits, ascending; none if all decisions
// are taken, and one at least otherwise. The slice is valid until the next call of Take. It costs a question to the counts for every
// route, which is every option unless decisions have a cost only together.
func (d *Derivation) Open() []int {
	if d.known || d.item == end {
		return d.open
	}
	t := d.region.table
	d.open, d.known = d.open[:0], true
	count := make([]uint64, t.limbs)
	for r := d.from; r < d.to; r++ {
		option := d.option(r)
		if n := len(d.open); n > 0 && d.open[n-1] == option {
			continue
		}
		clear(count)
		if d.count(r, count); !isZero(count) {
			d.open = append(d.open, option)
		}
	}
	return d.open
}

// Completions returns for each option of the next decision how many architectures within all limits take it after what was taken so far;
// nil if all decisions are taken. They add up to the number of architectures that begin so.
func (d *Derivation) Completions() []*big.Int {
	at, ok := d.Decision()
	if !ok {
		return nil
	}
	out := make([]*big.Int, len(d.region.lattice.decisions[at].Options))
	for i := range out {
		out[i] = new(big.Int)
	}
	count := make([]uint64, d.region.table.limbs)
	for r := d.from; r < d.to; r++ {
		clear(count)
		d.count(r, count)
		out[d.option(r)].Add(out[d.option(r)], toBig(count))
	}
	return out
}

// option returns the option of the next decision that a route takes.
func (d *Derivation) option(r int32) int {
	j := d.region.table.j
	return int(d.region.lattice.steps[j.steps[int(j.routes[r].from)+d.depth]].choice)
}

// count adds to sum the architectures that go on by a route.
func (d *Derivation) count(r int32, sum []uint64) {
	t := d.region.table
	if left, ok := t.left(d.have, r); ok {
		d.region.addCount(sum, d.junction, int(t.j.routes[r].next), left)
	}
}

// Take takes an option of the next decision. It panics if that is none of Open.
func (d *Derivation) Take(option int) {
	if !slices.Contains(d.Open(), option) {
		panic(fmt.Sprintf("lattice: option %d is taken after %v, and open are %v", option, d.choices, d.open))
	}
	t := d.region.table
	for d.option(d.from) != option {
		d.from++
	}
	for d.option(d.to-1) != option {
		d.to--
	}
	route := &t.j.routes[d.from]
	d.item = d.region.lattice.steps[t.j.steps[int(route.from)+d.depth]].next
	d.choices = append(d.choices, option)
	if d.depth++; d.depth < int(route.to-route.from) {
		d.known = false
		return
	}
	left, _ := t.left(d.have, d.from)
	d.arrive(int(route.next), left)
	if d.item == end {
		d.open = nil
	}
}

// Arch returns the architecture. It panics if there are decisions left.
func (d *Derivation) Arch() space.Arch {
	if d.item != end {
		panic(fmt.Sprintf("lattice: the derivation %v is not complete", d.choices))
	}
	return space.NewArch(d.choices...)
}
