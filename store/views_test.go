package store_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// history folds a study of search trials with the given accuracies and costs; a NaN accuracy is a failed trial, and an
// infinite one is still running.
func history(t testing.TB, points ...[2]float64) *store.History {
	t.Helper()
	h := new(store.History)
	seq := int64(0)
	apply := func(b store.Body) {
		t.Helper()
		seq++
		if err := h.Apply(store.Event{Seq: seq, Elapsed: time.Duration(seq) * time.Second, Body: b}); err != nil {
			t.Fatal(err)
		}
	}
	apply(store.StudyStarted{
		Objectives:  trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}},
		Constraints: trial.Constraints{{Metric: "cost", Bound: 10}},
		Rates:       trial.Rates{CPUHour: 3600},
	})
	apply(store.StageOpened{Stage: store.Search})
	for i, p := range points {
		x := trial.Trial{ID: trial.ID(i), Stage: store.Search}
		apply(store.TrialProposed{Trial: x})
		r := trial.Fail(x, "diverged")
		if !math.IsNaN(p[0]) {
			r = trial.Result{Trial: x.ID, Status: trial.OK, Metrics: trial.NewMetrics(
				trial.Metric{Name: "accuracy", Value: p[0]}, trial.Metric{Name: "cost", Value: p[1]})}
			r.Curve = []trial.Point{{Amount: 1, Metrics: r.Metrics}}
		}
		r.Spent = trial.Spent{MACs: 10, CPUSeconds: 2}
		if !math.IsInf(p[0], 0) {
			apply(store.TrialFinished{Result: r})
		}
	}
	return h
}

func ids[E interface{ store.Entry | store.Placed }](entries []E) []trial.ID {
	var out []trial.ID
	for _, e := range entries {
		switch e := any(e).(type) {
		case store.Entry:
			out = append(out, e.Trial.ID)
		case store.Placed:
			out = append(out, e.Trial.ID)
		}
	}
	return out
}

var nan, running = math.NaN(), math.Inf(1)

func TestTheLeaderboardGoesByViolationFrontAndObjectives(t *testing.T) {
	h := history(t,
		[2]float64{0.5, 3}, // dominated by 1
		[2]float64{0.8, 2}, // front
		[2]float64{nan, 0},
		[2]float64{0.9, 9},      // front
		[2]float64{0.99, 20},    // infeasible by 1
		[2]float64{0.6, 2},      // dominated by 1, front of the second rank with 0 no: dominates 0
		[2]float64{0.98, 15},    // infeasible by 0.5
		[2]float64{running, 0},  // no result yet
		[2]float64{0.8, 2},      // equal to 1
		[2]float64{0.1, 0.0625}, // front
	)
	board := h.Leaderboard(store.Search)
	if got := ids(board); !slices.Equal(got, []trial.ID{3, 1, 8, 9, 5, 0, 6, 4}) {
		t.Errorf("the leaderboard is %v", got)
	}
	for i, want := range []struct {
		rank      int
		violation float64
	}{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 0}, {2, 0}, {0, 0.5}, {0, 1}} {
		if board[i].Violation != want.violation || want.violation == 0 && board[i].Rank != want.rank {
			t.Errorf("place %d has rank %d and violation %v", i, board[i].Rank, board[i].Violation)
		}
	}
	if got := ids(h.Front(store.Search)); !slices.Equal(got, []trial.ID{3, 1, 8, 9}) {
		t.Errorf("the front is %v", got)
	}
	if got := h.Front(store.Finalists); got != nil {
		t.Errorf("the front of no finalists is %v", got)
	}
}

func TestTotalsCountAndSum(t *testing.T) {
	h := history(t, [2]float64{0.5, 3}, [2]float64{nan, 0}, [2]float64{running, 0}, [2]float64{0.5, 3})
	got := h.Totals()
	want := store.Tally{OK: 2, Failed: 1, Running: 1, Spent: trial.Spent{MACs: 30, CPUSeconds: 6}, Money: 6}
	if got.Of(store.Search) != want || got.All != want || got.Of(store.Finalists) != (store.Tally{}) {
		t.Errorf("the totals are %+v", got)
	}
	var complete store.History
	for _, e := range conform.Events(t) {
		if err := complete.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	all := complete.Totals()
	if all.Of(store.Search).OK != 1 || all.Of(store.Search).Failed != 1 || all.Of(store.Finalists).OK != 1 || all.Of(store.Baselines).OK != 1 || all.All.OK != 3 || all.All.Running != 0 {
		t.Errorf("the totals are %+v", all)
	}
	if seconds := all.All.Spent.CPUSeconds; seconds != 3.75 || math.Abs(all.All.Money-seconds*0.05/3600) > 1e-15 {
		t.Errorf("%v CPU seconds cost %v", seconds, all.All.Money)
	}
}

func TestProgressKeepsTheBestAndTheHypervolume(t *testing.T) {
	h := history(t, [2]float64{nan, 0}, [2]float64{0.5, 10}, [2]float64{0.9, 20}, [2]float64{0.75, 8}, [2]float64{0.5, 2}, [2]float64{0.6, 9})
	steps := h.Trajectory(store.Search)
	// The worst values of feasible trials are 0.5 and 10, the best 0.75 and 2: a box of 0.25 × 8.
	for i, want := range []struct {
		found  bool
		best   trial.ID
		value  float64
		volume float64
	}{{false, 0, 0, 0}, {true, 1, 0.5, 0}, {true, 1, 0.5, 0}, {true, 3, 0.75, 0.25}, {true, 3, 0.75, 0.25}, {true, 3, 0.75, 0.25}} {
		s := steps[i]
		if s.Trial != trial.ID(i) || s.Found != want.found || s.Best != want.best || s.BestValue != want.value || math.Abs(s.Hypervolume-want.volume) > 1e-12 {
			t.Errorf("step %d is %+v and should be %+v", i, s, want)
		}
		if s.Spent.MACs != int64(10*(i+1)) || s.Elapsed != time.Duration(2*i+4)*time.Second {
			t.Errorf("step %d has spent %+v in %v", i, s.Spent, s.Elapsed)
		}
	}
	if steps := history(t, [2]float64{nan, 0}, [2]float64{0.5, 11}).Trajectory(store.Search); len(steps) != 2 || steps[1].Found || steps[1].Hypervolume != 0 {
		t.Errorf("without a feasible trial the steps are %+v", steps)
	}
}

func TestViewsAgreeWithTheirDefinitions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var points [][2]float64
		for range rapid.IntRange(0, 25).Draw(rt, "n") {
			points = append(points, [2]float64{float64(rapid.IntRange(0, 5).Draw(rt, "accuracy")), float64(rapid.IntRange(5, 12).Draw(rt, "cost"))})
		}
		h := history(t, points...)
		var vectors [][]float64
		var feasible []trial.ID
		for i, p := range points {
			if p[1] <= 10 {
				vectors = append(vectors, []float64{-p[0], p[1]})
				feasible = append(feasible, trial.ID(i))
			}
		}
		var want []trial.ID
		for _, i := range pareto.Front(vectors) {
			want = append(want, feasible[i])
		}
		front := ids(h.Front(store.Search))
		slices.Sort(front)
		if !slices.Equal(front, want) {
			rt.Fatalf("the front is %v and should be %v", front, want)
		}
		if board := h.Leaderboard(store.Search); len(board) != len(points) {
			rt.Fatalf("%d of %d trials are on the leaderboard", len(board), len(points))
		}
		steps := h.Trajectory(store.Search)
		for i := 1; i < len(steps); i++ {
			if steps[i].Hypervolume < steps[i-1].Hypervolume-1e-12 || steps[i].Found && steps[i-1].Found && steps[i].BestValue < steps[i-1].BestValue {
				rt.Fatalf("progress goes back: %+v, %+v", steps[i-1], steps[i])
			}
		}
	})
}

func TestContentsLeaveOutWhatDiffersFromRunToRun(t *testing.T) {
	for _, e := range conform.Events(t) {
		text, err := store.Content(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "seconds") || strings.Contains(string(text), "höst") {
			t.Errorf("the content of a %s holds seconds or a worker: %s", e.Body.Kind(), text)
		}
	}
}

func TestCurvesAreOfOneMetric(t *testing.T) {
	h := history(t, [2]float64{0.5, 3}, [2]float64{nan, 0}, [2]float64{0.7, 4})
	curves := h.Curves(store.Search, "cost")
	if len(curves) != 2 || curves[1].Trial != 2 || !slices.Equal(curves[1].Values, []float64{4}) || !slices.Equal(curves[1].Amounts, []int{1}) {
		t.Errorf("the curves are %+v", curves)
	}
	if curves := h.Curves(store.Search, "loss"); curves != nil {
		t.Errorf("there are curves of a metric that nobody reported: %+v", curves)
	}
}

func TestAHistoryHoldsAllThatAJournalSays(t *testing.T) {
	var h store.History
	all := conform.Events(t)
	for _, e := range all {
		if err := h.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	search, _ := h.Stage(store.Search)
	finalists, _ := h.Stage(store.Finalists)
	if !h.Ended || search.Closed != store.TrialLimit || len(h.Stages) != 3 || !slices.Equal(finalists.Chosen, []trial.ID{0}) || !slices.Equal(h.Tested, []trial.ID{2, 3}) {
		t.Errorf("the history is %+v", h)
	}
	if h.Elapsed != 17*time.Millisecond || h.Last != 18 || h.Started.Study == "" || !h.StartedAt.Equal(all[0].At) {
		t.Errorf("the history is %+v", h)
	}
	final := h.Entries[2]
	if !final.OK() || final.Result.Worker != "höst" || final.Test == nil || len(final.TestDetail) == 0 || h.Entries[0].Test != nil || h.Entries[1].OK() {
		t.Errorf("the entries are %+v", h.Entries)
	}
}

func TestAnEventThatCannotFollowIsRefused(t *testing.T) {
	all := conform.Events(t)
	for name, c := range map[string]struct {
		after int // events that stand
		next  store.Body
	}{
		"an event before the start":           {0, all[1].Body},
		"a second start":                      {3, all[0].Body},
		"a stage opened twice":                {2, all[1].Body},
		"a trial before its stage":            {1, all[2].Body},
		"a trial out of order":                {3, all[2].Body},
		"a result of no trial":                {4, store.TrialFinished{Result: trial.Result{Trial: 9}}},
		"a result of a negative trial":        {4, store.TrialFinished{Result: trial.Result{Trial: -1}}},
		"a second result":                     {5, all[4].Body},
		"a trial after its stage was closed":  {6, store.TrialProposed{Trial: trial.Trial{ID: 2, Stage: store.Search}}},
		"a stage closed twice":                {6, all[5].Body},
		"a stage closed that was not opened":  {6, store.StageClosed{Stage: "screening"}},
		"a stage that chose an unknown trial": {7, store.StageOpened{Stage: store.Finalists, Chosen: []trial.ID{5}}},
		"going on from no trial":              {8, store.TrialProposed{Trial: trial.Trial{ID: 2, Stage: store.Finalists, From: &trial.Checkpoint{Trial: 7}}}},
		"going on from a failed trial":        {8, store.TrialProposed{Trial: trial.Trial{ID: 2, Stage: store.Finalists, From: &trial.Checkpoint{Trial: 1}}}},
		"a test before the set is opened":     {14, all[15].Body},
		"a start without objectives":          {0, store.StudyStarted{}},
		"a child of no trial":                 {4, store.TrialProposed{Trial: trial.Trial{ID: 2, Stage: store.Search}, Parents: []trial.ID{2}}},
		"an opening for no trial":             {14, store.TestOpened{Trials: []trial.ID{4}}},
		"a second opening":                    {15, all[14].Body},
		"a second test of a trial":            {16, all[15].Body},
		"a test of no trial":                  {15, store.TrialTested{Trial: 8}},
		"anything after the end":              {18, store.StageClosed{}},
	} {
		var h store.History
		for _, e := range all[:c.after] {
			if err := h.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Apply(store.Event{Seq: h.Last + 1, Body: c.next}); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if err := h.Apply(store.Event{Seq: h.Last + 2, Body: store.StudyEnded{}}); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("a gap: the error is %v", err)
		}
	}
}

func TestResultsAreComparedWithinAFidelity(t *testing.T) {
	h := new(store.History)
	bodies := []store.Body{
		store.StudyStarted{Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}}},
		store.StageOpened{Stage: store.Search, Fidelity: trial.Full(9)},
	}
	for i, x := range []struct {
		amount   int
		accuracy float64
	}{{1, 0.99}, {9, 0.5}, {3, 0.9}, {9, 0.6}, {1, 0.2}} {
		of := trial.Trial{ID: trial.ID(i), Stage: store.Search, Fidelity: trial.Full(x.amount)}
		r := trial.Result{Trial: of.ID, Fidelity: of.Fidelity, Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: x.accuracy})}
		bodies = append(bodies, store.TrialProposed{Trial: of}, store.TrialFinished{Result: r})
	}
	for i, b := range bodies {
		if err := h.Apply(store.Event{Seq: int64(i + 1), Body: b}); err != nil {
			t.Fatal(err)
		}
	}
	if got := ids(h.Leaderboard(store.Search)); !slices.Equal(got, []trial.ID{3, 1, 2, 0, 4}) {
		t.Errorf("the leaderboard is %v", got)
	}
	if got := ids(h.Front(store.Search)); !slices.Equal(got, []trial.ID{3}) {
		t.Errorf("the front is %v: a result at a low fidelity beats one at the full", got)
	}
	if got := h.Fidelities(store.Search); !slices.Equal(got, []trial.Fidelity{trial.Full(9), trial.Full(3), trial.Full(1)}) {
		t.Errorf("the fidelities are %v", got)
	}
	steps := h.Trajectory(store.Search)
	if len(steps) != 5 || steps[0].Found || steps[4].Best != 3 || steps[4].BestValue != 0.6 {
		t.Errorf("the trajectory is %+v", steps)
	}
}
