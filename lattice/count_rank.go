package lattice

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Sample draws an architecture of the region, each with the same probability. Nothing is drawn in vain: a uniform number less than
// Count is followed down the counts.
func (r *CountedRegion) Sample(random *rand.Rand) space.Arch {
	t := r.table
	var buffer [4]uint64
	rank := buffer[:min(len(buffer), t.limbs)]
	if t.limbs > len(buffer) {
		rank = make([]uint64, t.limbs)
	}
	drawBelow(rank, r.total(), random)
	w := walk{region: r}
	junction, state := t.j.root(), 0
	for t.back[junction] == nil {
		junction, state = w.descend(junction, state, rank)
	}
	// from here on any order will do, and the one of the tree is faster than that of the choices
	at, ok := t.tree(junction).pick(t.states[junction][state], rank)
	if !ok {
		panic("lattice: a number drawn is beyond the count of its state")
	}
	sum := t.back[junction].sums[at]
	for junction != end {
		junction, sum = w.complete(junction, sum, rank)
	}
	return w.arch()
}

// walk collects the choices of a path.
type walk struct {
	region  *CountedRegion
	choices []int
}

func (w *walk) arch() space.Arch { return space.NewArch(w.choices...) }

func (w *walk) take(r int32) {
	t := w.region.table
	if w.choices == nil {
		w.choices = make([]int, 0, 64)
	}
	for _, s := range t.j.steps[t.j.routes[r].from:t.j.routes[r].to] {
		w.choices = append(w.choices, int(w.region.lattice.steps[s].choice))
	}
}

// descend takes the route from a state that holds path rank, and leaves in rank the rank behind it.
func (w *walk) descend(junction, state int, rank []uint64) (int, int) {
	t := w.region.table
	have := t.states[junction][state]
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		next := int(t.j.routes[r].next)
		to, ok := t.follow(t.near(junction, state, next), have, r)
		if ok && !takeFrom(rank, t.number(next, to)) {
			w.take(r)
			return next, to
		}
	}
	panic("lattice: a rank is beyond the count of its state")
}

// near returns a cursor into the states of a junction, where those reached from a state of another should be if they are spread alike.
func (t *table) near(junction, state, next int) *cursor {
	return &cursor{in: &t.found[next], at: int(int64(state) * int64(len(t.states[next])) / int64(len(t.states[junction])))}
}

// complete takes the route of a completion of exactly sum that holds path rank.
func (w *walk) complete(junction int, sum remaining, rank []uint64) (int, remaining) {
	t := w.region.table
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		if t.packed[r] == unaffordable {
			continue
		}
		rest, ok := t.packing.pay(sum, t.packed[r])
		if !ok {
			continue
		}
		next := int(t.j.routes[r].next)
		at, ok := t.back[next].find(rest)
		if ok && !takeFrom(rank, t.back[next].number(at, t.limbs)) {
			w.take(r)
			return next, rest
		}
	}
	panic("lattice: a rank is beyond the number of its completion")
}

// Unrank returns the architecture of a rank, counted from 0 in lexicographic order of the choices. It is an error if rank is negative
// or not less than Count.
func (r *CountedRegion) Unrank(rank *big.Int) (space.Arch, error) {
	if count := r.Count(); rank.Sign() < 0 || rank.Cmp(count) >= 0 {
		return space.Arch{}, fmt.Errorf("there is no architecture of rank %v; the ranks go from 0 to %v", rank, count.Sub(count, big.NewInt(1)))
	}
	t := r.table
	limbs := make([]uint64, t.limbs)
	fromBig(limbs, rank)
	w := walk{region: r}
	junction, state := t.j.root(), 0
	for t.back[junction] == nil {
		junction, state = w.descend(junction, state, limbs)
	}
	for have := t.states[junction][state]; junction != end; {
		junction, have = w.descendBack(junction, have, limbs)
	}
	return w.arch(), nil
}

// descendBack is descend for a junction whose states are not held.
func (w *walk) descendBack(junction int, have remaining, rank []uint64) (int, remaining) {
	t := w.region.table
	count := make([]uint64, t.limbs)
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		if left, ok := t.left(have, r); ok {
			next := int(t.j.routes[r].next)
			clear(count)
			t.tree(next).count(left, count)
			if !takeFrom(rank, count) {
				w.take(r)
				return next, left
			}
		}
	}
	panic("lattice: a rank is beyond the count of its state")
}

// Rank returns the rank of an architecture of the region, the inverse of Unrank, or an error that says why it is not in the region.
func (r *CountedRegion) Rank(a space.Arch) (*big.Int, error) {
	var path []int32
	if err := r.lattice.follow(a, func(_ int32, at int) { path = append(path, int32(at)) }); err != nil {
		return nil, err
	}
	if limit, spent, ok := r.broken(path); ok {
		return nil, fmt.Errorf("architecture %q of space %q has %s, and the limit is %v", r.Space().Format(a), r.Space().Name(), limit.amount(spent), limit)
	}
	t := r.table
	rank := make([]uint64, t.limbs)
	junction := t.j.root()
	have := t.states[junction][0]
	for junction != end {
		for at := t.j.first[junction]; at < t.j.first[junction+1]; at++ {
			route := &t.j.routes[at]
			steps := t.j.steps[route.from:route.to]
			taken := len(steps) <= len(path) && slices.Equal(steps, path[:len(steps)])
			left, ok := t.left(have, at)
			if taken {
				junction, have, path = int(route.next), left, path[len(steps):]
				break
			}
			if ok {
				r.addCount(rank, junction, int(route.next), left)
			}
		}
	}
	return toBig(rank), nil
}

// addCount adds to sum the completions from a junction with a remaining budget, reached from another.
func (r *CountedRegion) addCount(sum []uint64, from, junction int, have remaining) {
	t := r.table
	if t.back[from] != nil {
		t.tree(junction).count(have, sum)
		return
	}
	f := cursor{in: &t.found[junction], at: len(t.states[junction]) / 2}
	if at, ok := f.find(have); ok {
		addTo(sum, t.number(junction, at))
	}
}
