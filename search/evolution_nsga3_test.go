package search

import (
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/trial"
)

func TestReferencePointsAreAsManyAsFitAndLieOnTheSimplex(t *testing.T) {
	for _, c := range []struct{ objectives, most, want int }{{1, 20, 1}, {2, 20, 20}, {3, 20, 15}, {3, 91, 91}, {5, 210, 210}, {4, 2, 4}} {
		all := references(c.objectives, c.most)
		if len(all) != c.want {
			t.Errorf("%d objectives, at most %d: %d points, want %d", c.objectives, c.most, len(all), c.want)
		}
		for i, p := range all {
			var sum float64
			for _, x := range p {
				sum += x
			}
			if math.Abs(sum-1) > 1e-12 || slices.ContainsFunc(all[:i], func(q []float64) bool { return slices.Equal(p, q) }) {
				t.Errorf("point %v is off the simplex or there twice", p)
			}
		}
	}
}

// niches returns an NSGA-III of three objectives.
func niches(t *testing.T, population int) *NSGA3 {
	t.Helper()
	s, err := NewNSGA3(Problem{Region: nowhere{}, Objectives: trial.Objectives{{Metric: "a"}, {Metric: "b"}, {Metric: "c"}}}, BreedingConfig{Population: population})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A front that is crowded in one corner, and objectives of different size, are thinned to one member a reference line.
func TestNicheSelectionSpreadsACrowdedFront(t *testing.T) {
	s := niches(t, 15)
	r := stream.New(1, "niches")
	var pool []observation
	add := func(x, y, z float64) {
		norm := x + y + z
		pool = append(pool, observation{objectives: []float64{x / norm, 1000 * y / norm, 1e-3 * z / norm}})
	}
	for range 300 { // the corner
		add(1, 0.02*r.Float64(), 0.02*r.Float64())
	}
	for _, p := range references(3, 15) {
		add(p[0]+1e-6, p[1]+1e-6, p[2]+1e-6)
	}
	keep := s.survivors(pool, 15)
	corner := 0
	for _, i := range keep {
		if i < 300 {
			corner++
		}
	}
	if len(keep) != 15 || corner > 1 {
		t.Errorf("%d members survive, %d of them of the crowd in the corner; want 15 and at most 1", len(keep), corner)
	}
}

func TestNicheSelectionKeepsFeasibleMembersThenTheLeastViolation(t *testing.T) {
	s := niches(t, 4)
	pool := []observation{
		{objectives: []float64{0, 0, 0}, violation: 3},
		{objectives: []float64{1, 2, 3}},
		{objectives: []float64{0, 0, 0}, violation: 1},
		{objectives: []float64{3, 2, 1}},
		{objectives: []float64{0, 0, 0}, violation: 2},
	}
	if keep := s.survivors(pool, 4); !slices.Equal(keep, []int{1, 3, 2, 4}) {
		t.Errorf("the survivors are %v", keep)
	}
	if s.compete(2, 0) != 0 || s.compete(0, 3) != 0 || s.compete(2, 3) != 2 {
		t.Error("a larger violation wins a tournament")
	}
}

func TestEqualMembersOfAFrontLeaveNiches(t *testing.T) {
	s := niches(t, 3)
	pool := make([]observation, 8)
	for i := range pool {
		pool[i].objectives = []float64{1, 1, 1}
	}
	if keep := s.survivors(pool, 3); len(keep) != 3 {
		t.Errorf("%d of eight equal members survive, want 3", len(keep))
	}
}
