package conform

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// Enumerated is a region made by writing down all its architectures: the oracle of cleverer ones.
type Enumerated struct {
	space *space.Space
	archs []space.Arch
	ranks map[space.Arch]int
}

// Enumerate returns the architectures of a space that are kept, nil keeping all.
func Enumerate(s *space.Space, keep func(space.Arch) bool) *Enumerated {
	e := &Enumerated{space: s, ranks: map[space.Arch]int{}}
	for a := range s.Each() {
		if keep == nil || keep(a) {
			e.ranks[a] = len(e.archs)
			e.archs = append(e.archs, a)
		}
	}
	return e
}

// Space returns the space.
func (e *Enumerated) Space() *space.Space { return e.space }

// Count returns the number of architectures.
func (e *Enumerated) Count() *big.Int { return big.NewInt(int64(len(e.archs))) }

// Contains reports whether an architecture was kept.
func (e *Enumerated) Contains(a space.Arch) bool {
	_, ok := e.ranks[a]
	return ok
}

// Sample draws an architecture uniformly.
func (e *Enumerated) Sample(r *rand.Rand) space.Arch { return e.archs[r.IntN(len(e.archs))] }

// Unrank returns the i-th architecture in the order of Space.Each.
func (e *Enumerated) Unrank(i *big.Int) (space.Arch, error) {
	if !i.IsInt64() || i.Sign() < 0 || i.Int64() >= int64(len(e.archs)) {
		return space.Arch{}, fmt.Errorf("there is no architecture %v among %d", i, len(e.archs))
	}
	return e.archs[i.Int64()], nil
}
