package lattice_test

import (
	"errors"
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

// Where two limits are on, the table of counts is the oracle of the fronts of both.
func TestFeasibleSetsFindWhatTheTablesOfTwoLimitsFind(t *testing.T) {
	for _, c := range []struct {
		space  *space.Space
		limits []lattice.Limit
	}{
		{mobile(t), []lattice.Limit{lattice.AtMost(lattice.Params, 60_000), lattice.AtMost(lattice.MACs, 8_000_000)}},
		{mobile(t), []lattice.Limit{lattice.AtMost(lattice.Params, 60_000), lattice.AtLeast(lattice.MACs, 9_000_000)}},
		{mobile(t), []lattice.Limit{lattice.AtMost(lattice.Params, 60_000), lattice.AtLeast(lattice.Params, 59_000)}},
		{mobile(t), []lattice.Limit{lattice.AtMost(lattice.Params, 60_000), lattice.AtMost(lattice.MACs, 8_000_000), lattice.AtLeast(lattice.Depth, 6)}},
		{ofa(t, space.OFAOptions{}), []lattice.Limit{lattice.AtMost(lattice.MACs, 140e6), lattice.AtMost(lattice.Params, 3_600_000)}},
	} {
		l := compiled(t, c.space)
		r, err := l.Within(c.limits...)
		if err != nil {
			t.Fatal(err)
		}
		o, err := l.Feasible(c.limits...)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []float64
		for b, err := range o.Best(stepScore) {
			if err != nil || !r.Contains(b.Arch) {
				t.Fatalf("%s: %v is not within %v (%v)", c.space.Name(), b.Arch, c.limits, err)
			}
			if got = append(got, b.Score); len(got) == 300 {
				break
			}
		}
		for b := range r.BestOfStates(stepScore) {
			if want = append(want, b.Score); len(want) == 300 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s, %v: the scores of the best differ:\n%v\n%v", c.space.Name(), c.limits, got, want)
		}
		for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
			low, high := r.Range(m)
			least, err := o.Least(m)
			if err != nil || least != low {
				t.Errorf("%s, %v: the least %s is %d (%v), want %d", c.space.Name(), c.limits, m, least, err, low)
			}
			greatest, err := o.Greatest(m)
			if err != nil || greatest != high {
				t.Errorf("%s, %v: the greatest %s is %d (%v), want %d", c.space.Name(), c.limits, m, greatest, err, high)
			}
		}
	}
}

// A question that fronts cannot answer within the memory limit ends with an error, and does not go on for ever.
func TestAFeasibleSetWithTooLittleMemorySaysSo(t *testing.T) {
	o, err := compiled(t, ofa(t, space.OFAOptions{})).Feasible(lattice.AtMost(lattice.MACs, 230e6), lattice.AtMost(lattice.Params, 5e6))
	if err != nil {
		t.Fatal(err)
	}
	var large *lattice.TooLargeError
	small, err := o.Lattice().WithMemoryLimit(1 << 16).Feasible(o.Limits()...)
	if errors.As(err, &large) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range small.Best(stepScore) {
	}
	if !errors.As(err, &large) {
		t.Errorf("the best in 64 KiB: %v, want a TooLargeError", err)
	}
}
