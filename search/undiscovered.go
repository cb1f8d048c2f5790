package search

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// undiscovered is what is left of a region: the architectures that have not been proposed yet, pending ones counted as
// proposed. Memory grows with the number proposed, never with the size of the region.
type undiscovered struct {
	region Region
	vary   variation
	count  *big.Int
	seen   map[space.Arch]struct{}
	// rest holds all that is left once that is no more than what was seen; entries seen since then are dropped when drawn.
	rest   []space.Arch
	listed bool
}

func newUndiscovered(r Region) *undiscovered {
	return &undiscovered{region: r, vary: variationOf(r), count: r.Count(), seen: map[space.Arch]struct{}{}}
}

// holds reports whether a is feasible and was not proposed.
func (u *undiscovered) holds(a space.Arch) bool {
	_, seen := u.seen[a]
	return !seen && u.region.Contains(a)
}

// take marks an architecture, one that holds, as proposed.
func (u *undiscovered) take(a space.Arch) { u.seen[a] = struct{}{} }

// know marks an architecture that is known already and need not be feasible.
func (u *undiscovered) know(a space.Arch) {
	if u.region.Contains(a) {
		u.take(a)
	}
}

func (u *undiscovered) empty() bool {
	return u.count.Cmp(big.NewInt(int64(len(u.seen)))) <= 0
}

// draw takes one uniformly, which must not be called when it is empty. While less than half of the region was seen it
// draws from the whole and rejects, at two draws in the mean; then it lists what is left, which is no longer than
// what was seen, and draws from the list.
func (u *undiscovered) draw(r *rand.Rand) space.Arch {
	if !u.listed && u.count.Cmp(big.NewInt(2*int64(len(u.seen)))) <= 0 {
		u.list()
	}
	for {
		var a space.Arch
		if u.listed {
			i, last := r.IntN(len(u.rest)), len(u.rest)-1
			a, u.rest[i] = u.rest[i], u.rest[last]
			u.rest = u.rest[:last]
		} else {
			a = u.region.Sample(r)
		}
		if _, seen := u.seen[a]; !seen {
			u.take(a)
			return a
		}
	}
}

func (u *undiscovered) list() {
	u.listed = true
	n := u.count.Int64()
	for i := range n {
		a, err := u.region.Unrank(big.NewInt(i))
		if err != nil {
			panic(fmt.Sprintf("search: a region of %d architectures has none of rank %d: %v", n, i, err))
		}
		if _, seen := u.seen[a]; !seen {
			u.rest = append(u.rest, a)
		}
	}
}
