package proof_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// The larger ones, which cannot be enumerated.
func TestLatticesOfBuiltInSpacesVaryArchitecturesAsTheirSpaceDoes(t *testing.T) {
	mobile, err := space.Mobile(space.MobileOptions{})
	mobile = must(t, mobile, err)
	chain, err := space.Chain(space.ChainOptions{Connect: space.SkipConnected})
	chain = must(t, chain, err)
	for _, s := range []*space.Space{mobile, chain, darts(t, space.DARTSOptions{})} {
		l, err := lattice.Compile(s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Within()
		if err != nil {
			t.Fatal(err)
		}
		random := stream.New(1, "vary")
		archs := make([]space.Arch, 6)
		for i := range archs {
			archs[i] = r.Sample(random)
		}
		asTheSpace(t, s, l, archs)
	}
}
