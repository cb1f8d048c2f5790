package search

import (
	"iter"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// variation makes architectures of a space out of others of it; they need not be in a region.
type variation interface {
	Mutate(a space.Arch, r *rand.Rand) space.Arch
	Crossover(a, b space.Arch, r *rand.Rand) space.Arch
	Neighbours(a space.Arch) iter.Seq[space.Arch]
}

// variationOf returns the variation of the lattice that a region is a part of, some hundred times faster than that of its space,
// which serves regions of another kind.
func variationOf(region Region) variation {
	if l := latticeOf(region); l != nil {
		return l
	}
	return region.Space()
}
