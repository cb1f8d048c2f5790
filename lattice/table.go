package lattice

import (
	"slices"
	"sync"
)

// table counts the completions of every state within the budgets. A state is a junction and a purse; only those are held that a path
// from the root can reach. At every junction they are sorted by purse, so that following one route from all states of a junction runs
// through the states of the next with a finger that hardly ever goes back.
type table struct {
	j        *junctions
	purses   purses
	limbs    int
	measures []measure
	prices   []purse        // of every route; noPrice if no purse holds it
	richest  []purse        // by junction
	back     []*completions // of the junctions near the end, nil for the others
	states   [][]purse      // of the junctions that states were followed to
	counts   [][]uint64     // limbs for each state
	starts   []purse        // the states of the root
	gather   gather

	opened []sync.Once // guards of trees
	trees  []*boxes    // of the junctions with completions, made when first asked
}

// noPrice overdraws every purse: no price has a guard bit.
const noPrice = ^purse(0)

// newTable counts. It holds states and sums of completions within the bytes allowed. With onlyForward no junction but the end has
// completions: the plain dynamic program that the other is tested against. Paths begin with each of starts, none richer than p.full.
func newTable(l *Lattice, p purses, starts []purse, how effort) (*table, error) {
	j, total := l.junctions(), l.Count()
	t := &table{j: j, purses: p, measures: p.measures(l, j), limbs: max(1, (total.BitLen()+63)/64), gather: gather{bits: p.bits}}
	t.prices = make([]purse, len(j.routes))
	for i, r := range j.routes {
		price, ok := p.price(r.cost)
		if !ok {
			price = noPrice
		}
		t.prices[i] = price
	}
	t.richest = t.rich()
	t.back = make([]*completions, len(j.items))
	t.opened, t.trees = make([]sync.Once, len(j.items)), make([]*boxes, len(j.items))
	for _, start := range starts {
		t.starts = append(t.starts, p.round(start, &t.measures[j.root()]))
	}
	slices.Sort(t.starts)
	t.starts = slices.Compact(t.starts)
	if err := t.meet(l, how.bytes/(8+8*t.limbs), how.onlyForward); err != nil {
		return nil, err
	}
	t.count()
	t.gather = gather{}
	return t, nil
}

// meet finds completions and states. It lets junctions have four times as many completions again and again, until there are no
// more than twice as many states before them. So it takes a small multiple of the time and the room of the best place to meet.
func (t *table) meet(l *Lattice, bound int, onlyForward bool) error {
	for most := 1 << 8; ; most *= 4 {
		if onlyForward {
			most = 1
		}
		held, more := t.backward(most, bound/2)
		room := min(2*held+(1<<16), bound-held)
		if onlyForward || !more {
			room = bound - held
		}
		reached, ok := t.forward(room)
		if ok {
			return nil
		}
		if room == bound-held {
			return &TooLargeError{Space: l.space.Name(), What: "states (decisions taken, budgets left)", Need: int64(held + reached), More: true, Bound: int64(bound)}
		}
	}
}

// forward finds the states from the root to the junctions with completions, unless they are more than room.
func (t *table) forward(room int) (reached int, ok bool) {
	j := t.j
	into := make([][]int32, len(j.items)) // routes by the junction they lead to
	from := make([]int32, len(j.routes))
	for i := range j.items {
		for r := j.first[i]; r < j.first[i+1]; r++ {
			from[r] = int32(i)
			into[j.routes[r].next] = append(into[j.routes[r].next], r)
		}
	}
	t.states = make([][]purse, len(j.items))
	t.states[j.root()] = t.starts
	reached = len(t.starts)
	for i := j.root() - 1; i >= 0; i-- {
		t.gather.reset()
		for _, r := range into[i] {
			if t.prices[r] == noPrice || t.back[from[r]] != nil {
				continue
			}
			for _, have := range t.states[from[r]] {
				if left, ok := t.purses.pay(have, t.prices[r]); ok {
					t.gather.add(t.purses.round(left, &t.measures[i]))
				}
			}
			if reached+t.gather.distinct() > room {
				return reached + t.gather.distinct(), false
			}
		}
		t.states[i] = t.gather.sorted()
		if reached += len(t.states[i]); reached > room {
			return reached, false
		}
	}
	return reached, true
}

// count adds up the completions, from the end to the root.
func (t *table) count() {
	t.counts = make([][]uint64, len(t.j.items))
	for i, states := range t.states {
		if len(states) == 0 {
			continue
		}
		if t.back[i] != nil {
			t.counts[i] = t.countBack(states, t.back[i])
			continue
		}
		counts := make([]uint64, len(states)*t.limbs)
		t.counts[i] = counts
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			next := t.j.routes[r].next
			f := finger{of: t.states[next]}
			for s, have := range states {
				at, ok := t.follow(&f, have, r)
				if !ok {
					continue
				}
				if t.limbs == 1 {
					counts[s] += t.counts[next][at]
					continue
				}
				addTo(counts[s*t.limbs:(s+1)*t.limbs], t.counts[next][at*t.limbs:(at+1)*t.limbs])
			}
		}
	}
}

// countBack counts the completions that each of the states pays for.
func (t *table) countBack(states []purse, c *completions) []uint64 {
	if t.limbs == 1 {
		return affordable(&t.purses, states, c,
			func(at int) uint64 { return c.numbers[at] }, func() uint64 { return 0 }, func(into *uint64, x uint64) { *into += x })
	}
	sums := affordable(&t.purses, states, c,
		func(at int) []uint64 { return c.number(at, t.limbs) }, func() []uint64 { return make([]uint64, t.limbs) },
		func(into *[]uint64, x []uint64) { addTo(*into, x) })
	counts := make([]uint64, 0, len(states)*t.limbs)
	for _, s := range sums {
		counts = append(counts, s...)
	}
	return counts
}

// follow returns the position of the state that a route leads to from a purse, given a finger into the states of its junction.
func (t *table) follow(f *finger, have purse, r int32) (int, bool) {
	left, ok := t.left(have, r)
	if !ok {
		return 0, false
	}
	return f.find(left)
}

// left returns the purse that a route leaves, as it is held at the next junction.
func (t *table) left(have purse, r int32) (purse, bool) {
	if t.prices[r] == noPrice {
		return 0, false
	}
	left, ok := t.purses.pay(have, t.prices[r])
	if !ok {
		return 0, false
	}
	return t.purses.round(left, &t.measures[t.j.routes[r].next]), true
}

// number returns the count of a state.
func (t *table) number(junction, state int) []uint64 {
	return t.counts[junction][state*t.limbs : (state+1)*t.limbs]
}

// tree returns the tree over the completions of a junction.
func (t *table) tree(junction int) *boxes {
	t.opened[junction].Do(func() { t.trees[junction] = newBoxes(&t.purses, t.limbs, t.back[junction]) })
	return t.trees[junction]
}
