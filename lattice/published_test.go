package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func ofa(t testing.TB, o space.OFAOptions) *space.Space { return drawn.Built(t, space.OFA, o) }

func darts(t testing.TB, o space.DARTSOptions) *space.Space { return drawn.Built(t, space.DARTS, o) }

func enas(t testing.TB, o space.ENASOptions) *space.Space { return drawn.Built(t, space.ENASMacro, o) }

func resNet(t testing.TB, o space.ResNetOptions) *space.Space { return drawn.Built(t, space.ResNet, o) }

func efficientNet(t testing.TB, o space.EfficientNetOptions) *space.Space {
	return drawn.Built(t, space.EfficientNetStages, o)
}

func integer(t testing.TB, text string) *big.Int {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return n
}

func TestPublishedSpacesHaveTheirPublishedCounts(t *testing.T) {
	whole, cell := darts(t, space.DARTSOptions{}), big.NewInt(1037664180) // 1·3·6·10 pairs and 7⁸ operations
	for _, c := range []struct {
		space *space.Space
		want  *big.Int
	}{
		{ofa(t, space.OFAOptions{}), integer(t, "21758655492572485851")}, // (9²+9³+9⁴)⁵
		{drawn.OneCell(t, whole, 0), cell},
		{drawn.OneCell(t, whole, 1), cell},
		{whole, new(big.Int).Mul(cell, cell)},
		{enas(t, space.ENASOptions{}), new(big.Int).Lsh(new(big.Int).Exp(big.NewInt(6), big.NewInt(12), nil), 66)},
	} {
		if got := compiled(t, c.space).Count(); got.Cmp(c.want) != 0 {
			t.Errorf("%s: %v architectures, published are %v", c.space.Name(), got, c.want)
		}
	}
}

// The whole spaces are too large for brute force, but every architecture has a path, and what its steps cost can be compared.
func TestThePathOfAnArchitectureCostsWhatItsNetworkCosts(t *testing.T) {
	for _, s := range []*space.Space{
		ofa(t, space.OFAOptions{}), ofa(t, space.OFAOptions{Multiplier: 1.2}),
		darts(t, space.DARTSOptions{}), darts(t, space.DARTSOptions{Cells: 20, Channels: 36, Nodes: 5}),
		enas(t, space.ENASOptions{}), resNet(t, space.ResNetOptions{}), efficientNet(t, space.EfficientNetOptions{}),
	} {
		l := compiled(t, s)
		r := stream.New(13, s.Name())
		for range 10 {
			a, err := s.Derive(func(d space.Decision) int { return r.IntN(len(d.Options)) })
			if err != nil {
				t.Fatal(err)
			}
			g, err := s.Network(a)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Validate(); err != nil {
				t.Fatal(err)
			}
			params, _ := l.Cost(a, lattice.Params)
			macs, err := l.Cost(a, lattice.MACs)
			if want := g.Cost(); err != nil || params != want.Params || macs != want.MACs {
				t.Errorf("%s: %s costs %d params and %d MACs, its network %v; %v", s.Name(), s.Format(a), params, macs, want, err)
			}
		}
	}
}
