package space_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// ofaCost adds up the network of Once-for-All with one depth, kernel and expansion everywhere from the tables of the two papers, sharing
// no code with the space. Widths are of the stem, the units and the two last convolutions.
func ofaCost(widths [8]int64, depth, kernel, expand int64) network.Cost {
	var sum network.Cost
	conv := func(weights, pixels int64) {
		sum.Params += weights
		sum.MACs += weights * pixels
	}
	norm := func(channels int64) { sum.Params += 2 * channels }
	stem := widths[0]
	conv(3*3*3*stem, 112*112)
	norm(stem)
	conv(3*3*stem, 112*112)
	norm(stem)
	conv(stem*stem, 112*112)
	norm(stem)
	in, before := stem, int64(112)
	for unit, side := range []int64{56, 28, 14, 14, 7} {
		out := widths[1+unit]
		for range depth {
			mid := in * expand
			conv(in*mid, before*before)
			norm(mid)
			conv(kernel*kernel*mid, side*side)
			norm(mid)
			if unit == 1 || unit >= 3 {
				hidden := (mid/4 + 4) / 8 * 8 // the nearest multiple of 8
				if 10*hidden < 9*(mid/4) {
					hidden += 8
				}
				conv(mid*hidden, 1)
				conv(hidden*mid, 1)
				sum.Params += hidden + mid
			}
			conv(mid*out, side*side)
			norm(out)
			in, before = out, side
		}
	}
	conv(in*widths[6], 7*7)
	norm(widths[6])
	conv(widths[6]*widths[7], 1)
	conv(widths[7]*1000, 1)
	sum.Params += 1000
	return sum
}

func TestOnceForAllNetworksCostWhatThePapersTablesAddUpTo(t *testing.T) {
	for multiplier, widths := range map[float64][8]int64{
		1:   {16, 24, 40, 80, 112, 160, 960, 1280},
		1.2: {24, 32, 48, 96, 136, 192, 1152, 1536},
	} {
		s := made(t)(space.OFA(space.OFAOptions{Multiplier: multiplier}))
		for _, c := range []struct {
			option                int
			depth, kernel, expand int64
		}{{0, 2, 3, 3}, {1, 3, 5, 4}, {2, 4, 7, 6}} {
			a, err := s.Derive(func(space.Decision) int { return c.option })
			if err != nil {
				t.Fatal(err)
			}
			g, err := s.Network(a)
			if want := ofaCost(widths, c.depth, c.kernel, c.expand); err != nil || g.Cost() != want {
				t.Errorf("width %v, option %d everywhere: %v, want %v; %v", multiplier, c.option, g.Cost(), want, err)
			}
		}
	}
}

// The count of a derivation is (9 kernels and expansions) to the number of blocks; the lattice's tests add up the derivations.
func TestEveryBlockOfOnceForAllHasNineForms(t *testing.T) {
	s := made(t)(space.OFA(space.OFAOptions{}))
	for range 5 {
		a := randomArch(t, s, stream.New(12, "ofa"))
		blocks := 0
		for _, d := range s.Decisions(a) {
			if len(d.Options) != 3 {
				t.Errorf("decision %s has the options %v", d.Name, d.Options)
			}
			if d.Options[0] == "d2" {
				blocks += 2 + d.Chosen
			}
		}
		if a.Len() != 5+2*blocks {
			t.Errorf("%d decisions for %d blocks", a.Len(), blocks)
		}
	}
}

func TestChannelsAreRoundedToMultiplesButNotDownByMoreThanATenth(t *testing.T) {
	for _, c := range []struct {
		exact float64
		by    int
		want  int
	}{{18, 8, 24}, {19.2, 8, 24}, {28.8, 8, 32}, {134.4, 8, 136}, {3, 8, 8}, {20, 8, 24}, {1.4, 1, 1}, {2.5, 1, 3}, {0.2, 1, 1}} {
		if got := space.RoundChannels(c.exact, c.by); got != c.want {
			t.Errorf("%v is rounded to %d, want %d", c.exact, got, c.want)
		}
	}
}
