package lattice_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// stepScore gives every step a small whole number that depends on its decision and option only.
func stepScore(s lattice.Step) float64 {
	if s.Fixed {
		return 0
	}
	h := 7
	for _, r := range s.Decision + "=" + s.Option {
		h = (h*31 + int(r)) % 1009
	}
	return float64(h%23 - 11)
}

// Beyond brute force, the search over states is the oracle of that over fronts. Whole scores leave no rounding to differ by.
func TestTheSearchOverFrontsFindsTheScoresOfTheSearchOverStates(t *testing.T) {
	for _, c := range []struct {
		space *space.Space
		limit lattice.Limit
	}{
		{mobile(t), lattice.Limit{Metric: lattice.Params, Max: 60000}},
		{ofa(t, space.OFAOptions{}), lattice.Limit{Metric: lattice.MACs, Max: 140e6}},
		{chain20(t), lattice.Limit{Metric: lattice.Params, Max: 60000}},
	} {
		r, err := compiled(t, c.space).Within(c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []float64
		for b := range r.Best(stepScore) {
			if !r.Contains(b.Arch) {
				t.Fatalf("%s: %v is not within %v", c.space.Name(), b.Arch, c.limit)
			}
			if got = append(got, b.Score); len(got) == 500 {
				break
			}
		}
		for b := range r.BestOfStates(stepScore) {
			if want = append(want, b.Score); len(want) == 500 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the scores of the best differ:\n%v\n%v", c.space.Name(), got, want)
		}
	}
}
