package lattice

import (
	"slices"
	"sync"
)

// table counts the completions of every state within the budgets. A state is a junction and a remaining budget; only those are held that a path
// from the root can reach. At every junction they are sorted by remaining budget, so that following one route from all states of a junction runs
// through the states of the next with a cursor that hardly ever goes back. Under a limit of 6 on two decisions, whose options cost 1 or 3
// and then 2 or 4,
//
//	root       6 left                                             3 completions
//	after 1    5 left, held as 4: nothing that follows costs more   2 completions
//	after 3    3 left, held as 2: what follows costs multiples of 2  1 completion
type table struct {
	j        *junctions
	packing  packing
	limbs    int
	plain    bool // without meeting in the middle, and without bit maps
	measures []measure
	packed   []remaining    // the cost of every route, packed; unaffordable if no remaining budget holds it
	same     []int32        // of every junction the first that is the same; what follows is in common
	mostLeft []remaining    // by junction
	back     []*completions // of the junctions near the end, nil for the others
	states   [][]remaining  // of the junctions that states were followed to
	found    []index        // of states
	counts   [][]uint64     // limbs for each state
	starts   []remaining    // the states of the root
	each     int            // bytes of a state or a sum
	dedup    dedup

	opened    []sync.Once // guards of trees
	trees     []*boxes    // of the junctions with completions, made when first asked
	joinCache joinCache   // of joins, made when first asked too
}

// unaffordable exceeds every remaining budget: no packed cost has a guard bit.
const unaffordable = ^remaining(0)

// newTable counts. It holds states and sums of completions within the bytes allowed. With onlyForward, and under more than two
// limits, no junction but the end has completions: the plain dynamic program that the other is tested against. Paths begin with each of starts, none richer than p.full.
func newTable(l *Lattice, p packing, starts []remaining, how tableOptions) (*table, error) {
	t := emptyTable(l, p, how)
	t.measure(l)
	for _, start := range starts {
		t.starts = append(t.starts, p.round(start, &t.measures[t.j.root()]))
	}
	slices.Sort(t.starts)
	t.starts = slices.Compact(t.starts)
	t.each = t.bytesEach()
	if err := t.meetInMiddle(l, how.bytes/t.each); err != nil {
		return nil, err
	}
	if !t.numberCompletions() || !t.count() {
		// few architectures may be left of very many, so that one limb is tried first
		t.limbs = l.limbs()
		t.each = t.bytesEach()
		if err := t.holds(l, how.bytes/t.each); err != nil {
			return nil, err
		}
		t.numberCompletions()
		t.count()
	}
	return t, nil
}

// measure finds the measures. Junctions that are the same have those of the first: they may differ in what no remaining budget pays for, and remaining budgets
// must be rounded to the states that the first holds.
func (t *table) measure(l *Lattice) {
	t.measures = t.packing.measures(l, t.j)
	for i, first := range t.same {
		t.measures[i] = t.measures[first]
	}
}

// emptyTable returns a table without measures, states and completions.
func emptyTable(l *Lattice, p packing, how tableOptions) *table {
	j := l.junctions()
	t := &table{j: j, packing: p, limbs: 1, plain: how.onlyForward || len(p.fields) > 2, dedup: dedup{bits: p.bits}}
	t.packed = make([]remaining, len(j.routes))
	for i, r := range j.routes {
		cost, ok := p.pack(r.cost)
		if !ok {
			cost = unaffordable
		}
		t.packed[i] = cost
	}
	t.same = t.sameJunctions()
	t.mostLeft = t.findMostLeft()
	t.back = make([]*completions, len(j.items))
	t.opened, t.trees = make([]sync.Once, len(j.items)), make([]*boxes, len(j.items))
	return t
}

// bytesEach returns the bytes that a state or a sum takes, with its count and its share of an index.
func (t *table) bytesEach() int {
	if t.narrow() {
		return 16 + 8*t.limbs
	}
	return 8 + 8*t.limbs
}

// size returns the number of states and of sums of completions.
func (t *table) size() int {
	n := 0
	for i, s := range t.states {
		if !t.first(i) {
			continue
		}
		n += len(s)
		if c := t.back[i]; c != nil {
			n += len(c.sums)
		}
	}
	return n
}

// holds returns an error if the states and the sums found are more than bound.
func (t *table) holds(l *Lattice, bound int) error {
	if held := t.size(); held > bound {
		return t.tooManyStates(l, held, false, bound)
	}
	return nil
}

// limbs returns how many limbs the count of all architectures needs.
func (l *Lattice) limbs() int { return max(1, (l.Count().BitLen()+63)/64) }

// narrow reports whether a remaining budget has one field, and there are bit maps for all of its values, to be used.
func (t *table) narrow() bool { return len(t.packing.fields) == 1 && t.dedup.marking() && !t.plain }

// arcs returns the routes that lead to each junction, of the first junctions among those that are the same, and where each comes from.
func (t *table) arcs() (into [][]int32, from []int32) {
	j := t.j
	into, from = make([][]int32, len(j.items)), make([]int32, len(j.routes))
	for i := range j.items {
		for r := j.first[i]; t.first(i) && r < j.first[i+1]; r++ {
			from[r] = int32(i)
			into[t.same[j.routes[r].next]] = append(into[t.same[j.routes[r].next]], r)
		}
	}
	return into, from
}

// forward finds the states from the root to the junctions with completions, unless they are more than allowed.
func (t *table) forward(allowed int) (reached int, ok bool) {
	j := t.j
	into, from := t.arcs()
	t.states = make([][]remaining, len(j.items))
	t.found = make([]index, len(j.items))
	t.states[j.root()], t.found[j.root()] = t.starts, newIndex(t.starts)
	reached = len(t.starts)
	for i := j.root() - 1; i >= 0; i-- {
		if !t.first(i) {
			continue
		}
		t.found[i] = t.statesOf(i, into[i], from, allowed-reached)
		t.states[i] = t.found[i].list
		if reached += len(t.states[i]); reached > allowed {
			return reached, false
		}
	}
	for i, first := range t.same {
		t.states[i], t.found[i] = t.states[first], t.found[first]
	}
	return reached, true
}

// statesOf returns the states of a junction, given those that routes lead there from, or more than allowed of them.
func (t *table) statesOf(i int, into []int32, from []int32, allowed int) index {
	t.dedup.reset()
	if !t.dedup.marking() {
		leading := t.packing.leading()
		var sources []source
		for _, r := range into {
			if t.packed[r] != unaffordable && t.back[from[r]] == nil && len(t.states[from[r]]) > 0 {
				sources = append(sources, source{t.states[from[r]], r, -int64(t.packed[r] >> leading.shift)})
			}
		}
		last := len(t.packing.fields) - 1
		return newIndex(t.dedup.inSlabs(leading, sources, t.measures[i].most[last], t.measures[i].unit[last], allowed, func(s source, part []remaining) {
			t.addStates(part, s.route, i)
		}))
	}
	for _, r := range into {
		if t.packed[r] == unaffordable || t.back[from[r]] != nil {
			continue
		}
		if x := &t.found[from[r]]; t.narrow() && x.dense() && t.measures[i].unit[0] <= 1 {
			t.addLeft(x, r, i)
			continue
		}
		t.addStates(t.states[from[r]], r, i)
		if t.dedup.distinct() > allowed {
			break
		}
	}
	return t.dedup.sorted()
}

// addStates adds what a route to a junction leaves of remaining budgets.
func (t *table) addStates(from []remaining, r int32, to int) {
	for _, have := range from {
		if left, ok := t.packing.pay(have, t.packed[r]); ok {
			t.dedup.add(t.packing.round(left, &t.measures[to]))
		}
	}
}

// addLeft adds what a route to a junction leaves of all states of a dense index.
func (t *table) addLeft(x *index, r int32, to int) {
	most, cost := int64(t.measures[to].most[0]), int64(t.packed[r])
	t.dedup.addMoved(x, -cost, 0, most-1)
	if int64(x.list[len(x.list)-1])-cost >= most {
		t.dedup.add(remaining(most))
	}
}

// count adds up the completions, from the end to the root. It returns false if the limbs do not hold a count.
func (t *table) count() bool {
	t.counts = make([][]uint64, len(t.j.items))
	for i, states := range t.states {
		if !t.first(i) {
			t.counts[i] = t.counts[t.same[i]]
			continue
		}
		if len(states) == 0 {
			continue
		}
		if t.back[i] != nil {
			t.counts[i] = t.countBack(states, t.back[i])
			continue
		}
		if t.limbs == 1 && len(t.packing.fields) == 1 && !t.plain {
			var fits bool
			if t.counts[i], fits = t.countStrides(i); !fits {
				return false
			}
			continue
		}
		counts := make([]uint64, len(states)*t.limbs)
		t.counts[i] = counts
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			next := int(t.j.routes[r].next)
			f := cursor{in: &t.found[next]}
			for s, have := range states {
				at, ok := t.follow(&f, have, r)
				if ok && !addTo(counts[s*t.limbs:(s+1)*t.limbs], t.number(next, at)) {
					return false
				}
			}
		}
	}
	return true
}

// countBack counts the completions that each of the states pays for.
func (t *table) countBack(states []remaining, c *completions) []uint64 {
	if t.limbs == 1 {
		return affordable(&t.packing, states, c,
			func(at int) uint64 { return c.numbers[at] }, func() uint64 { return 0 }, func(into *uint64, x uint64) { *into += x })
	}
	sums := affordable(&t.packing, states, c,
		func(at int) []uint64 { return c.number(at, t.limbs) }, func() []uint64 { return make([]uint64, t.limbs) },
		func(into *[]uint64, x []uint64) { addTo(*into, x) })
	counts := make([]uint64, 0, len(states)*t.limbs)
	for _, s := range sums {
		counts = append(counts, s...)
	}
	return counts
}

// follow returns the position of the state that a route leads to from a remaining budget, given a cursor into the states of its junction.
func (t *table) follow(f *cursor, have remaining, r int32) (int, bool) {
	left, ok := t.left(have, r)
	if !ok {
		return 0, false
	}
	return f.find(left)
}

// left returns the remaining budget that a route leaves, as it is held at the next junction.
func (t *table) left(have remaining, r int32) (remaining, bool) {
	if t.packed[r] == unaffordable {
		return 0, false
	}
	left, ok := t.packing.pay(have, t.packed[r])
	if !ok {
		return 0, false
	}
	return t.packing.round(left, &t.measures[t.j.routes[r].next]), true
}

// number returns the count of a state.
func (t *table) number(junction, state int) []uint64 {
	return t.counts[junction][state*t.limbs : (state+1)*t.limbs]
}

// tree returns the tree over the completions of a junction.
func (t *table) tree(junction int) *boxes {
	first := t.same[junction]
	t.opened[first].Do(func() { t.trees[first] = newBoxes(&t.packing, t.limbs, t.back[first]) })
	return t.trees[first]
}
