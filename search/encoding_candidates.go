package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// candidateSet is what a strategy with a model may propose: of a region that the index has, one architecture of each class, as architectures of
// a class are the same network; of a larger one candidates gathered for each proposal.
type candidateSet struct {
	index  *EncodingIndex
	left   *unproposed
	closed map[int]bool // classes of which something was proposed or observed
	all    []int        // places in the index, one of each class
	seen   map[uint64]bool
	cache  map[space.Arch]*predict.Point
	keyed  keyed
}

// keyed is the architecture whose key was asked for last: what is proposed is asked twice.
type keyed struct {
	arch space.Arch
	key  uint64
	any  bool
}

func newCandidateSet(p Problem, left *unproposed) *candidateSet {
	index := p.Encodings
	if index == nil {
		index = NewEncodingIndex(p.Region)
	}
	return &candidateSet{index: index, left: left, closed: map[int]bool{}, seen: map[uint64]bool{}, cache: map[space.Arch]*predict.Point{}}
}

// open makes the index and chooses the architectures that stand for their classes.
func (c *candidateSet) open(r *rand.Rand) {
	c.index.build()
	if c.all != nil || !c.index.whole() {
		return
	}
	for _, class := range c.index.classes {
		c.all = append(c.all, class[r.IntN(len(class))])
	}
}

// close takes the class of an architecture out of the set.
func (c *candidateSet) close(a space.Arch) {
	if i, ok := c.index.ranks[a]; ok {
		c.closed[c.index.class[i]] = true
	} else if c.index.merging {
		c.seen[c.key(a)] = true
	}
}

// free reports whether the architecture at a place of the index can still be proposed and is not the same as one that was.
func (c *candidateSet) free(place int) bool {
	return !c.closed[c.index.class[place]] && c.left.holds(c.index.archs[place])
}

// draw returns an architecture that is new, uniformly; of a region in the index one of a class that is new, if there is one.
func (c *candidateSet) draw(r *rand.Rand) space.Arch {
	const tries = 20
	for range tries {
		a := c.left.peek(r)
		if c.fresh(a) {
			return a
		}
	}
	return c.left.peek(r)
}

// fresh reports whether an architecture that was not proposed is another network than all that were.
func (c *candidateSet) fresh(a space.Arch) bool {
	if i, ok := c.index.ranks[a]; ok {
		return !c.closed[c.index.class[i]]
	}
	return !c.index.merging || !c.seen[c.key(a)]
}

// mayBeFresh is fresh as far as no network needs to be built for it.
func (c *candidateSet) mayBeFresh(a space.Arch) bool { return !c.index.whole() || c.fresh(a) }

// key returns the key of an architecture that the index does not have.
func (c *candidateSet) key(a space.Arch) uint64 {
	if !c.keyed.any || c.keyed.arch != a {
		c.keyed = keyed{a, c.index.key(a), true}
	}
	return c.keyed.key
}

// gathered returns candidates of a region too large to be written down: the neighbours of the best architectures, some that are two steps
// away, and uniform draws.
func (c *candidateSet) gathered(best []space.Arch, r *rand.Rand) ([]space.Arch, []*predict.Point) {
	const (
		near    = 48 // neighbours in all
		further = 32 // at two or three steps
		uniform = 16
	)
	var archs []space.Arch
	have := map[space.Arch]bool{}
	add := func(a space.Arch) {
		if !have[a] && c.left.holds(a) {
			have[a] = true
			archs = append(archs, a)
		}
	}
	for i, a := range best {
		for range near / len(best) {
			add(c.left.vary.Mutate(a, r))
		}
		for k := range further / len(best) {
			b := a
			for range 2 + k%2 {
				b = c.left.vary.Mutate(b, r)
			}
			add(b)
		}
		if i > 0 {
			for range 4 {
				add(c.left.vary.Crossover(best[0], a, r))
			}
		}
	}
	for range uniform {
		add(c.left.region.Sample(r))
	}
	points := make([]*predict.Point, len(archs))
	cache := map[space.Arch]*predict.Point{}
	for i, a := range archs {
		p, known := c.cache[a]
		if !known {
			p = c.index.point(a)
		}
		points[i], cache[a] = p, p
	}
	c.cache = cache
	return archs, points
}
