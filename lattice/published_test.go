package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func ofa(t testing.TB, o space.OFAOptions) *space.Space {
	s, err := space.OFA(o)
	return must(t, s, err)
}

func integer(t testing.TB, text string) *big.Int {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return n
}

func TestPublishedSpacesHaveTheirPublishedCounts(t *testing.T) {
	for _, c := range []struct {
		space *space.Space
		want  *big.Int
	}{
		{ofa(t, space.OFAOptions{}), integer(t, "21758655492572485851")}, // (9²+9³+9⁴)⁵
	} {
		if got := compiled(t, c.space).Count(); got.Cmp(c.want) != 0 {
			t.Errorf("%s: %v architectures, published are %v", c.space.Name(), got, c.want)
		}
	}
}

// The whole spaces are too large for brute force, but every architecture has a path, and what its steps cost can be compared.
func TestThePathOfAnArchitectureCostsWhatItsNetworkCosts(t *testing.T) {
	for _, s := range []*space.Space{ofa(t, space.OFAOptions{})} {
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

func TestSmallVersionsOfPublishedSpacesAgreeWithBruteForce(t *testing.T) {
	tiny := network.Shape{H: 16, W: 16, C: 1}
	for name, s := range map[string]*space.Space{
		"ofa-mbv3": ofa(t, space.OFAOptions{Input: tiny, Classes: 3, Multiplier: 0.1, Depth: []int{1, 2}, Kernel: []int{3}, Expand: []float64{3, 6}}),
	} {
		t.Run(name, func(t *testing.T) {
			e, ok := enumerate(t, s, 20000)
			if !ok || len(e.archs) < 100 {
				t.Fatalf("%d architectures are a poor test; all is %t", len(e.archs), ok)
			}
			l := compiled(t, s)
			agree(t, e, l, nil, 1+len(e.archs)/300)
			r := stream.New(1, "budgets")
			for range 3 {
				a, b := e.costs[r.IntN(len(e.costs))], e.costs[r.IntN(len(e.costs))]
				for _, limits := range [][]lattice.Limit{
					{{Metric: lattice.Params, Max: a.Params}},
					{{Metric: lattice.MACs, Max: a.MACs - 1}},
					{{Metric: lattice.MACs, Max: a.MACs}, {Metric: lattice.Params, Max: b.Params}},
				} {
					agree(t, e, l, limits, 1+len(e.archs)/100)
				}
			}
		})
	}
}
