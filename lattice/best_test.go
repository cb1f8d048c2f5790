package lattice_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// stepScore is score as a weight of steps.
func stepScore(s lattice.Step) float64 {
	if s.Fixed {
		return 0
	}
	return score(s.Decision, s.Option)
}

// scoreOf is the sum of score over the decisions of an architecture.
func (e enumerated) scoreOf(a space.Arch) float64 {
	sum := 0.0
	for _, d := range e.space.Decisions(a) {
		sum += score(d.Name, d.Options[d.Chosen])
	}
	return sum
}

func TestBestComesInOrderEachOnceAndNoneIsLeftOut(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 1000)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		inside := e.within(limits)
		if len(inside) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		want := map[space.Arch]float64{}
		for _, i := range inside {
			want[e.archs[i]] = e.scoreOf(e.archs[i])
		}
		last := 1e9
		for b := range r.Best(stepScore) {
			expected, ok := want[b.Arch]
			if !ok || b.Score != expected || b.Score > last {
				t.Fatalf("%v came with %v after %v; its score is %v (%t)", b.Arch, b.Score, last, expected, ok)
			}
			last = b.Score
			delete(want, b.Arch)
		}
		if len(want) > 0 {
			t.Fatalf("%d of %d never came", len(want), len(inside))
		}
	}
	for range 2 {
		rapid.Check(t, check)
	}
}

func TestTheBestHundredOfABuiltInSpaceAreThoseOfBruteForce(t *testing.T) {
	macro, _ := enumerate(t, nbMacro(t), 10000)
	for _, e := range []enumerated{archsOfSmallMobile(t), macro} {
		l := compiled(t, e.space)
		for _, limits := range [][]lattice.Limit{
			nil,
			{{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.3)}},
			{{Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.3)}, {Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.4)}},
		} {
			r, err := l.Within(limits...)
			if err != nil {
				t.Fatal(err)
			}
			var want []float64
			for _, i := range e.within(limits) {
				want = append(want, e.scoreOf(e.archs[i]))
			}
			slices.Sort(want)
			slices.Reverse(want)
			at := 0
			for b := range r.Best(stepScore) {
				if b.Score != want[at] || e.scoreOf(b.Arch) != b.Score || !r.Contains(b.Arch) {
					t.Fatalf("%s within %v: number %d is %v with %v, want %v", e.space.Name(), limits, at, b.Arch, b.Score, want[at])
				}
				if at++; at == 100 {
					break
				}
			}
			if at != min(100, len(want)) {
				t.Fatalf("%s within %v: %d came", e.space.Name(), limits, at)
			}
		}
	}
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
