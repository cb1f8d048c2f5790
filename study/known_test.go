package study_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// deaf is a strategy that cannot learn what is known.
type deaf struct{ search.Strategy }

func TestWhatAnEarlierStudyFoundOutIsNotTriedAgainAndStaysInTheJournal(t *testing.T) {
	earlier := run(t, config(t))
	known := store.PriorStudy{Study: "earlier", Fidelity: trial.Full(2)}
	tried := map[space.Arch]bool{}
	for _, e := range earlier.Of(store.Search) {
		known.Trials++
		known.Results = append(known.Results, trial.Result{Trial: e.Trial.ID, Arch: e.Trial.Arch, Status: e.Result.Status, Reason: e.Result.Reason, Metrics: e.Result.Metrics})
		tried[e.Trial.Arch] = true
	}
	with := func(j store.Journal) scenario {
		c := config(t)
		c.Prior, c.Journal = []store.PriorStudy{known}, j
		return c
	}
	j := new(store.Memory)
	h := run(t, with(j))
	if !reflect.DeepEqual(h.Started.Prior, []store.PriorStudy{known}) {
		t.Error("the journal does not hold what was known")
	}
	for _, e := range h.Of(store.Search) {
		if tried[e.Trial.Arch] {
			t.Errorf("trial %d tries %v again", e.Trial.ID, e.Trial.Arch)
		}
		for _, p := range e.Parents {
			if p >= e.Trial.ID {
				t.Errorf("trial %d has trial %d as a parent", e.Trial.ID, p)
			}
		}
	}
	whole := contents(t, events(t, j))
	for cut := 1; cut < len(whole); cut += 7 { // a study that goes on from anywhere is the same
		part := new(store.Memory)
		if err := part.Append(context.Background(), events(t, j)[:cut]...); err != nil {
			t.Fatal(err)
		}
		run(t, with(part))
		equal(t, whole, contents(t, events(t, part)))
	}
	c := with(new(store.Memory))
	c.Strategy = deaf{c.Strategy}
	if _, err := study.New(c.study()); err == nil || !strings.Contains(err.Error(), "cannot learn") {
		t.Errorf("a strategy that cannot learn what is known gives %v", err)
	}
}
