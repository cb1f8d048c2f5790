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
	var good []trial.Trial
	var bad *trial.Trial
	l := conform.Landscape{Space: s, FailEvery: 5}
	for a := range s.Each() {
		tr := trial.Trial{ID: trial.ID(len(good)), Phase: trial.Search, Arch: a, Seed: 3, Budget: trial.Budget{Epochs: 4}}
		r, err := l.Evaluate(context.Background(), tr, trial.Silent)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == trial.OK {
			good = append(good, tr)
		} else {
			bad = &tr
		}
	}
	conform.Evaluator(t, conform.Trials{Good: good[:6], Bad: bad}, func(testing.TB) trial.Evaluator { return l })
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
