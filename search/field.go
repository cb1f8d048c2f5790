package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// field is what a strategy with a model may propose: of a region that the atlas has, one architecture of each class, as architectures of
// a class are the same network; of a larger one candidates gathered for each proposal.
type field struct {
	atlas  *Atlas
	left   *undiscovered
	closed map[int]bool // classes of which something was proposed or is known
	all    []int        // places in the atlas, one of each class
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

func newField(p Problem, left *undiscovered) *field {
	atlas := p.Atlas
	if atlas == nil {
		atlas = NewAtlas(p.Region)
	}
	return &field{atlas: atlas, left: left, closed: map[int]bool{}, seen: map[uint64]bool{}, cache: map[space.Arch]*predict.Point{}}
}

// open makes the atlas and chooses the architectures that stand for their classes.
func (f *field) open(r *rand.Rand) {
	f.atlas.chart()
	if f.all != nil || !f.atlas.whole() {
		return
	}
	for _, class := range f.atlas.classes {
		f.all = append(f.all, class[r.IntN(len(class))])
	}
}

// close takes the class of an architecture out of the field.
func (f *field) close(a space.Arch) {
	if i, ok := f.atlas.ranks[a]; ok {
		f.closed[f.atlas.class[i]] = true
	} else if f.atlas.merging {
		f.seen[f.key(a)] = true
	}
}

// free reports whether the architecture at a place of the atlas can still be proposed and is not the same as one that was.
func (f *field) free(place int) bool {
	return !f.closed[f.atlas.class[place]] && f.left.holds(f.atlas.archs[place])
}

// draw returns an architecture that is new, uniformly; of a region in the atlas one of a class that is new, if there is one.
func (f *field) draw(r *rand.Rand) space.Arch {
	const tries = 20
	for range tries {
		a := f.left.peek(r)
		if f.fresh(a) {
			return a
		}
	}
	return f.left.peek(r)
}

// fresh reports whether an architecture that was not proposed is another network than all that were.
func (f *field) fresh(a space.Arch) bool {
	if i, ok := f.atlas.ranks[a]; ok {
		return !f.closed[f.atlas.class[i]]
	}
	return !f.atlas.merging || !f.seen[f.key(a)]
}

// mayBeFresh is fresh as far as no network needs to be built for it.
func (f *field) mayBeFresh(a space.Arch) bool { return !f.atlas.whole() || f.fresh(a) }

// key returns the key of an architecture that the atlas does not have.
func (f *field) key(a space.Arch) uint64 {
	if !f.keyed.any || f.keyed.arch != a {
		f.keyed = keyed{a, f.atlas.key(a), true}
	}
	return f.keyed.key
}

// gathered returns candidates of a region too large to be written down: the neighbours of the best architectures, some that are two steps
// away, and uniform draws.
func (f *field) gathered(best []space.Arch, r *rand.Rand) ([]space.Arch, []*predict.Point) {
	const (
		near    = 48 // neighbours in all
		further = 32 // at two or three steps
		uniform = 16
	)
	var archs []space.Arch
	have := map[space.Arch]bool{}
	add := func(a space.Arch) {
		if !have[a] && f.left.holds(a) {
			have[a] = true
			archs = append(archs, a)
		}
	}
	for i, a := range best {
		for range near / len(best) {
			add(f.left.vary.Mutate(a, r))
		}
		for k := range further / len(best) {
			b := a
			for range 2 + k%2 {
				b = f.left.vary.Mutate(b, r)
			}
			add(b)
		}
		if i > 0 {
			for range 4 {
				add(f.left.vary.Crossover(best[0], a, r))
			}
		}
	}
	for range uniform {
		add(f.left.region.Sample(r))
	}
	points := make([]*predict.Point, len(archs))
	cache := map[space.Arch]*predict.Point{}
	for i, a := range archs {
		p, known := f.cache[a]
		if !known {
			p = f.atlas.point(a)
		}
		points[i], cache[a] = p, p
	}
	f.cache = cache
	return archs, points
}
