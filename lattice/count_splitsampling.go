package lattice

import (
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// sample draws a path between the budgets of a bin, each with the same probability: a state of the cut by the number of paths through it,
// and then, on their own, a prefix that leads there and a completion.
func (n *split) sample(l *Lattice, g *bin, random *rand.Rand) space.Arch {
	t := n.t
	rank := make([]uint64, n.wide)
	drawBelow(rank, g.total, random)
	junction, state, of := n.find(g, rank)
	w := walk{region: &CountedRegion{FeasibleSet: FeasibleSet{lattice: l}, table: t}}
	place := t.j.root()
	for _, arc := range n.prefix(junction, state, random) {
		place = w.takeSame(place, arc)
	}
	b := t.tree(junction)
	rank = rank[:t.limbs]
	drawBelow(rank, b.countSpan(of), random)
	at, ok := b.pickSpan(of, rank)
	if !ok {
		panic("lattice: a number drawn is beyond the count of its completions")
	}
	for sum := b.c.sums[at]; place != end; {
		place, sum = w.complete(place, sum, rank)
	}
	return w.arch()
}

// prefix draws a path to a state, as routes of first junctions, from the state to the root and turned around.
func (n *split) prefix(junction, state int, random *rand.Rand) []int32 {
	t := n.t
	var out []int32
	rank := make([]uint64, t.limbs)
	for junction != t.j.root() {
		drawBelow(rank, n.number(junction, state), random)
		junction, state = n.before(junction, state, rank, &out)
	}
	slices.Reverse(out)
	return out
}

// before appends the last route of the prefix of a rank, and returns the state that it comes from.
func (n *split) before(junction, state int, rank []uint64, to *[]int32) (int, int) {
	t := n.t
	for _, r := range n.into[junction] {
		from := int(n.from[r])
		if t.packed[r] == unaffordable || t.back[from] != nil {
			continue
		}
		f := cursor{in: &t.found[from], at: len(t.states[from]) / 2}
		at, ok := f.find(t.states[junction][state] + t.packed[r])
		if ok && !takeFrom(rank, n.number(from, at)) {
			*to = append(*to, r)
			return from, at
		}
	}
	panic("lattice: a rank is beyond the number of its beginnings")
}

// takeSame takes from a junction the route that stands for a route of the first junction which is the same, and returns where it leads: the
// one in the same place among those of its cost and its next junction.
func (w *walk) takeSame(junction int, arc int32) int {
	t := w.region.table
	like := func(r int32) bool {
		return t.packed[r] == t.packed[arc] && t.same[t.j.routes[r].next] == t.same[t.j.routes[arc].next]
	}
	place := 0
	for r := t.j.first[t.same[junction]]; r < arc; r++ {
		if like(r) {
			place++
		}
	}
	for r := t.j.first[junction]; r < t.j.first[junction+1]; r++ {
		if !like(r) {
			continue
		}
		if place == 0 {
			w.take(r)
			return int(t.j.routes[r].next)
		}
		place--
	}
	panic("lattice: a junction has not the routes of the first that is the same")
}
