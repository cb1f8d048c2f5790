package search

import (
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// nowhere is a region for tests of what strategies do with results; nothing is drawn from it.
type nowhere struct{}

func (nowhere) Space() *space.Space                 { return nil }
func (nowhere) Count() *big.Int                     { return big.NewInt(1 << 40) }
func (nowhere) Contains(space.Arch) bool            { return true }
func (nowhere) Sample(*rand.Rand) space.Arch        { panic("nothing is drawn from nowhere") }
func (nowhere) Unrank(*big.Int) (space.Arch, error) { panic("nothing is drawn from nowhere") }
