package search_test

import (
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// climbing changes the best so far.
type climbing struct{ *search.Basis }

func (c climbing) Ask(n int) ([]trial.Proposal, search.State) {
	return c.Propose(n, func(r *rand.Rand) space.Arch {
		best, _ := c.Best()
		return c.Mutate(best.Arch, r)
	})
}

func TestAStrategyBuiltOnABasisIsAStrategy(t *testing.T) {
	conform.Strategy(t, func(p search.Problem) search.Strategy { return climbing{search.NewBasis(p)} })
}

// insistent always wants the same.
type insistent struct {
	*search.Basis
	wish space.Arch
}

func (s insistent) Ask(n int) ([]trial.Proposal, search.State) {
	return s.Propose(n, func(*rand.Rand) space.Arch { return s.wish })
}

func TestABasisProposesNothingTwiceAndNothingOutsideTheRegionWhateverIsChosen(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	first := region.Sample(rand.New(rand.NewPCG(1, 1)))
	for _, wish := range []space.Arch{first, space.NewArch(9, 9, 9)} {
		seen := map[space.Arch]bool{}
		s := insistent{search.NewBasis(search.Problem{Region: region, Seed: 3}), wish}
		all, state := s.Ask(1 << 20)
		if state != search.Done || int64(len(all)) != region.Count().Int64() {
			t.Errorf("%d of %v architectures were proposed, %v", len(all), region.Count(), state)
		}
		for i, p := range all {
			if seen[p.Arch] || !region.Contains(p.Arch) || p.Key != trial.Key(i+1) {
				t.Errorf("proposal %d is %+v", i, p)
			}
			seen[p.Arch] = true
		}
	}
}

func TestTheBestOfABasisKeepsTheConstraintsFirst(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	b := search.NewBasis(search.Problem{
		Region: region, Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}}, Constraints: trial.Constraints{{Metric: "ms", Bound: 5}},
	})
	if _, ok := b.Best(); ok {
		t.Error("there is a best before any result")
	}
	result := func(id trial.ID, status trial.Status, accuracy, ms float64) trial.Result {
		return trial.Result{
			Trial: id, Key: trial.Key(id), Status: status, Arch: region.Sample(rand.New(rand.NewPCG(uint64(id), 0))),
			Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy}, trial.Metric{Name: "ms", Value: ms}),
		}
	}
	for _, x := range []struct {
		told trial.Result
		best trial.ID
	}{
		{result(1, trial.OK, 0.9, 9), 1},
		{result(2, trial.OK, 0.5, 4), 2},
		{result(3, trial.OK, 0.95, 6), 2},
		{result(4, trial.Failed, 0.99, 1), 2},
		{result(5, trial.OK, 0.5, 3), 2}, // no better: the first stays
		{result(6, trial.OK, 0.6, 5), 6},
	} {
		b.Tell([]trial.Result{x.told})
		if r, ok := b.Best(); !ok || r.Trial != x.best {
			t.Errorf("after trial %d the best is %d, and should be %d", x.told.Trial, r.Trial, x.best)
		}
	}
}
