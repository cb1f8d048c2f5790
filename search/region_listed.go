package search

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"sync"

	"github.com/trellis-nas/trellis/space"
)

// Listed is a region given by its architectures one by one: the rows of a table that covers a part of its space, or what is
// left of a table within limits. It is immutable and safe for concurrent use.
type Listed struct {
	space   *space.Space
	archs   []space.Arch
	ranks   map[space.Arch]int
	vectors func() [][]uint16 // of archs; made when first asked for, with the places
	places  *decisionIndex
	ways    func() (ways, error)
}

// NewListed returns the region of these architectures of the space, in this order, which must be one at least. An architecture
// that is not of the space, or is listed twice, is an error.
func NewListed(s *space.Space, archs []space.Arch) (*Listed, error) {
	if len(archs) == 0 {
		return nil, fmt.Errorf("a region of space %s is empty", s.Name())
	}
	l := &Listed{space: s, archs: archs, ranks: make(map[space.Arch]int, len(archs)), places: newDecisionIndex(s)}
	for i, a := range archs {
		if before, twice := l.ranks[a]; twice {
			return nil, fmt.Errorf("architecture %v is listed twice, at %d and %d", a, before, i)
		}
		if err := s.Check(a); err != nil {
			return nil, err
		}
		l.ranks[a] = i
	}
	l.vectors = sync.OnceValue(func() [][]uint16 {
		out := make([][]uint16, len(archs))
		for i, a := range archs {
			out[i] = l.places.learn(a)
		}
		return out
	})
	l.ways = sync.OnceValues(l.findWays)
	return l, nil
}

// Space returns the space.
func (l *Listed) Space() *space.Space { return l.space }

// Count returns the number of architectures.
func (l *Listed) Count() *big.Int { return big.NewInt(int64(len(l.archs))) }

// Contains reports whether an architecture is listed.
func (l *Listed) Contains(a space.Arch) bool {
	_, ok := l.ranks[a]
	return ok
}

// Sample draws an architecture uniformly.
func (l *Listed) Sample(r *rand.Rand) space.Arch { return l.archs[r.IntN(len(l.archs))] }

// Unrank returns the i-th architecture of the list.
func (l *Listed) Unrank(i *big.Int) (space.Arch, error) {
	if !i.IsInt64() || i.Sign() < 0 || i.Int64() >= int64(len(l.archs)) {
		return space.Arch{}, fmt.Errorf("there is no architecture %v in a list of %d", i, len(l.archs))
	}
	return l.archs[i.Int64()], nil
}

// Near implements Neighbourhood: the listed architectures, other than a itself, at the least Hamming distance from a within
// which there are at least some ten of them. In a list of a whole space these are its neighbours; in a sample, in which hardly two
// architectures differ in one decision only, they are the nearest there are. It costs a look at every architecture.
func (l *Listed) Near(a space.Arch) []space.Arch {
	const enough = 10
	vectors, from := l.vectors(), []uint16(nil)
	at, listed := l.ranks[a]
	if listed {
		from = vectors[at]
	} else {
		at, from = -1, l.places.of(a)
	}
	distances := make([]uint16, len(vectors))
	var counts []int
	for i, v := range vectors {
		d := hamming(from, v)
		for len(counts) <= d {
			counts = append(counts, 0)
		}
		counts[d]++
		distances[i] = uint16(d)
	}
	radius, within := 0, 0
	if listed {
		within = -1 // a itself
	}
	for radius < len(counts) && within < enough {
		within += counts[radius]
		radius++
	}
	var out []space.Arch
	for i, d := range distances {
		if i != at && int(d) < radius {
			out = append(out, l.archs[i])
		}
	}
	return out
}
