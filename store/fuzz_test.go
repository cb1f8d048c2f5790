package store

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// FuzzJournal reads rows from a text, one a line as "kind body". Whatever it says, reading and folding it ends with an event
// or an error, and what reads is written back the same.
func FuzzJournal(f *testing.F) {
	arch := space.NewArch(1, 0)
	metrics := trial.NewMetrics(trial.Metric{Name: "accuracy", Value: 0.5}, trial.Metric{Name: "macs", Value: 10})
	var seed strings.Builder
	for _, b := range []Body{
		StudyStarted{Name: "x", Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}}},
		StageOpened{Stage: Search, Fidelity: trial.Full(1), Window: 1},
		TrialProposed{Trial: trial.Trial{ID: 0, Stage: Search, Arch: arch, Fidelity: trial.Full(1)}, Origin: "random"},
		TrialFinished{trial.Result{Trial: 0, Arch: arch, Status: trial.OK, Metrics: metrics, Curve: []trial.Point{{Amount: 1, Metrics: metrics}}}},
		StageClosed{Stage: Search, Reason: TrialLimit, Trials: 1},
		StageOpened{Stage: Finalists, Fidelity: trial.Full(1), Window: 1, Chosen: []trial.ID{0}, Rule: "best"},
		TestOpened{Trials: []trial.ID{0}},
		TrialTested{Trial: 0, Metrics: metrics, Detail: json.RawMessage(`{"a":1}`)},
		StudyEnded{},
	} {
		content, err := Content(b)
		if err != nil {
			f.Fatal(err)
		}
		seed.WriteString(b.Kind() + " " + string(content) + "\n")
		f.Add(seed.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		var h History
		for line := range strings.Lines(text) {
			kind, body, _ := strings.Cut(line, " ")
			e, err := row{seq: h.Last + 1, kind: kind, body: body}.event()
			if err != nil {
				continue
			}
			written, err := toRow(e)
			if err != nil {
				t.Fatalf("%q reads and cannot be written: %v", line, err)
			}
			again, err := written.event()
			if err != nil {
				t.Fatalf("%q is written as %q, which does not read: %v", line, written.body, err)
			}
			if twice, err := toRow(again); err != nil || twice.body != written.body || twice.kind != kind {
				t.Fatalf("%q is written as %q and then as %q, %v", line, written.body, twice.body, err)
			}
			if h.Apply(e) != nil {
				continue
			}
			h.Totals()
			for _, stage := range []string{Search, Finalists, Baselines} {
				h.Trajectory(stage)
				h.Leaderboard(stage)
				h.Front(stage)
				h.Curves(stage, "accuracy")
			}
		}
	})
}
