package lattice

import (
	"math/bits"
	"slices"
	"sort"
)

// boxes answers one question at a time about the completions of a junction: how many paths a remaining budget pays for, and which is the n-th of
// those. With one limit these are running sums, asked in O(log n). With two it is a tree of boxes: completions in the order of a Z curve
// (Morton, 1966), halved again and again, each range with its bounds and its number; a question takes O(√n) at worst.
type boxes struct {
	packing *packing
	limbs   int
	c       *completions
	order   []int32  // positions of completions; a node is a range of them
	upTo    []uint64 // the numbers of the completions before each in order, and of all
	nodes   []box    // node i has the halves 2i+1 and 2i+2
}

type box struct {
	low, high remaining // of each field on its own
	from, to  int32     // in order
}

// leafSize is the number of completions below which a range is read through.
const leafSize = 16

func newBoxes(p *packing, limbs int, c *completions) *boxes {
	b := &boxes{packing: p, limbs: limbs, c: c}
	n := len(c.sums)
	b.order = make([]int32, n)
	if len(p.fields) < 2 {
		for i := range b.order {
			b.order[i] = int32(i)
		}
	} else {
		keyed := dedup{bits: 64, list: make([]remaining, n)}
		for i, s := range c.sums {
			keyed.list[i] = p.morton(s)<<32 | uint64(i)
		}
		keyed.sort()
		for i, k := range keyed.list {
			b.order[i] = int32(uint32(k))
		}
	}
	b.runningSums()
	leaves := 1
	for leaves*leafSize < n {
		leaves *= 2
	}
	b.nodes = make([]box, 2*leaves-1)
	b.split(0, 0, int32(n))
	return b
}

// runningSums adds up the numbers in the order of the boxes, so that the number of any range is a difference.
func (b *boxes) runningSums() {
	b.upTo = make([]uint64, (len(b.order)+1)*b.limbs)
	for i, at := range b.order {
		next := b.upTo[(i+1)*b.limbs : (i+2)*b.limbs]
		copy(next, b.upTo[i*b.limbs:])
		addTo(next, b.c.number(int(at), b.limbs))
	}
}

// morton interleaves the 16 leading bits of both fields.
func (p *packing) morton(s remaining) uint64 {
	var code uint64
	for i, f := range p.fields[:2] {
		x := s >> f.shift & f.mask
		if width := bits.Len64(f.mask); width > 16 {
			x >>= width - 16
		}
		x = (x | x<<8) & 0x00ff00ff
		x = (x | x<<4) & 0x0f0f0f0f
		x = (x | x<<2) & 0x33333333
		x = (x | x<<1) & 0x55555555
		code |= x << i
	}
	return code
}

func (b *boxes) split(node int, from, to int32) {
	n := &b.nodes[node]
	n.from, n.to = from, to
	if 2*node+1 < len(b.nodes) {
		half := from + (to-from)/2
		b.split(2*node+1, from, half)
		b.split(2*node+2, half, to)
		left, right := &b.nodes[2*node+1], &b.nodes[2*node+2]
		switch {
		case from == to:
		case from == half:
			n.low, n.high = right.low, right.high
		default:
			n.low, n.high = b.packing.smaller(left.low, right.low), b.packing.larger(left.high, right.high)
		}
		return
	}
	for i, at := range b.order[from:to] {
		s := b.c.sums[at]
		if i == 0 {
			n.low, n.high = s, s
		}
		n.low, n.high = b.packing.smaller(n.low, s), b.packing.larger(n.high, s)
	}
}

// smaller returns the smaller of two remaining budgets in every field.
func (p *packing) smaller(a, b remaining) remaining {
	var out remaining
	for _, f := range p.fields {
		out |= min(a>>f.shift&f.mask, b>>f.shift&f.mask) << f.shift
	}
	return out
}

// count adds to sum the number of paths that a remaining budget pays for.
func (b *boxes) count(have remaining, sum []uint64) {
	if len(b.packing.fields) < 2 {
		at := sort.Search(len(b.c.sums), func(i int) bool { return b.c.sums[i] > have })
		addTo(sum, b.upTo[at*b.limbs:(at+1)*b.limbs])
		return
	}
	b.countNode(0, have, sum)
}

func (b *boxes) countNode(node int, have remaining, sum []uint64) {
	n := &b.nodes[node]
	switch {
	case n.from == n.to || !b.pays(have, n.low):
	case b.pays(have, n.high):
		addTo(sum, b.number(n))
	case 2*node+1 < len(b.nodes):
		b.countNode(2*node+1, have, sum)
		b.countNode(2*node+2, have, sum)
	default:
		for _, at := range b.order[n.from:n.to] {
			if b.pays(have, b.c.sums[at]) {
				addTo(sum, b.c.number(int(at), b.limbs))
			}
		}
	}
}

// number returns the number of paths of a node, as a new slice if it has several limbs.
func (b *boxes) number(n *box) []uint64 {
	out := slices.Clone(b.upTo[int(n.to)*b.limbs : (int(n.to)+1)*b.limbs])
	takeFrom(out, b.upTo[int(n.from)*b.limbs:(int(n.from)+1)*b.limbs])
	return out
}

func (b *boxes) pays(have, cost remaining) bool {
	_, ok := b.packing.pay(have, cost)
	return ok
}

// span is a set of completions: those that the upper remaining budget pays for and the lower one does not; there need not be a lower one.
type span struct {
	upper, lower remaining
	both         bool
}

// countSpan returns the number of paths in a span.
func (b *boxes) countSpan(of span) []uint64 {
	out := make([]uint64, b.limbs)
	b.count(of.upper, out)
	if of.both {
		less := make([]uint64, b.limbs)
		b.count(of.lower, less)
		takeFrom(out, less)
	}
	return out
}

// pick returns the position of the completion that holds path rank of those that a remaining budget pays for, in the order of the boxes, and leaves
// in rank the rank of the path among those of that completion. It returns false if rank is not below their number.
func (b *boxes) pick(have remaining, rank []uint64) (int, bool) {
	if len(b.packing.fields) > 1 {
		return b.pickNode(0, span{upper: have}, rank)
	}
	at := sort.Search(len(b.c.sums), func(i int) bool { return less(rank, b.upTo[(i+1)*b.limbs:(i+2)*b.limbs]) })
	if at == len(b.c.sums) || b.c.sums[at] > have {
		return 0, false
	}
	takeFrom(rank, b.upTo[at*b.limbs:(at+1)*b.limbs])
	return at, true
}

// pickSpan is pick for a span.
func (b *boxes) pickSpan(of span, rank []uint64) (int, bool) { return b.pickNode(0, of, rank) }

// pickNode is pickSpan within a node; if it returns false, rank is less by the number of paths there.
func (b *boxes) pickNode(node int, of span, rank []uint64) (int, bool) {
	n := &b.nodes[node]
	if n.from == n.to || !b.pays(of.upper, n.low) || of.both && b.pays(of.lower, n.high) {
		return 0, false
	}
	whole := b.pays(of.upper, n.high) && !(of.both && b.pays(of.lower, n.low))
	if whole && takeFrom(rank, b.number(n)) {
		return 0, false
	}
	if 2*node+1 < len(b.nodes) {
		if at, ok := b.pickNode(2*node+1, of, rank); ok {
			return at, true
		}
		return b.pickNode(2*node+2, of, rank)
	}
	for _, at := range b.order[n.from:n.to] {
		sum := b.c.sums[at]
		if b.pays(of.upper, sum) && !(of.both && b.pays(of.lower, sum)) && !takeFrom(rank, b.c.number(int(at), b.limbs)) {
			return int(at), true
		}
	}
	return 0, false
}
