package bench_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/search"
)

// expected is the mean regret of k architectures drawn without replacement, exactly: the i-th best by feedback is the incumbent if
// it is among them and none of the better ones is.
func expected(table *bench.Table, k int) (mean float64) {
	rows := make([]int, table.Len())
	least := math.Inf(1)
	for i := range rows {
		rows[i] = i
		least = min(least, table.Vector(i)[0])
	}
	feedback := func(i int) float64 {
		x, _ := table.Feedback(i, "accuracy")
		return -x
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(feedback(a), feedback(b)) })
	none := 1.0
	for i, row := range rows {
		in := float64(k) / float64(len(rows)-i)
		mean += none * min(1, in) * (table.Vector(row)[0] - least)
		none *= 1 - min(1, in)
	}
	return mean
}

func TestRandomSearchHasTheRegretThatProbabilityTheoryGivesIt(t *testing.T) {
	table := example(t, "nb-macro")
	o, err := bench.Benchmark{
		Table: table, Seeds: 1000, Evaluations: 100, Workers: 2,
		Strategies: []bench.Named{{Name: "random", Open: random}},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{1, 20, 50, 100} {
		got, want, e := o.Results[0].Mean[k-1], expected(table, k), o.Results[0].Error[k-1]
		if math.Abs(got-want) > 3.5*e {
			t.Errorf("after %d evaluations the regret is %.3f ± %.3f, and should be %.3f", k, got, e, want)
		}
	}
}

// figure is a mean and its standard error.
type figure struct{ mean, deviation float64 }

// The figures were measured with 400 seeds: evolution and local search as in their papers, in plain Python; the genetic algorithm is
// DEAP's eaSimple with a population of 20. All count distinct evaluations.
func TestOurClassicalMethodsAreNoWorseThanTheirPeers(t *testing.T) {
	for _, c := range []struct {
		table string
		peers map[string][3]figure // after 50, 100, 150 evaluations
	}{
		{"nb-macro", map[string][3]figure{
			"evolution":     {{0.052, 0.004}, {0.008, 0.001}, {0.002, 0.0005}},
			"local, first":  {{0.054, 0.003}, {0.022, 0.001}, {0.013, 0.001}},
			"local, best":   {{0.205, 0.009}, {0.049, 0.003}, {0.024, 0.002}},
			"genetic, DEAP": {{0.181, 0.007}, {0.032, 0.002}, {0.017, 0.001}},
		}},
		{"nb201", map[string][3]figure{
			"evolution":     {{0.255, 0.015}, {0.150, 0.014}, {0.101, 0.013}},
			"local, first":  {{0.261, 0.017}, {0.088, 0.011}, {0.026, 0.007}},
			"local, best":   {{0.713, 0.025}, {0.262, 0.017}, {0.146, 0.014}},
			"genetic, DEAP": {{0.501, 0.017}, {0.154, 0.012}, {0.078, 0.010}},
		}},
		{"nb-macro-noisy", map[string][3]figure{
			"evolution":     {{0.357, 0.010}, {0.247, 0.007}, {0.208, 0.004}},
			"local, first":  {{0.469, 0.011}, {0.374, 0.010}, {0.307, 0.008}},
			"local, best":   {{0.553, 0.013}, {0.424, 0.011}, {0.348, 0.010}},
			"genetic, DEAP": {{0.471, 0.011}, {0.339, 0.009}, {0.299, 0.008}},
		}},
	} {
		t.Run(c.table, func(t *testing.T) {
			benchmark := bench.Benchmark{Table: example(t, c.table), Seeds: 200, Evaluations: 150, Workers: 2}
			benchmark.Strategies = []bench.Named{
				{Name: "evolution", Open: func(p search.Problem) (search.Strategy, error) {
					return search.NewEvolution(p, search.EvolutionConfig{Population: 10, Sample: 10})
				}},
				{Name: "local, first", Open: func(p search.Problem) (search.Strategy, error) { return search.NewLocal(p, search.LocalConfig{}) }},
				{Name: "local, best", Open: func(p search.Problem) (search.Strategy, error) {
					return search.NewLocal(p, search.LocalConfig{Best: true})
				}},
				{Name: "genetic, DEAP", Open: func(p search.Problem) (search.Strategy, error) {
					return search.NewGenetic(p, search.GeneticConfig{})
				}},
			}
			o, err := benchmark.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range o.Results {
				for i, k := range []int{50, 100, 150} {
					peer := c.peers[r.Strategy][i]
					if limit := peer.mean + 2.5*math.Hypot(peer.deviation, r.Error[k-1]); r.Mean[k-1] > limit {
						t.Errorf("%s: after %d evaluations %.3f ± %.3f, its peer %.3f ± %.3f", r.Strategy, k, r.Mean[k-1], r.Error[k-1], peer.mean, peer.deviation)
					}
				}
			}
		})
	}
}
