package study_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// spentUntil sums what the trials before id cost.
func spentUntil(h *store.History, id int) (s trial.Spent) {
	for _, e := range h.Entries[:max(0, id)] {
		s = s.Plus(e.Result.Spent)
	}
	return s
}

func TestLimitsFallWhereTheToldResultsReachThem(t *testing.T) {
	type limit struct {
		stop    study.StopConditions
		reason  store.Reason
		reached func(trial.Spent) bool
	}
	var limits []limit
	for n := range 12 {
		macs, epochs := int64(5000+400*n), 13+3*n
		limits = append(limits,
			limit{study.StopConditions{MACs: macs}, store.MACLimit, func(s trial.Spent) bool { return s.MACs >= macs }},
			limit{study.StopConditions{Amount: epochs}, store.ResourceLimit, func(s trial.Spent) bool { return s.Amount >= epochs }})
	}
	for _, c := range limits {
		var want []string
		for _, workers := range []int{1, 4} {
			cfg := config(t)
			cfg.Stop, cfg.Workers = c.stop, workers
			h := run(t, cfg)
			n := len(h.Of(store.Search))
			if closed(h, store.Search) != c.reason {
				t.Errorf("closed by %q and not %q", closed(h, store.Search), c.reason)
			}
			// Trial n was not asked for, since results 0…n−4 reach the limit; trial n−1 was.
			if !c.reached(spentUntil(h, n-3)) || c.reached(spentUntil(h, n-4)) {
				t.Errorf("%q after %d trials that cost %+v", c.reason, n, spentUntil(h, n))
			}
			if want == nil {
				want = contents(t, events(t, cfg.Journal))
			}
			equal(t, want, contents(t, events(t, cfg.Journal)))
		}
	}
}

// slowClock advances by a second whenever it is read.
func slowClock(begin time.Time) func() time.Time {
	var ticks atomic.Int64
	return func() time.Time { return begin.Add(time.Duration(ticks.Add(1)) * time.Second) }
}

func TestTheWallTimeLimitIsOfActiveTimeAndItsPlaceIsRemembered(t *testing.T) {
	c := config(t)
	c.Stop = study.StopConditions{Wall: 50 * time.Second}
	c.Clock = slowClock(time.Unix(0, 0))
	h := run(t, c)
	n := len(h.Of(store.Search))
	if closed(h, store.Search) != store.WallLimit || n == 0 || n > 25 {
		t.Fatalf("closed by %q after %d trials", closed(h, store.Search), n)
	}
	all := events(t, c.Journal)

	// Every prefix goes on to an end, however the clock of the later run goes; from the closing on it is the same end.
	over := false
	for cut, e := range all {
		if _, ok := e.Body.(store.StageClosed); ok {
			over = true
		}
		d := config(t)
		d.Stop = c.Stop
		d.Journal = new(store.Memory)
		d.Clock = slowClock(time.Unix(1e9, 0)) // years later, which do not count
		if err := d.Journal.Append(context.Background(), all[:cut+1]...); err != nil {
			t.Fatal(err)
		}
		again := run(t, d)
		if over {
			equal(t, contents(t, all), contents(t, events(t, d.Journal)))
		} else if m := len(again.Of(store.Search)); closed(again, store.Search) != store.WallLimit || m > 60 {
			t.Errorf("cut after %d events it was closed by %q after %d trials", cut+1, closed(again, store.Search), m)
		}
		if again.Elapsed < h.Elapsed && over {
			t.Errorf("active time went back from %v to %v", h.Elapsed, again.Elapsed)
		}
	}
}

func TestWithoutALimitTheWholeSpaceIsSearched(t *testing.T) {
	c := config(t)
	c.Stop = study.StopConditions{}
	c.Strategy = &short{left: 10, Strategy: c.Strategy}
	if h := run(t, c); closed(h, store.Search) != store.Exhausted || len(h.Of(store.Search)) != 10 {
		t.Errorf("closed by %q after %d trials", closed(h, store.Search), len(h.Of(store.Search)))
	}
}

// short is done early.
type short struct {
	left int
	search.Strategy
}

func (s *short) Ask(n int) ([]trial.Proposal, search.State) {
	if s.left == 0 {
		return nil, search.Done
	}
	s.left--
	return s.Strategy.Ask(n)
}
