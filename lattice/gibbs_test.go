package lattice_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}

// warm is stepScore at a temperature, with a weight of the fixed step that must cancel.
func warm(s lattice.Step) float64 {
	if s.Fixed {
		return 3
	}
	return stepScore(s) / 7
}

func gibbsIs(t failer, e enumerated, r *lattice.Region, limits []lattice.Limit) {
	t.Helper()
	inside := e.within(limits)
	total := 0.0
	for _, i := range inside {
		total += math.Exp(e.scoreOf(e.archs[i])/7 + 3)
	}
	g := r.Gibbs(warm)
	if !near(g.LogPartition(), math.Log(total)) {
		t.Fatalf("within %v: log partition %v, want %v", limits, g.LogPartition(), math.Log(total))
	}
	mean, square, entropy := 0.0, 0.0, 0.0
	marginals := map[string]float64{}
	for _, i := range inside {
		a := e.archs[i]
		p := math.Exp(e.scoreOf(a)/7+3) / total
		if !near(g.LogProb(a), math.Log(p)) {
			t.Fatalf("within %v: log probability of %v is %v, want %v", limits, a, g.LogProb(a), math.Log(p))
		}
		x := float64(e.costs[i].Params)
		mean += p * x
		square += p * x * x
		entropy -= p * math.Log(p)
		for _, d := range e.space.Decisions(a) {
			marginals[d.Name+"="+d.Options[d.Chosen]] += p
		}
	}
	m, v := g.Moments(func(s lattice.Step) float64 { return float64(s.Cost(lattice.Params)) })
	if !near(m, mean) || math.Abs(v-(square-mean*mean)) > 1e-6*(1+square) {
		t.Fatalf("within %v: mean %v and variance %v, want %v and %v", limits, m, v, mean, square-mean*mean)
	}
	if math.Abs(g.Entropy()-entropy) > 1e-9 {
		t.Fatalf("within %v: entropy %v, want %v", limits, g.Entropy(), entropy)
	}
	for _, d := range g.Marginals() {
		for i, p := range d.Probability {
			if want := marginals[d.Decision+"="+d.Options[i]]; math.Abs(p-want) > 1e-9 {
				t.Fatalf("within %v: %s=%s has probability %v, want %v", limits, d.Decision, d.Options[i], p, want)
			}
		}
	}
}

func TestGibbsDistributionsAgreeWithSumsOverAllArchitectures(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 500)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		if len(e.within(limits)) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		gibbsIs(t, e, r, limits)
	}
	for range 2 {
		rapid.Check(t, check)
	}
}

func TestGibbsOfABuiltInSpaceAgreesAndItsSamplesFollowIt(t *testing.T) {
	e := archsOfSmallMobile(t)
	l := compiled(t, e.space)
	for name, limits := range map[string][]lattice.Limit{
		"params":          {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.05)}},
		"params and macs": {{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.1)}, {Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.1)}},
	} {
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		gibbsIs(t, e, r, limits)
		g := r.Gibbs(warm)
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
	l := compiled(t, smallMobile(t))
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
