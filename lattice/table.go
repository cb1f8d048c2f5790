package lattice

import (
	"math/big"
	"slices"
)

// table counts the completions of every state within the budgets. A state is a junction and a purse; only those are held that a path
// from the root can reach. At every junction they are sorted by purse, so that following one route from all states of a junction runs
// through the states of the next with a finger that hardly ever goes back.
type table struct {
	j        *junctions
	purses   purses
	measures []measure
	prices   []purse // of every route; noPrice if no purse holds it
	states   [][]purse
	counts   [][]uint64 // limbs for each state
	limbs    int
}

// noPrice overdraws every purse: no price has a guard bit.
const noPrice = ^purse(0)

// newTable counts, holding at most bound states.
func newTable(l *Lattice, j *junctions, p purses, total *big.Int, bound int) (*table, error) {
	t := &table{j: j, purses: p, measures: p.measures(l, j), limbs: max(1, (total.BitLen()+63)/64)}
	t.prices = make([]purse, len(j.routes))
	for i, r := range j.routes {
		price, ok := p.price(r.cost)
		if !ok {
			price = noPrice
		}
		t.prices[i] = price
	}
	if err := t.reach(l, bound); err != nil {
		return nil, err
	}
	t.count()
	return t, nil
}

// reach finds the states, from the root to the end.
func (t *table) reach(l *Lattice, bound int) error {
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
	t.states[j.root()] = []purse{t.purses.round(t.purses.full, &t.measures[j.root()])}
	held := 1
	g := gather{bits: t.purses.bits}
	for i := j.root() - 1; i >= 0; i-- {
		g.reset()
		for _, r := range into[i] {
			price := t.prices[r]
			if price == noPrice {
				continue
			}
			for _, have := range t.states[from[r]] {
				if left, ok := t.purses.pay(have, price); ok {
					g.add(t.purses.round(left, &t.measures[i]))
				}
			}
			if g.distinct()+held > bound {
				return &TooLargeError{Space: l.space.Name(), What: "states (decisions taken, budgets left)", Need: int64(g.distinct() + held), More: true, Bound: int64(bound)}
			}
		}
		t.states[i] = g.sorted()
		held += len(t.states[i])
	}
	return nil
}

// count adds up the completions, from the end to the root.
func (t *table) count() {
	t.counts = make([][]uint64, len(t.j.items))
	for i, states := range t.states {
		counts := make([]uint64, len(states)*t.limbs)
		t.counts[i] = counts
		if i == end {
			for s := range states {
				counts[s*t.limbs] = 1
			}
			continue
		}
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

// follow returns the position of the state that a route leads to from a purse, given a finger into the states of its junction.
func (t *table) follow(f *finger, have purse, r int32) (int, bool) {
	if t.prices[r] == noPrice {
		return 0, false
	}
	left, ok := t.purses.pay(have, t.prices[r])
	if !ok {
		return 0, false
	}
	return f.find(t.purses.round(left, &t.measures[t.j.routes[r].next]))
}

// number returns the count of a state.
func (t *table) number(junction, state int) []uint64 {
	return t.counts[junction][state*t.limbs : (state+1)*t.limbs]
}

// finger searches a sorted slice from where it last was.
type finger struct {
	of []purse
	at int
}

func (f *finger) find(p purse) (int, bool) {
	n := len(f.of)
	if n == 0 {
		return 0, false
	}
	lo, hi := f.at, f.at
	if f.of[lo] < p {
		for step := 1; hi < n && f.of[hi] < p; step *= 2 {
			lo, hi = hi+1, hi+step
		}
		hi = min(hi, n)
	} else {
		for step := 1; lo >= 0 && f.of[lo] >= p; step *= 2 {
			lo, hi = lo-step, lo
		}
		lo = max(lo+1, 0)
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if f.of[mid] < p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	f.at = min(lo, n-1)
	return lo, lo < n && f.of[lo] == p
}

// gather collects purses and returns each once, sorted.
type gather struct {
	bits   int
	marks  []uint64 // a bit for every purse, where there are few enough
	marked int
	list   []purse
	clean  int // list[:clean] is sorted and holds nothing twice
}

// markBits is the width of purses up to which a bit map takes less time than sorting.
const markBits = 22

func (g *gather) reset() {
	g.list, g.clean, g.marked = g.list[:0], 0, 0
	if g.bits <= markBits && g.marks == nil {
		g.marks = make([]uint64, (1<<g.bits+63)/64)
	}
}

func (g *gather) add(p purse) {
	if g.marks != nil {
		w, b := p>>6, uint64(1)<<(p&63)
		if g.marks[w]&b == 0 {
			g.marks[w] |= b
			g.list = append(g.list, p)
		}
		return
	}
	g.list = append(g.list, p)
}

// distinct returns how many different purses there are, or less.
func (g *gather) distinct() int {
	if g.marks == nil {
		if len(g.list) > 2*g.clean+1<<16 {
			g.merge()
		}
		return g.clean
	}
	return len(g.list)
}

func (g *gather) merge() {
	slices.Sort(g.list)
	g.list = slices.Compact(g.list)
	g.clean = len(g.list)
}

func (g *gather) sorted() []purse {
	g.merge()
	for _, p := range g.list {
		if g.marks != nil {
			g.marks[p>>6] = 0
		}
	}
	return slices.Clone(g.list)
}
