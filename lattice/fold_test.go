package lattice_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

func sqrt(x float64) float64 { return math.Sqrt(x) }

// score gives every step a small whole number that depends on its decision and option only.
func score(decision, option string) float64 {
	h := 7
	for _, r := range decision + "=" + option {
		h = (h*31 + int(r)) % 1009
	}
	return float64(h%23 - 11)
}

func TestFoldsAgreeWithSumsOverAllArchitectures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 1000)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		low, high, cheapest, narrowest := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(1)
		for i, a := range e.archs {
			sum, most := 0.0, math.Inf(-1)
			for _, d := range e.space.Decisions(a) {
				sum += score(d.Name, d.Options[d.Chosen])
				most = max(most, score(d.Name, d.Options[d.Chosen]))
			}
			low, high, narrowest = min(low, sum), max(high, sum), min(narrowest, most)
			cheapest = min(cheapest, float64(e.costs[i].MACs))
		}
		weight := func(s lattice.Step) float64 {
			if s.Fixed {
				return 0
			}
			return score(s.Decision, s.Option)
		}
		if got := lattice.Fold(l, lattice.MinPlus{}, weight); got != low {
			t.Fatalf("least score %v, want %v", got, low)
		}
		if got := lattice.Fold(l, lattice.MaxPlus{}, weight); got != high {
			t.Fatalf("greatest score %v, want %v", got, high)
		}
		bare := func(s lattice.Step) float64 {
			if s.Fixed {
				return math.Inf(-1)
			}
			return weight(s)
		}
		if got := lattice.Fold(l, lattice.Bottleneck{}, bare); got != narrowest {
			t.Fatalf("least of the greatest scores %v, want %v", got, narrowest)
		}
		macs := func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs)) }
		if got := lattice.Fold(l, lattice.MinPlus{}, macs); got != cheapest {
			t.Fatalf("fewest MACs %v, want %v", got, cheapest)
		}
		if got := lattice.Fold(l, lattice.Counting{}, func(lattice.Step) *big.Int { return big.NewInt(1) }); got.Int64() != int64(len(e.archs)) {
			t.Fatalf("%v architectures, want %d", got, len(e.archs))
		}
		without := func(s lattice.Step) bool { return s.Fixed || score(s.Decision, s.Option) <= 5 }
		want := slices.ContainsFunc(e.archs, func(a space.Arch) bool {
			for _, d := range e.space.Decisions(a) {
				if score(d.Name, d.Options[d.Chosen]) > 5 {
					return false
				}
			}
			return true
		})
		if got := lattice.Fold(l, lattice.Boolean{}, without); got != want {
			t.Fatalf("there is one without: %t, want %t", got, want)
		}
	})
}

func TestAPathOfTheLatticeMeetsTheDecisionsOfTheSpace(t *testing.T) {
	l := compiled(t, smallMobile(t))
	known := map[string][]string{}
	for _, d := range l.Decisions() {
		known[d.Name] = d.Options
	}
	n := 0
	for a := range l.Space().Each() {
		if n++; n%97 != 0 {
			continue
		}
		for _, d := range l.Space().Decisions(a) {
			if !slices.Equal(known[d.Name], d.Options) {
				t.Fatalf("decision %s has options %v in the lattice and %v in the space", d.Name, known[d.Name], d.Options)
			}
		}
	}
}
