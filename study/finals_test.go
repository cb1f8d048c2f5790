package study_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func TestOnlyWhatKeepsTheConstraintsBecomesAFinalist(t *testing.T) {
	c := config(t)
	c.Constraints = trial.Constraints{{Metric: "cost", Bound: 3}}
	h := run(t, c)
	for _, id := range chosen(h) {
		if cost, _ := h.Entries[id].Result.Metrics.Get("cost"); cost > 3 {
			t.Errorf("finalist %d costs %v", id, cost)
		}
	}
	if len(chosen(h)) != 3 {
		t.Errorf("%d finalists", len(chosen(h)))
	}
}

func TestFinalistsAreTheBestOrSpreadAlongTheFront(t *testing.T) {
	c := config(t)
	c.Finalists.Count = 2
	best := run(t, c)
	front := best.Front(store.Search)
	if len(front) < 3 {
		t.Fatalf("the front has only %d trials, too few for this test", len(front))
	}
	for i, id := range chosen(best) {
		if front[i].Trial.ID != id {
			t.Errorf("finalist %d is trial %d, not %d", i, id, front[i].Trial.ID)
		}
	}
	c = config(t)
	c.Finalists.Count, c.Finalists.Spread = 2, true
	spread := chosen(run(t, c))
	want := []trial.ID{front[0].Trial.ID, front[len(front)-1].Trial.ID}
	if !slices.Equal(spread, want) {
		t.Errorf("spread along the front are %v, not %v", spread, want)
	}
	c = config(t)
	c.Finalists.Count = 20
	all := run(t, c)
	seen := map[space.Arch]bool{}
	for _, id := range chosen(all) {
		seen[all.Entries[id].Trial.Arch] = true
	}
	if ok := len(all.Leaderboard(store.Search)); len(seen) != min(20, ok) {
		t.Errorf("%d finalists of %d trials", len(seen), ok)
	}
}

func TestFinalistsAreWhatIsWorthMostWhereAValueIsGiven(t *testing.T) {
	c := config(t)
	c.Finalists.Count = 3
	c.Finalists.Value = func(r trial.Result) (float64, bool) {
		x, ok := r.Metrics.Get("cost")
		return -x, ok && x > 1
	}
	h := run(t, c)
	if len(chosen(h)) != 3 {
		t.Fatalf("%d finalists", len(chosen(h)))
	}
	least := 0.0
	for _, id := range chosen(h) {
		x, _ := h.Entries[id].Result.Metrics.Get("cost")
		if x <= 1 || x < least {
			t.Errorf("trial %d, of cost %v, is a finalist after one of %v", id, x, least)
		}
		least = x
	}
	for _, p := range h.Leaderboard(store.Search) {
		if x, _ := p.Result.Metrics.Get("cost"); x > 1 && x < least && !slices.Contains(chosen(h), p.Trial.ID) {
			t.Errorf("trial %d, of cost %v, is no finalist, and one of %v is", p.Trial.ID, x, least)
		}
	}
}

func TestFinalistsAndBaselinesAreTrainedByTheirOwnEvaluator(t *testing.T) {
	c := config(t)
	short, long := counting(c.Evaluator), counting(c.Evaluator)
	c.Evaluator, c.Final = short, long
	for _, e := range run(t, c).Entries {
		if mine := e.Trial.Stage == store.Search; (short.times[e.Trial.ID] == 1) != mine || (long.times[e.Trial.ID] == 1) == mine {
			t.Errorf("trial %d of stage %s was evaluated %d times for the search and %d times as a final",
				e.Trial.ID, e.Trial.Stage, short.times[e.Trial.ID], long.times[e.Trial.ID])
		}
	}
}

func TestWithoutATesterTheTestSetStaysSealed(t *testing.T) {
	c := config(t)
	c.Tester = nil
	if h := run(t, c); h.TestOpened || len(h.Of(store.Finalists)) != 6 {
		t.Errorf("the test set was opened: %v, with %d finalists", h.TestOpened, len(h.Of(store.Finalists)))
	}
	c = config(t)
	c.Finalists.Count, c.Baselines = 0, nil
	if h := run(t, c); h.TestOpened || len(h.Entries) != 24 {
		t.Errorf("with nothing to test it was opened: %v, with %d trials", h.TestOpened, len(h.Entries))
	}
}

type clumsy struct {
	tester
	broken trial.ID
	err    error
}

func (c *clumsy) Test(ctx context.Context, x trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error) {
	if x.ID == c.broken {
		return nil, nil, c.err
	}
	figures, detail, err := c.tester.Test(ctx, x, r)
	return figures.With(trial.Metric{Name: "loss", Value: math.NaN()}), detail, err
}

func TestATesterThatBreaksIsAskedAgainOnlyForWhatIsMissing(t *testing.T) {
	c := config(t)
	gone := errors.New("the disk is gone")
	broken := &clumsy{broken: 27, err: gone}
	c.Tester = broken
	if _, err := begin(t, c).Run(context.Background()); !errors.Is(err, gone) || !strings.Contains(err.Error(), "trial 27 could not be tested") {
		t.Fatalf("the error is %v", err)
	}
	again := config(t)
	later := &clumsy{broken: -1}
	again.Tester, again.Journal = later, c.Journal
	h := run(t, again)
	for _, e := range h.Entries {
		if times := broken.times[e.Trial.ID] + later.times[e.Trial.ID]; (times == 1) != (e.Test != nil) || times > 1 {
			t.Errorf("trial %d was tested %d times", e.Trial.ID, times)
		}
		if _, there := e.Test.Get("loss"); there {
			t.Errorf("trial %d has a loss that is no number", e.Trial.ID)
		}
	}
}
