package search

import (
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
func (u *undiscovered) around(a space.Arch) (near []space.Arch) {
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
func (u *undiscovered) neighbours(a space.Arch) (fresh []space.Arch) {
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
func (u *undiscovered) mutation(parent space.Arch, r *rand.Rand) (space.Arch, bool) {
	if _, sampled := u.region.(Neighbourhood); !sampled {
		for range quickMutations {
			if child := u.vary.Mutate(parent, r); u.holds(child) {
				u.take(child)
				return child, true
			}
		}
	}
	fresh := u.neighbours(parent)
	if len(fresh) == 0 {
		return space.Arch{}, false
	}
	child := fresh[r.IntN(len(fresh))]
	u.take(child)
	return child, true
}
