package lattice

import (
	"container/heap"
	"iter"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Scored is an architecture with its score.
type Scored struct {
	Arch  space.Arch
	Score float64
}

// Best returns the architectures of the region from the greatest score to the least, each once, found as they are asked for: the first
// costs one fold over the region, every further one about as many steps as a path has. The score of an architecture is the sum of the
// weights of its steps, the fixed one included; a weight must be a number, and an architecture of a step of weight −Inf comes last of
// all or not at all. Where sums of float64 are not exact, the order is that of the rounded sums, taken from the end of the path to its
// root. Equal scores come in a fixed order.
//
// It is A* (Hart, Nilsson & Raphael, 1968) with the exact score of the best completion as the bound, so that no step is taken in vain
// except for completions that turn out too dear.
func (r *CountedRegion) Best(weight func(Step) float64) iter.Seq[Scored] {
	return func(yield func(Scored) bool) {
		if len(r.tight) == 1 { // then the fronts are far smaller than the table
			if s, err := r.scoreBounds(weight, [][]limit{r.tight}, r.lattice.maxPoints()); err == nil {
				s.paths(math.MaxInt)(func(b Scored, _ error) bool { return yield(b) })
				return
			}
		}
		newSearch(r, weight).paths(yield)
	}
}

// Best returns what [CountedRegion.Best] does, in an order of equal scores of its own. Under two limits it finds the fronts of both against the
// score first, behind every item; more limits, or one metric limited from both sides, it bounds two at a time, and so may go a long way
// for little. An error ends it: a [*TooLargeError] if fronts or the open path prefixes take too much memory.
func (o *FeasibleSet) Best(weight func(Step) float64) iter.Seq2[Scored, error] {
	return func(yield func(Scored, error) bool) {
		s, err := o.scoreBounds(weight, o.lattice.limitGroups(o.tight), o.lattice.maxPoints())
		if err != nil {
			yield(Scored{}, err)
			return
		}
		s.paths(o.lattice.partials())(yield)
	}
}

// search is the frontier of Best.
type search struct {
	region *CountedRegion
	values *values[float64]
	highs  map[int][]float64 // of the boxes of a junction, the best value in each
	agenda
}

// agenda holds the open path prefixes: those that are still to be extended.
type agenda struct {
	queue  frontier
	pushed int
}

// partial is a path prefix and where it stands: at a state, in a box of completions, or at one completion.
type partial struct {
	kind     partialKind
	junction int
	at       int // state, node of boxes, or position of the sum
	route    int32
	before   *partial // the partial that this is a part of
	spent    float64  // weights so far
	bound    float64  // spent and the best that can follow
	number   int      // of the push
}

type partialKind uint8

const (
	atState partialKind = iota
	inBox
	atSum
)

// noRoute says that a partial is a part of the one before without a step.
const noRoute = int32(-1)

type frontier []*partial

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	if f[i].bound != f[j].bound {
		return f[i].bound > f[j].bound
	}
	return f[i].number > f[j].number // deep before broad
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(*partial)) }
func (f *frontier) Pop() any {
	last := len(*f) - 1
	x := (*f)[last]
	(*f)[last] = nil
	*f = (*f)[:last]
	return x
}

func newSearch(r *CountedRegion, weight func(Step) float64) *search {
	s := &search{region: r, values: valuesWithin(r, MaxPlus{}, weight), highs: map[int][]float64{}}
	fixed := weight(r.lattice.fixedStep())
	s.push(partial{junction: r.table.j.root(), route: noRoute, spent: fixed}, s.values.states[r.table.j.root()][0])
	return s
}

// push adds a partial whose best completion has a value.
func (a *agenda) push(p partial, best float64) {
	if best == (MaxPlus{}).Zero() {
		return
	}
	a.pushed++
	p.bound, p.number = p.spent+best, a.pushed
	heap.Push(&a.queue, &p)
}

// pop returns the partial of the best bound, or false if there is none.
func (a *agenda) pop() (*partial, bool) {
	if len(a.queue) == 0 {
		return nil, false
	}
	return heap.Pop(&a.queue).(*partial), true
}

// paths yields complete paths from the best to the worst.
func (s *search) paths(yield func(Scored) bool) {
	for {
		p, ok := s.next()
		if !ok || !yield(Scored{s.arch(p), p.bound}) {
			return
		}
	}
}

// next returns the best complete path that was not returned before.
func (s *search) next() (*partial, bool) {
	t := s.region.table
	for {
		p, some := s.pop()
		switch {
		case !some:
			return nil, false
		case p.kind == atSum && p.junction == end:
			return p, true
		case p.kind == atSum:
			s.extendSum(p)
		case p.kind == inBox:
			s.openBox(p)
		case t.back[p.junction] != nil:
			s.push(partial{kind: inBox, junction: p.junction, route: noRoute, before: p, spent: p.spent}, p.bound-p.spent)
		default:
			s.extendState(p)
		}
	}
}

func (s *search) extendState(p *partial) {
	t := s.region.table
	have := t.states[p.junction][p.at]
	for r := t.j.first[p.junction+1] - 1; r >= t.j.first[p.junction]; r-- {
		next := int(t.j.routes[r].next)
		if to, ok := t.follow(t.near(p.junction, p.at, next), have, r); ok {
			s.push(partial{kind: atState, junction: next, at: to, route: r, before: p, spent: p.spent + s.values.routes[r]}, s.values.states[next][to])
		}
	}
}

func (s *search) extendSum(p *partial) {
	t := s.region.table
	sum := t.back[p.junction].sums[p.at]
	for r := t.j.first[p.junction+1] - 1; r >= t.j.first[p.junction]; r-- {
		if t.packed[r] == unaffordable {
			continue
		}
		rest, ok := t.packing.pay(sum, t.packed[r])
		if !ok {
			continue
		}
		next := int(t.j.routes[r].next)
		if at, ok := t.back[next].find(rest); ok {
			s.push(partial{kind: atSum, junction: next, at: at, route: r, before: p, spent: p.spent + s.values.routes[r]}, s.values.sums[next][at])
		}
	}
}

// openBox goes on with the halves of a box, or with its completions, as far as the state that it was entered with pays for them.
func (s *search) openBox(p *partial) {
	t := s.region.table
	state := p.before
	for state.kind != atState {
		state = state.before
	}
	have := t.states[state.junction][state.at]
	b := t.tree(p.junction)
	highs := s.boxHighs(p.junction, b)
	part := partial{kind: inBox, junction: p.junction, route: noRoute, before: state, spent: p.spent}
	if 2*p.at+1 < len(b.nodes) {
		for child := 2*p.at + 2; child > 2*p.at; child-- {
			if n := &b.nodes[child]; n.from < n.to && b.pays(have, n.low) {
				part.at = child
				s.push(part, highs[child])
			}
		}
		return
	}
	part.kind = atSum
	for _, at := range b.order[b.nodes[p.at].from:b.nodes[p.at].to] {
		if b.pays(have, b.c.sums[at]) {
			part.at = int(at)
			s.push(part, s.values.sums[p.junction][at])
		}
	}
}

func (s *search) boxHighs(junction int, b *boxes) []float64 {
	if known, ok := s.highs[junction]; ok {
		return known
	}
	highs := make([]float64, len(b.nodes))
	for i := len(b.nodes) - 1; i >= 0; i-- {
		if 2*i+1 < len(b.nodes) {
			highs[i] = max(highs[2*i+1], highs[2*i+2])
			continue
		}
		highs[i] = (MaxPlus{}).Zero()
		for _, at := range b.order[b.nodes[i].from:b.nodes[i].to] {
			highs[i] = max(highs[i], s.values.sums[junction][at])
		}
	}
	s.highs[junction] = highs
	return highs
}

// arch returns the architecture of a complete path.
func (s *search) arch(p *partial) space.Arch {
	var routes []int32
	for ; p != nil; p = p.before {
		if p.route != noRoute {
			routes = append(routes, p.route)
		}
	}
	w := walk{region: s.region}
	for _, r := range slices.Backward(routes) {
		w.take(r)
	}
	return w.arch()
}
