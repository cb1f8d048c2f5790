package search

import (
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// historyOf returns a history of a loss to minimise.
func historyOf(constraints ...trial.Constraint) history {
	return newHistory(Problem{Region: nowhere{}, Objectives: trial.Objectives{{Metric: "loss"}}, Constraints: constraints})
}

// lossOf returns the result of a proposal, failed if the loss is below 0.
func lossOf(key trial.Key, loss float64) trial.Result {
	r := trial.Result{Key: key, Arch: space.NewArch(int(key)), Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "loss", Value: loss})}
	if loss < 0 {
		r.Status = trial.Failed
	}
	return r
}

func TestResultsSinceTheBestAreThoseAskedForAfterIt(t *testing.T) {
	h := historyOf()
	for key := range trial.Key(6) {
		h.propose(observation{key: key + 1, arch: space.NewArch(int(key) + 1)})
	}
	for i, step := range []struct {
		key  trial.Key
		loss float64 // below 0: it failed
		want int
	}{
		{1, -1, 1}, // nothing has succeeded
		{3, 5, 0},
		{2, 7, 0}, // asked for before
		{5, 6, 1},
		{6, -1, 2}, // 4 is under way and does not count
		{4, 4, 2},
	} {
		if h.tell(lossOf(step.key, step.loss)); h.sinceBest() != step.want {
			t.Errorf("step %d: %d results since the best, want %d", i, h.sinceBest(), step.want)
		}
	}
}

func TestAResultThatWasNotAskedForSettlesNoProposal(t *testing.T) {
	h := historyOf()
	h.propose(observation{key: 1, arch: space.NewArch(1)})
	h.propose(observation{key: 2, arch: space.NewArch(2)})
	foreign := lossOf(2, 0.5)
	at := h.observe(foreign)
	if o := h.all[at]; at != 2 || o.key != 0 || o.status != succeeded || parents(o, h.all[0]) == nil || len(parents(o, h.all[0])) != 1 {
		t.Errorf("what was observed is %+v at %d", o, at)
	}
	if h.all[1].status != pending || len(h.pending) != 2 {
		t.Errorf("proposal 2 is %+v, and %d are pending", h.all[1], len(h.pending))
	}
	if at := h.tell(lossOf(2, 0.25)); at != 1 || h.all[1].objectives[0] != 0.25 || len(h.pending) != 1 {
		t.Errorf("the result of proposal 2 is at %d, and %d are pending", at, len(h.pending))
	}
	if h.results != 2 || h.success != 2 || h.archs != 1 {
		t.Errorf("%d results, %d successful, of %d architectures", h.results, h.success, h.archs)
	}
}

func TestASuccessIsNotForgottenForALaterFailure(t *testing.T) {
	h := historyOf()
	h.tell(lossOf(1, -1))
	if _, ok := h.successOf(space.NewArch(1)); ok {
		t.Error("a failure is a success")
	}
	h.observe(lossOf(1, 3))
	h.observe(lossOf(1, -1))
	if o, ok := h.successOf(space.NewArch(1)); !ok || o.objectives[0] != 3 {
		t.Errorf("the success is %+v", o)
	}
	h.observe(lossOf(1, 4))
	if o, _ := h.successOf(space.NewArch(1)); o.objectives[0] != 4 || h.archs != 1 {
		t.Errorf("the latest success is %+v, of %d architectures", o, h.archs)
	}
}

func TestScoresPutWhatIsFeasibleFirstAndFailuresLast(t *testing.T) {
	h := historyOf(trial.Constraint{Metric: "size", Bound: 10}, trial.Constraint{Metric: "speed", Bound: 2, AtLeast: true})
	add := func(loss, size, speed float64) {
		r := lossOf(trial.Key(len(h.all)+1), loss)
		r.Metrics = r.Metrics.With(trial.Metric{Name: "size", Value: size}, trial.Metric{Name: "speed", Value: speed})
		h.tell(r)
	}
	add(3, 10, 2)
	add(0, 20, 2)                  // breaks a constraint
	add(-1, 1, 9)                  // failed
	add(1, 5, 2)                   // the best
	add(0, 11, 2)                  // breaks it by less
	h.tell(lossOf(6, 0))           // lacks the metrics of the constraints
	h.propose(observation{key: 7}) // under way
	scores := h.scores()
	if !math.IsNaN(scores[6]) || len(measured(scores)) != 6 {
		t.Errorf("the scores are %v", scores)
	}
	if best := h.best(9); !slices.Equal(best, []int{3, 0, 4, 1, 5}) || !(scores[5] > scores[2]) {
		t.Errorf("the best are %v, of scores %v", best, scores)
	}
	if got := h.all[4].excess; !slices.Equal(got, []float64{1, 0}) {
		t.Errorf("the excess over the bounds is %v", got)
	}
	if front := h.front(); !slices.Equal(front, []int{3}) || !h.extendsFront(3) || h.extendsFront(0) || h.extendsFront(1) {
		t.Errorf("the front is %v", front)
	}
}

func TestProgressIsWhatNothingBeforeWasAsGoodAs(t *testing.T) {
	var p progress
	for i, c := range []struct {
		objectives []float64
		violation  float64
		since      int
	}{
		{[]float64{5, 5}, 1, 0},
		{[]float64{4, 6}, 1, 0}, // better in one
		{[]float64{5, 5}, 1, 1}, // as good
		{nil, 0, 2},             // failed
		{[]float64{9, 9}, 0, 0}, // keeps the constraints
		{[]float64{1, 1}, 1, 1}, // breaks them
		{[]float64{9, 9}, 0, 2},
		{[]float64{8, 9}, 0, 0},
	} {
		p.told(c.objectives, c.violation)
		if p.since != c.since {
			t.Errorf("after result %d it has been %d, want %d", i, p.since, c.since)
		}
	}
}
