package lattice_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// The built-in spaces that can be enumerated whole at their published size: every architecture is built, and every count
// within a budget is made once by going through all of them.
func TestWholeSpacesAgreeWithAllTheirNetworksUnderRandomBudgets(t *testing.T) {
	for name, count := range map[string]int{"nb201": 15_625, "nb-macro": 6_561, "resnet": 1_728} {
		t.Run(name, func(t *testing.T) {
			s, err := space.Open(name, nil)
			if err != nil {
				t.Fatal(err)
			}
			l, err := lattice.Compile(s)
			if err != nil {
				t.Fatal(err)
			}
			costs := allCosts(t, s, l)
			if len(costs) != count || l.Count().Cmp(big.NewInt(int64(count))) != 0 {
				t.Fatalf("%d architectures were enumerated and %d counted; want %d", len(costs), l.Count(), count)
			}
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				most := network.Cost{Params: costs[random.IntN(count)].Params, MACs: costs[random.IntN(count)].MACs}
				agreesWithin(t, l, costs, network.Cost{Params: most.Params, MACs: math.MaxInt64})
				agreesWithin(t, l, costs, network.Cost{Params: math.MaxInt64, MACs: most.MACs})
				agreesWithin(t, l, costs, most)
			}
		})
	}
}

// allCosts builds every network of a space and compares its cost with the lattice's.
func allCosts(t *testing.T, s *space.Space, l *lattice.Lattice) []network.Cost {
	var costs []network.Cost
	for a := range s.Each() {
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		params, err := l.Cost(a, lattice.Params)
		if err != nil {
			t.Fatal(err)
		}
		macs, err := l.Cost(a, lattice.MACs)
		if err != nil {
			t.Fatal(err)
		}
		if got := (network.Cost{Params: params, MACs: macs}); got != g.Cost() {
			t.Fatalf("the lattice says that %s costs %v, its network costs %v", s.Format(a), got, g.Cost())
		}
		costs = append(costs, g.Cost())
	}
	return costs
}

// agreesWithin compares the count within a budget with the costs of all, and goes from ranks to architectures and back.
func agreesWithin(t *testing.T, l *lattice.Lattice, costs []network.Cost, most network.Cost) {
	t.Helper()
	within := 0
	for _, c := range costs {
		if c.Params <= most.Params && c.MACs <= most.MACs {
			within++
		}
	}
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: most.Params}, lattice.Limit{Metric: lattice.MACs, Max: most.MACs})
	if within == 0 {
		if err == nil {
			t.Fatalf("nothing is within %v, but a region was made", most)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.Count().Cmp(big.NewInt(int64(within))) != 0 {
		t.Fatalf("%d are within %v; the region counts %d", within, most, r.Count())
	}
	for i := 0; i < within; i += 1 + within/50 {
		rank := big.NewInt(int64(i))
		a, err := r.Unrank(rank)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := r.Rank(a); err != nil || back.Cmp(rank) != 0 {
			t.Fatalf("rank %d is %v, whose rank is %v (%v)", rank, a, back, err)
		}
	}
}
