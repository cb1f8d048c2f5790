package search

import (
	"iter"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// Neighbourhood is an optional ability of a Region whose architectures are not reached by changing one decision of another,
// because it is a sample of its space: it says which ones are near.
type Neighbourhood interface {
	// Near returns the architectures of the region that count as neighbours of a, in an order that never changes. The
	// architecture a is of the space and need not be of the region.
	Near(a space.Arch) []space.Arch
}

// around returns the neighbours of a that are feasible, proposed or not, in an order that never changes.
func (u *unproposed) around(a space.Arch) (near []space.Arch) {
	if region, ok := u.region.(Neighbourhood); ok {
		return region.Near(a)
	}
	for b := range u.vary.Neighbours(a) {
		if u.region.Contains(b) {
			near = append(near, b)
		}
	}
	return near
}

// neighbours returns the neighbours of a that are feasible and were not proposed.
func (u *unproposed) neighbours(a space.Arch) (fresh []space.Arch) {
	for _, b := range u.around(a) {
		if u.holds(b) {
			fresh = append(fresh, b)
		}
	}
	return fresh
}

// quickMutations bounds how often a mutation is drawn before all neighbours are listed: listing costs hundreds of
// derivations, a draw costs one.
const quickMutations = 8

// mutation draws a neighbour of a parent that is feasible and was not proposed, and takes it; false if there is none.
func (u *unproposed) mutation(parent space.Arch, r *rand.Rand) (space.Arch, bool) {
	child, ok := u.mutant(parent, r)
	if ok {
		u.take(child)
	}
	return child, ok
}

// mutant is mutation, and does not take the neighbour.
func (u *unproposed) mutant(parent space.Arch, r *rand.Rand) (space.Arch, bool) {
	if _, sampled := u.region.(Neighbourhood); !sampled {
		for range quickMutations {
			if child := u.vary.Mutate(parent, r); u.holds(child) {
				return child, true
			}
		}
	}
	fresh := u.neighbours(parent)
	if len(fresh) == 0 {
		return space.Arch{}, false
	}
	return fresh[r.IntN(len(fresh))], true
}

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
