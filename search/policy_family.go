package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// family is the exponential family of additive scores over the architectures of a region: the probability of one is proportional to
// exp(sum of the scores of the options that it takes).
type family interface {
	// size returns the number of scores.
	size() int
	// taken returns the places of the scores that add up to that of an architecture of the region.
	taken(a space.Arch) []int
	// with returns the distribution of some scores.
	with(scores []float64) distribution
}

// distribution is one of a family; *lattice.Gibbs is one.
type distribution interface {
	Sample(r *rand.Rand) space.Arch
	Entropy() float64
	// FisherTimes returns the Fisher information of the scores times a vector.
	FisherTimes(v []float64) []float64
}

// familyOf returns the family over a region. With pairs there is a score for every pair of options of decisions that follow each other.
func familyOf(region Region, pairs bool) (family, error) {
	r, ok := region.(*lattice.CountedRegion)
	if !ok {
		return listedFamilyOf(region, pairs)
	}
	if pairs {
		var err error
		if r, err = r.Lattice().WithPrevious().Within(r.Limits()...); err != nil {
			return nil, err
		}
	}
	return latticeFamily{r, len(r.Lattice().Parameters())}, nil
}

// latticeFamily is the family over a region of a lattice, all of it by dynamic programming.
type latticeFamily struct {
	region *lattice.CountedRegion
	n      int
}

func (f latticeFamily) size() int { return f.n }

func (f latticeFamily) taken(a space.Arch) []int { return mustTake(f.region.Lattice(), a) }

func (f latticeFamily) with(scores []float64) distribution { return f.region.GibbsOf(scores) }

// mustTake returns the parameters of an architecture that is of the lattice.
func mustTake(l *lattice.Lattice, a space.Arch) []int {
	of, err := l.ParametersOf(a)
	if err != nil {
		panic("search: an architecture of a region is not of its lattice: " + err.Error())
	}
	return of
}
