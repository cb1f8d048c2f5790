package conform_test

import (
	"context"
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func TestTheLandscapeIsAnEvaluator(t *testing.T) {
	s := conform.Space(t, 2)
	for name, l := range map[string]conform.Landscape{
		"every amount is full":   {Space: s, FailEvery: 5},
		"low fidelities mislead": {Space: s, FailEvery: 5, Full: 9},
	} {
		t.Run(name, func(t *testing.T) {
			trials := conform.Trials{Stops: true}
			for a := range s.Each() {
				tr := trial.Trial{ID: trial.ID(len(trials.Good)), Stage: "search", Arch: a, Seed: 3, Fidelity: trial.Full(4)}
				r, err := l.Evaluate(context.Background(), tr, trial.Silent)
				if err != nil {
					t.Fatal(err)
				}
				if r.Status == trial.OK {
					trials.Good = append(trials.Good, tr)
				} else {
					trials.Bad = &tr
				}
			}
			trials.Good = trials.Good[:6]
			for _, long := range trials.Good {
				short := long
				short.ID, short.Fidelity = long.ID+100, trial.Full(2)
				trials.Pairs = append(trials.Pairs, [2]trial.Trial{short, long})
			}
			conform.Evaluator(t, trials, func(testing.TB) trial.Evaluator { return l })
		})
	}
}

// Multi-fidelity searches can be tried on it: the order at a ninth of the amount is like the full one and yet another.
func TestLowFidelitiesOfTheLandscapeRankDifferently(t *testing.T) {
	s := conform.Space(t, 2)
	for _, c := range []struct {
		share       float64
		least, most float64 // share of the pairs that are in another order
	}{{1. / 9, 0.08, 0.35}, {3. / 9, 0.05, 0.25}, {8. / 9, 0.001, 0.06}, {1, 0, 0}} {
		var full, low []float64
		for a := range s.Each() {
			full, low = append(full, conform.Score(a)), append(low, conform.Accuracy(a, c.share))
		}
		swapped, pairs := 0, 0
		for i := range full {
			for j := range i {
				if full[i] != full[j] {
					pairs++
					if (full[i] < full[j]) != (low[i] < low[j]) {
						swapped++
					}
				}
			}
		}
		if x := float64(swapped) / float64(pairs); x < c.least || x > c.most {
			t.Errorf("at a share of %.2f %.1f%% of the pairs are in another order", c.share, 100*x)
		}
	}
}

func TestTheSpaceForTestsHasAsManyArchitecturesAsItSays(t *testing.T) {
	for layers, want := range []int64{4 + 16, 4 * 20, 16 * 20} {
		e := conform.Enumerate(conform.Space(t, layers), nil)
		if e.Count().Cmp(big.NewInt(want)) != 0 {
			t.Errorf("%d layers: %v architectures, not %d", layers, e.Count(), want)
		}
		seen := map[space.Arch]bool{}
		for i := range want {
			a, err := e.Unrank(big.NewInt(i))
			if err != nil || seen[a] || !e.Contains(a) {
				t.Errorf("rank %d is %v, seen before: %v, %v", i, a, seen[a], err)
			}
			seen[a] = true
		}
		if _, err := e.Unrank(big.NewInt(want)); err == nil {
			t.Errorf("there is an architecture of rank %d", want)
		}
	}
}
