package main

import (
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

var _ study.Observer = (*progress)(nil)

// watch returns the plain lines that are printed for events, on a clock that goes on by a second with every event.
func watch(t *testing.T, file *spec.File, replayed int, bodies ...store.Body) string {
	t.Helper()
	var out strings.Builder
	feed(newProgress(&out, &spec.Plan{File: file}, true), replayed, bodies...)
	return out.String()
}

func feed(p *progress, replayed int, bodies ...store.Body) {
	now := time.Unix(0, 0)
	p.clock = func() time.Time { return now }
	for i, b := range bodies {
		now = now.Add(time.Second)
		if proposed, ok := b.(store.TrialProposed); ok && i >= replayed {
			p.Began(proposed.Trial)
		}
		p.Recorded(store.Event{Seq: int64(i + 1), Body: b}, i < replayed)
	}
	p.end()
}

func file(trials int, o ...trial.Objective) *spec.File {
	return &spec.File{
		Evaluation: spec.Training{}, Objectives: o,
		Stages: []spec.Stage{{Name: store.Search, Stop: spec.StopConditions{Trials: trials}}},
	}
}

func proposed(id trial.ID, stage string) store.Body {
	return store.TrialProposed{Trial: trial.Trial{ID: id, Stage: stage}}
}

func result(id trial.ID, metrics ...trial.Metric) store.Body {
	return store.TrialFinished{Result: trial.Result{Trial: id, Status: trial.OK, Metrics: trial.NewMetrics(metrics...), Spent: trial.Spent{WallSeconds: 61}}}
}

func metric(name string, x float64) trial.Metric { return trial.Metric{Name: name, Value: x} }

var accuracy = trial.Objective{Metric: "accuracy", Maximise: true}

var begun = store.StudyStarted{
	Objectives: trial.Objectives{accuracy}, Metrics: train.MetricInfos(), Stages: []string{store.Search, store.Finalists, store.Baselines},
}

// searching opens the search, and finishing the stages after it.
var searching = store.StageOpened{Stage: store.Search}

func TestAPlainLineTellsOfTheTrialTheBestAndTheTimeLeft(t *testing.T) {
	got := watch(t, file(3, accuracy), 0, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.5), metric("macs", 1234567), metric("params", 980)),
		proposed(1, store.Search), result(1, metric("accuracy", 0.25), metric("macs", 1e6), metric("params", 1e3)),
		proposed(2, store.Search), store.TrialFinished{Result: trial.Result{Trial: 2, Status: trial.Failed, Reason: "the loss is not finite"}})
	want := `[1/3] trial 0 accuracy 50.00%, 1.23M MACs, 980 params, 1m01s; best accuracy 50.00% (trial 0), 2.0s left
[2/3] trial 1 accuracy 25.00%, 1M MACs, 1k params, 1m01s; best accuracy 50.00% (trial 0), 1.5s left
[3/3] trial 2 failed: the loss is not finite; best accuracy 50.00% (trial 0)
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAnAccuracyOfZeroInTheFirstTrialIsTheBestUntilThereIsABetterOne(t *testing.T) {
	got := watch(t, file(2, accuracy), 0, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0)),
		proposed(1, store.Search), result(1, metric("accuracy", 0)))
	if strings.Count(got, "best accuracy 0.00% (trial 0)") != 2 {
		t.Errorf("the best is not trial 0:\n%s", got)
	}
}

func TestTheSmallestIsTheBestOfAMinimisedObjective(t *testing.T) {
	got := watch(t, file(0, trial.Objective{Metric: "loss"}), 0, begun, searching,
		proposed(0, store.Search), result(0, metric("loss", 2)),
		proposed(1, store.Search), result(1, metric("loss", 1)),
		proposed(2, store.Search), result(2, metric("loss", 3)))
	want := "[1] trial 0 loss 2, 1m01s; best loss 2 (trial 0)\n[2] trial 1 loss 1, 1m01s; best loss 1 (trial 1)\n[3] trial 2 loss 3, 1m01s; best loss 1 (trial 1)\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestATrialThatBreaksAConstraintIsNeverTheBest(t *testing.T) {
	f := file(2, accuracy)
	f.Constraints = trial.Constraints{{Metric: "memory", Bound: 10}}
	got := watch(t, f, 0, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.9), metric("memory", 11)),
		proposed(1, store.Search), result(1, metric("accuracy", 0.1), metric("memory", 10)))
	if strings.Contains(got, "90.00% (trial") || !strings.Contains(got, "best accuracy 10.00% (trial 1)") {
		t.Errorf("the best is not trial 1:\n%s", got)
	}
}

func TestFinalistsAndBaselinesCountAsOneStageWithItsOwnTimeLeft(t *testing.T) {
	f := file(1, accuracy)
	f.Finalists = spec.Finalists{Count: 1, Repeats: 2}
	got := watch(t, f, 0, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.5)),
		store.StageClosed{Stage: store.Search, Reason: store.TrialLimit, Trials: 1}, store.StageOpened{Stage: store.Finalists, Chosen: []trial.ID{0}, Resource: trial.Resource{Name: "epochs"}, Fidelity: trial.Full(3)},
		proposed(1, store.Finalists), proposed(2, store.Finalists), result(1, metric("accuracy", 0.5)), result(2, metric("accuracy", 0.75)),
		store.TestOpened{Trials: []trial.ID{1, 2}})
	want := `[1/1] trial 0 accuracy 50.00%, 1m01s; best accuracy 50.00% (trial 0)
the search is over: 1 trial, as the study file says
finalists: trial 0 (epochs: 3)
[1/2] finalist 1 accuracy 50.00%, 1m01s; 2.0s left
[2/2] finalist 2 accuracy 75.00%, 1m01s
the sealed test set is opened, once
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAResumedStudySaysOnceWhatItsJournalHolds(t *testing.T) {
	got := watch(t, file(3, accuracy), 4, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.5)),
		proposed(1, store.Search), result(1, metric("accuracy", 0.25)))
	want := "the journal holds 1 result already\n[2/3] trial 1 accuracy 25.00%, 1m01s; best accuracy 50.00% (trial 0), 1.0s left\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestACompleteStudySaysSo(t *testing.T) {
	got := watch(t, file(1, accuracy), 6, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.5)), store.StageClosed{Stage: store.Search, Reason: store.TrialLimit, Trials: 1}, store.StudyEnded{})
	if want := "the study is complete; its journal holds 1 result\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTimesArePrintedForPeople(t *testing.T) {
	for s, want := range map[float64]string{0.04: "0.0s", 3.21: "3.2s", 9.97: "10s", 59.7: "1m00s", 125: "2m05s", 3599.7: "1h00m", 4320: "1h12m"} {
		if got := seconds(s); got != want {
			t.Errorf("%v seconds print as %q, want %q", s, got, want)
		}
	}
}

func TestBarsEndWithTheStudyAndKeepWhatWasSaidAboveThem(t *testing.T) {
	f := file(3, accuracy)
	f.Finalists = spec.Finalists{Count: 1, Repeats: 2}
	var out strings.Builder
	p := newProgress(&out, &spec.Plan{File: f}, false)
	p.bars = mpb.New(mpb.WithOutput(&out), mpb.WithWidth(48), mpb.WithAutoRefresh())
	feed(p, 4, begun, searching,
		proposed(0, store.Search), result(0, metric("accuracy", 0.5)),
		proposed(1, store.Search), proposed(2, store.Search), result(1, metric("accuracy", 0.75)),
		store.TrialFinished{Result: trial.Result{Trial: 2, Status: trial.Failed, Reason: "the loss is not finite"}},
		store.StageClosed{Stage: store.Search, Reason: store.TrialLimit, Trials: 3}, store.StageOpened{Stage: store.Finalists, Chosen: []trial.ID{1}, Resource: trial.Resource{Name: "epochs"}, Fidelity: trial.Full(12)},
		proposed(3, store.Finalists), proposed(4, store.Finalists), result(3, metric("accuracy", 0.5))) // and there it is stopped
	for _, want := range []string{"the journal holds 1 result already\n", "trial 2 failed: the loss is not finite\n",
		"the search is over: 3 trials, as the study file says\n", "finalists: trial 1 (epochs: 12)"} {
		if strings.Count(out.String(), want) != 1 {
			t.Errorf("%q is not said once:\n%s", want, out.String())
		}
	}
	for _, want := range []string{"search    3/3", "best accuracy 75.00% (trial 1)", "finals    1/2", "2.0s left"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no bar shows %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "[2/3]") {
		t.Errorf("there are plain lines among the bars:\n%s", out.String())
	}
}
