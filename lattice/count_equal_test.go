package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Two junctions are the same within a budget if they differ only in what is beyond it. Here that divides the costs behind one by 10 and those
// behind the other by 5, so that 7 that are left are worth nothing at one and 5 at the other, unless both go by the first.
// The plain program holds states at all junctions.
func TestJunctionsThatDifferInWhatIsBeyondTheBudgetAreRoundedAlike(t *testing.T) {
	choice := func(name string, labels []string, next ...space.Node) space.Node {
		c := &space.Choice{Name: name}
		for i, label := range labels {
			c.Options = append(c.Options, space.Option{Label: label, Node: next[i*len(next)/len(labels)]})
		}
		return c
	}
	rest := []string{"0", "10", "far"}
	nothing := space.LeafOf(&space.Identity{})
	near, far := choice("near", rest, nothing), choice("far", rest, nothing)
	for _, order := range [][2]space.Node{{near, far}, {far, near}} {
		s, err := space.New("alike", network.Shape{H: 1, W: 1, C: 1}, choice("first", []string{"x", "x5", "y", "y5"}, order[0], order[1]))
		cost := map[lattice.Taken]float64{{Decision: "near", Option: "far"}: 25, {Decision: "far", Option: "far"}: 100}
		l, err := compiled(t, must(t, s, err)).WithCosts(lattice.CostModel{Metric: "ms", Unit: "ms", Bin: 1, Of: func(s lattice.Step) float64 {
			return cost[lattice.Taken{Decision: s.Decision, Option: s.Option}] + map[string]float64{"x5": 5, "y5": 5, "10": 10}[s.Option]
		}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.ItemByItem().WithinForward(lattice.AtMost("ms", 12))
		if err != nil || r.Count().Int64() != 6 {
			t.Fatalf("%v architectures cost at most 12 (%v), want 0 and 10 after x and y, and 0 after x5 and y5", r.Count(), err)
		}
		for rank := range int64(6) {
			a, err := r.Unrank(big.NewInt(rank))
			if err != nil {
				t.Fatal(err)
			}
			cost, err := l.Cost(a, "ms")
			if back, wrong := r.Rank(a); err != nil || wrong != nil || cost > 12 || back.Int64() != rank {
				t.Errorf("rank %d is %v of cost %d, whose rank is %v (%v, %v)", rank, a, cost, back, err, wrong)
			}
		}
	}
}
