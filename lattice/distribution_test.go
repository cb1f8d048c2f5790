package lattice_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}

// warm is stepScore at a temperature, with a weight of the fixed step that must cancel.
func tempered(s lattice.Step) float64 {
	if s.Fixed {
		return 3
	}
	return stepScore(s) / 7
}

func TestSamplesOfADistributionFollowIt(t *testing.T) {
	e := smallMobile(t)
	l := compiled(t, e.space)
	for name, limits := range map[string][]lattice.Limit{
		"params":          {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.05)}},
		"params and macs": {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.1)}, {Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.1)}},
	} {
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		g := r.Gibbs(tempered)
		times := map[space.Arch]int{}
		const drawn = 40000
		random := stream.New(11, name)
		for range drawn {
			times[g.Sample(random)]++
		}
		// cells that are expected often enough for Pearson's statistic, and one of all the others
		statistic, cells, rest, restExpected := 0.0, 0, drawn, float64(drawn)
		for _, i := range e.within(limits) {
			a := e.archs[i]
			expected := drawn * math.Exp(g.LogProb(a))
			if expected < 10 {
				continue
			}
			d := float64(times[a]) - expected
			statistic += d * d / expected
			cells++
			rest -= times[a]
			restExpected -= expected
		}
		if restExpected > 10 {
			d := float64(rest) - restExpected
			statistic += d * d / restExpected
			cells++
		}
		if k := float64(cells - 1); cells < 20 || statistic > k+5*math.Sqrt(2*k) {
			t.Errorf("%s: chi-square of %d cells is %.0f", name, cells, statistic)
		}
	}
}

func TestAForbiddenStepHasNoProbability(t *testing.T) {
	l := compiled(t, smallMobile(t).space)
	r, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	g := r.Gibbs(func(s lattice.Step) float64 {
		if s.Option == "w12" {
			return math.Inf(-1)
		}
		return 0
	})
	random := stream.New(1, "forbidden")
	for range 100 {
		for _, d := range l.Space().Decisions(g.Sample(random)) {
			if d.Options[d.Chosen] == "w12" {
				t.Fatal("a forbidden option was drawn")
			}
		}
	}
	all, _ := r.Count().Float64()
	if left := math.Exp(g.Entropy()); left >= all || math.IsNaN(left) {
		t.Errorf("the entropy is that of %v of %v architectures", left, all)
	}
	for _, m := range g.Marginals() {
		for i, o := range m.Options {
			if o == "w12" && m.Probability[i] != 0 {
				t.Errorf("%s=%s has probability %v", m.Decision, o, m.Probability[i])
			}
		}
	}
}
