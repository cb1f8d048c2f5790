package lattice

import (
	"math/bits"
	"sort"
)

// split holds all paths that a remaining budget pays for as prefixes and completions, both by what they cost, which meet at a cut. Unlike a table it
// does not merge states by what one budget cannot tell apart. So every lower budget of one metric can be answered from the same sums: how many
// paths keep it is a sum over the cut, of the number of prefixes that leave so much times the number of completions that cost no more. With
// prefixes of cost 1 (2 paths) and 3 (1 path), and completions of cost 2 (3 paths) and 4 (1 path),
//
//	budget 3:  2·3            =  6    only 1 + 2
//	budget 5:  2·(3+1) + 1·3  = 11    1 + 2, 1 + 4, 3 + 2
//	budget 7:  2·(3+1) + 1·4  = 12    all; the bin above 5 holds 12 − 11 = 1
type split struct {
	t     *table
	along int        // the field of the metric
	paths [][]uint64 // by junction, the first of those that are the same: the number of prefixes that lead to each state, in limbs
	cut   []int      // the junctions that have both
	wide  int        // limbs of a number of whole paths
	into  [][]int32  // routes to a junction
	from  []int32    // of a route: its junction
}

// newSplit holds no more than the bytes allowed.
func newSplit(l *Lattice, p packing, along int, how tableOptions) (*split, error) {
	t := emptyTable(l, p, how)
	t.measures = make([]measure, len(t.j.items))
	for i := range t.measures {
		for k, f := range p.fields {
			t.measures[i].most[k] = f.mask
		}
	}
	t.starts = []remaining{p.full}
	n := &split{t: t, along: along, wide: l.limbs()}
	t.each = 16 + 16*t.limbs
	if err := t.meetInMiddle(l, how.bytes/t.each); err != nil {
		return nil, err
	}
	n.into, n.from = t.arcs()
	for i := range t.j.items {
		if t.first(i) && t.back[i] != nil && len(t.states[i]) > 0 {
			n.cut = append(n.cut, i)
		}
	}
	if !t.numberCompletions() || !n.numberPrefixes() {
		t.limbs = n.wide // one limb is tried first
		t.each = 16 + 16*t.limbs
		if err := t.holds(l, how.bytes/t.each); err != nil {
			return nil, err
		}
		t.numberCompletions()
		n.numberPrefixes()
	}
	return n, nil
}

// numberPrefixes finds how many paths lead to each state. It returns false if the limbs do not hold them.
func (n *split) numberPrefixes() bool {
	t, fits := n.t, true
	n.paths = make([][]uint64, len(t.j.items))
	for i := range n.paths {
		if t.first(i) {
			n.paths[i] = make([]uint64, len(t.states[i])*t.limbs)
		}
	}
	n.paths[t.j.root()][0] = 1
	for i := t.j.root(); i > end; i-- {
		if !t.first(i) || t.back[i] != nil {
			continue
		}
		t.strides(i, func(of stride) {
			into := n.paths[t.same[of.next]]
			for s, at := range of.to {
				if at >= 0 && !addTo(into[int(at)*t.limbs:(int(at)+1)*t.limbs], n.number(i, of.from+s)) {
					fits = false
				}
			}
		})
	}
	return fits
}

// number returns how many prefixes lead to a state.
func (n *split) number(junction, state int) []uint64 {
	return n.paths[junction][state*n.t.limbs : (state+1)*n.t.limbs]
}

// reduced returns a remaining budget with so much less for the metric, or false if it does not hold that much.
func (n *split) reduced(have remaining, less uint64) (remaining, bool) {
	f := &n.t.packing.fields[n.along]
	return have - less<<f.shift, have>>f.shift&f.mask >= less
}

// noteEvery is the number of states of a junction of the cut after which a sum over them is noted.
const noteEvery = 64

// bin is what a cut holds between two budgets of the metric.
type bin struct {
	more, less uint64     // what the lower and the upper budget are short of the highest
	lowest     bool       // there is no lower budget
	total      []uint64   // wide limbs
	noted      [][]uint64 // by junction of the cut, the sum before every noteEvery-th of its states, wide limbs each
}

// countBins counts between budgets, which ascend, in units of the field. The last is that of the remaining budget.
func (n *split) countBins(budgets []uint64) []bin {
	out := make([]bin, len(budgets))
	for k, budget := range budgets {
		g := &out[k]
		g.less, g.lowest, g.total = budgets[len(budgets)-1]-budget, k == 0, make([]uint64, n.wide)
		if k > 0 {
			g.more = out[k-1].less
		}
	}
	for _, c := range n.cut {
		var below []uint64
		for k := range out {
			if len(n.t.packing.fields) == 1 {
				n.walk(c, &out[k])
			} else {
				below = n.sweep(c, &out[k], below)
			}
		}
	}
	return out
}

// blocks calls add for the states of a junction of the cut, noteEvery at a time, and notes the sum before each of these blocks.
func (n *split) blocks(c int, g *bin, add func(from, to int)) {
	var noted []uint64
	states := len(n.t.states[c])
	for from := 0; from < states; from += noteEvery {
		noted = append(noted, g.total...)
		add(from, min(from+noteEvery, states))
	}
	g.noted = append(g.noted, noted)
}

// walk adds to a bin, under one limit, the paths through a junction of the cut: along its states, with the completions that each pays for
// on either side.
func (n *split) walk(c int, g *bin) {
	t := n.t
	b, states := t.tree(c), t.states[c]
	sums := b.c.sums
	rich, poor := 0, 0 // completions paid for
	count := make([]uint64, t.limbs)
	n.blocks(c, g, func(from, to int) {
		if states[to-1] < g.less || poor == len(sums) {
			return
		}
		var high, low, over uint64
		for s := from; s < to; s++ {
			have := states[s]
			if have < g.less {
				continue
			}
			for rich < len(sums) && sums[rich] <= have-g.less {
				rich++
			}
			if !g.lowest && have >= g.more {
				for poor < len(sums) && sums[poor] <= have-g.more {
					poor++
				}
			}
			if t.limbs > 1 {
				copy(count, b.upTo[rich*t.limbs:])
				takeFrom(count, b.upTo[poor*t.limbs:(poor+1)*t.limbs])
				addProduct(g.total, n.number(c, s), count)
				continue
			}
			var carry uint64
			h, l := bits.Mul64(n.paths[c][s], b.upTo[rich]-b.upTo[poor])
			low, carry = bits.Add64(low, l, 0)
			high, carry = bits.Add64(high, h, carry)
			over += carry
		}
		addProduct(g.total, []uint64{low, high, over}, []uint64{1})
	})
}

// sweep adds to a bin, under two limits, the paths through a junction of the cut. It returns the completions that each of its states pays
// for with the budget, given those with the lower one.
func (n *split) sweep(c int, g *bin, below []uint64) []uint64 {
	t := n.t
	all, count := n.payable(c, g.less), make([]uint64, t.limbs)
	n.blocks(c, g, func(from, to int) {
		for s := from; s < to; s++ {
			copy(count, all[s*t.limbs:])
			if !g.lowest {
				takeFrom(count, below[s*t.limbs:(s+1)*t.limbs])
			}
			addProduct(g.total, n.number(c, s), count)
		}
	})
	return all
}

// payable returns for every state of a junction of the cut how many completions it pays for with so much less for the metric: limbs each.
func (n *split) payable(c int, less uint64) []uint64 {
	t := n.t
	out := make([]uint64, len(t.states[c])*t.limbs)
	var have []remaining
	var of []int
	for s, p := range t.states[c] {
		if p, ok := n.reduced(p, less); ok {
			have, of = append(have, p), append(of, s)
		}
	}
	counts := t.countBack(have, t.back[c])
	for i, s := range of {
		copy(out[s*t.limbs:(s+1)*t.limbs], counts[i*t.limbs:])
	}
	return out
}

// find returns the junction and the state of the cut that a path of a bin goes through, and the completions that it may go on with.
// Ranks of paths go by their states.
func (n *split) find(g *bin, rank []uint64) (junction, state int, of span) {
	t := n.t
	w := n.wide
	noted := func(c, block int) []uint64 { return g.noted[c][block*w : (block+1)*w] }
	k := sort.Search(len(n.cut), func(c int) bool { return less(rank, noted(c, 0)) }) - 1
	c := n.cut[k]
	block := sort.Search(len(g.noted[k])/w, func(i int) bool { return less(rank, noted(k, i)) }) - 1
	takeFrom(rank, noted(k, block))
	product := make([]uint64, w)
	for at := block * noteEvery; at < len(t.states[c]); at++ {
		of, ok := n.span(g, t.states[c][at])
		if !ok {
			continue
		}
		clear(product)
		addProduct(product, n.number(c, at), t.tree(c).countSpan(of))
		if !takeFrom(rank, product) {
			return c, at, of
		}
	}
	panic("lattice: a number drawn is beyond the count of its stratum")
}

// span returns the completions between the budgets of a bin behind a remaining budget, or false if there are none.
func (n *split) span(g *bin, have remaining) (of span, ok bool) {
	if of.upper, ok = n.reduced(have, g.less); ok && !g.lowest {
		of.lower, of.both = n.reduced(have, g.more)
	}
	return of, ok
}
