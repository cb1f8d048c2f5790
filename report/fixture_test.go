package report_test

import (
	"testing"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

var objectives = trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}}

// hostile is text that must not come through as HTML.
const hostile = `<script>alert("&amp;")</script>`

// ways is a space of two decisions with three options each.
func ways(t testing.TB) *space.Space {
	t.Helper()
	s, err := space.ParseFile("ways.yaml", []byte(`
input: 8x8x1
classes: 2
body:
  - choice: {name: first-op, options: {k3: {conv: {out: 4}}, k5: {conv: {out: 4, kernel: 5}}, skip: identity}}
  - choice: {name: second-op, options: {a: identity, '<script>alert("&amp;")</script>': norm, c: {conv: {out: 3}}}}
  - head
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// story is a history in the making.
type story struct {
	t testing.TB
	h store.History
	n int
}

func begin(t testing.TB) *story {
	s := &story{t: t}
	s.add(store.StudyStarted{
		Name: "story", Version: "v0.0.0", Study: "trellis: 1\nname: story # " + hostile + "\n", Space: "ways", Seed: 1 << 63,
		Data:       store.Dataset{Hash: "00ff", Input: "8x8x1", Classes: []string{"cat", "dog"}, Train: 10, Validation: 4, Test: 4},
		Objectives: objectives, Rates: trial.Rates{CPUHour: 3600, Currency: "<b>EUR"},
		Stages:  []string{store.Search, store.Finalists, store.Baselines},
		Metrics: append(trial.MetricInfos{{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent}}, trial.CostInfos()...),
	}, store.StageOpened{Stage: store.Search, Fidelity: trial.Full(3), Resource: trial.Resource{Name: "epochs", Full: 3}, Window: 1})
	return s
}

func (s *story) add(bodies ...store.Body) {
	s.t.Helper()
	for _, b := range bodies {
		e := store.Event{Seq: s.h.Last + 1, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Body: b}
		if err := s.h.Apply(e); err != nil {
			s.t.Fatal(err)
		}
	}
}

// train adds a trial and its result: accuracy on validation and MACs. An accuracy below 0 is a failure.
func (s *story) train(p store.TrialProposed, accuracy, macs float64) trial.ID {
	s.t.Helper()
	p.Trial.ID = trial.ID(s.n)
	s.n++
	r := trial.Result{Trial: p.Trial.ID, Arch: p.Trial.Arch, Status: trial.OK, Spent: trial.Spent{MACs: 1000, CPUSeconds: 2, Amount: 3}, Worker: "vm"}
	if accuracy < 0 {
		r.Status, r.Reason = trial.Failed, "the loss is not finite"
	} else {
		r.Metrics = trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy}, trial.Metric{Name: "macs", Value: macs},
			trial.Metric{Name: "params", Value: macs / 10})
		for i := range 3 {
			r.Curve = append(r.Curve, trial.Point{Amount: i + 1, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy * float64(i+1) / 3})})
		}
	}
	s.add(p, store.TrialFinished{Result: r})
	return p.Trial.ID
}

func (s *story) search(accuracy, macs float64, choices ...int) trial.ID {
	s.t.Helper()
	return s.train(store.TrialProposed{Trial: trial.Trial{Stage: store.Search, Arch: space.NewArch(choices...)}, Origin: "random"}, accuracy, macs)
}

// finals closes the search and names the finalists.
func (s *story) finals(of ...trial.ID) {
	s.t.Helper()
	s.add(
		store.StageClosed{Stage: store.Search, Reason: store.TrialLimit, Trials: s.n},
		store.StageOpened{Stage: store.Finalists, Fidelity: trial.Full(3), Resource: trial.Resource{Name: "epochs", Full: 3}, Window: 1, Chosen: of},
		store.StageOpened{Stage: store.Baselines, Fidelity: trial.Full(3), Resource: trial.Resource{Name: "epochs", Full: 3}, Window: 1},
	)
}

func (s *story) finalist(of trial.ID, accuracy, macs float64) trial.ID {
	s.t.Helper()
	return s.train(store.TrialProposed{Trial: trial.Trial{Stage: store.Finalists, Arch: s.h.Entries[of].Trial.Arch}, Origin: "finalist", Parents: []trial.ID{of}}, accuracy, macs)
}

func (s *story) baseline(name string, accuracy, macs float64) trial.ID {
	s.t.Helper()
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 1})
	g, err := b.Build(b.Input())
	if err != nil {
		s.t.Fatal(err)
	}
	return s.train(store.TrialProposed{Trial: trial.Trial{Stage: store.Baselines, Name: name, Network: g}, Origin: "baseline"}, accuracy, macs)
}

// test opens the test set, for trials and their accuracies in turn.
func (s *story) test(ids []trial.ID, accuracies ...float64) {
	s.t.Helper()
	s.add(store.TestOpened{Trials: ids})
	for i, a := range accuracies {
		s.add(store.TrialTested{Trial: ids[i], Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: a})})
	}
}
