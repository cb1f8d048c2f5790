package search_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// evolutionInside opens what is scalarized in tests.
func evolutionInside(p search.Problem) (search.Strategy, error) {
	return search.NewEvolution(p, search.EvolutionConfig{})
}

func TestScalarisedSearchIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy {
		p.Objectives = tradeOff
		s, err := search.NewScalarized(p, search.Targets(search.Target{Value: 3, Exponent: -0.07}), evolutionInside)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestTargetsAreSoftOrHard(t *testing.T) {
	soft := search.Targets(search.Target{Value: 80, Exponent: -0.07})
	hard := search.Targets(search.Target{Value: 80, Exponent: -1, Hard: true})
	for _, c := range []struct {
		value      search.Scalarization
		x          []float64
		want, near float64
	}{
		{soft, []float64{0.75, 80}, 0.75, 0},
		{soft, []float64{0.75, 40}, 0.75 * 1.0497, 1e-4}, // 5% for half the latency
		{soft, []float64{0.75, 160}, 0.75 / 1.0497, 1e-4},
		{hard, []float64{0.75, 40}, 0.75, 0},
		{hard, []float64{0.75, 160}, 0.375, 0},
	} {
		if got := c.value(c.x); math.Abs(got-c.want) > c.near {
			t.Errorf("the reward of %v is %v, want %v", c.x, got, c.want)
		}
	}
}

func TestTchebycheffFindsWhatAWeightedSumCannot(t *testing.T) {
	ranges := []search.Range{{Best: 1, Worst: 0}, {Best: 0, Worst: 10}} // accuracy and cost
	front := [][]float64{{1, 10}, {0.4, 5.5}, {0, 0}}                   // the middle lies behind the line between the ends
	chosen := func(value search.Scalarization) int {
		best := 0
		for i, x := range front {
			if value(x) > value(front[best]) {
				best = i
			}
		}
		return best
	}
	middle := 0
	for k := range 21 {
		w := []float64{float64(k) / 20, 1 - float64(k)/20}
		if chosen(search.WeightedSum(ranges, w)) == 1 {
			t.Errorf("the weighted sum by %v chooses the middle", w)
		}
		if chosen(search.Tchebycheff(ranges, w, 0)) == 1 {
			middle++
		}
	}
	if middle == 0 {
		t.Error("no weights of the Tchebycheff function choose the middle")
	}
	augmented := search.Tchebycheff(ranges, []float64{0.5, 0.5}, 0.05)
	if !(augmented([]float64{0.4, 2}) > augmented([]float64{0.4, 5})) {
		t.Error("the augmented function does not tell what dominates from what is dominated")
	}
}

// A search for a target ends near it, where one for accuracy alone does not.
func TestASearchForATargetEndsNearIt(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	s, err := search.NewScalarized(search.Problem{Region: region, Objectives: tradeOff, Seed: 1},
		search.Targets(search.Target{Value: 2, Exponent: -1, Hard: true}), evolutionInside)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for id := range trial.ID(150) {
		all, _ := s.Ask(1)
		r, err := conform.Landscape{}.Evaluate(t.Context(), trial.Trial{ID: id, Arch: all[0].Arch, Fidelity: trial.Full(1)}, trial.Silent)
		if err != nil {
			t.Fatal(err)
		}
		r.Key = all[0].Key
		s.Tell([]trial.Result{r})
		if cost(all[0].Arch) <= 3 && id >= 100 {
			kept++
		}
	}
	if kept < 25 {
		t.Errorf("of the last fifty proposals %d cost at most 3", kept)
	}
}

// cost is that of conform.Landscape.
func cost(a space.Arch) int {
	n := 0
	for _, c := range a.Choices() {
		n += min(c, 1)
	}
	return n
}
