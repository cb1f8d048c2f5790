package trial_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

var names = rapid.StringMatching(`[a-z"é\\]{1,4}`)

var archs = rapid.Custom(func(t *rapid.T) space.Arch {
	return space.NewArch(rapid.SliceOfN(rapid.IntRange(0, 1<<20), 0, 6).Draw(t, "choices")...)
})

var metrics = rapid.Custom(func(t *rapid.T) trial.Metrics {
	var ms []trial.Metric
	for range rapid.IntRange(0, 4).Draw(t, "n") {
		ms = append(ms, trial.Metric{Name: names.Draw(t, "name"), Value: rapid.Float64().Draw(t, "value")})
	}
	if len(ms) == 0 {
		return nil
	}
	return trial.NewMetrics(ms...)
})

// anything draws results with every kind of number.
var anything = rapid.Custom(func(t *rapid.T) trial.Result {
	r := trial.Result{
		Trial:    trial.ID(rapid.IntRange(0, 1<<40).Draw(t, "trial")),
		Arch:     archs.Draw(t, "arch"),
		Fidelity: fidelities.Draw(t, "fidelity"),
		Status:   rapid.SampledFrom([]trial.Status{trial.OK, trial.Failed}).Draw(t, "status"),
		Metrics:  metrics.Draw(t, "metrics"),
		Spent: trial.Spent{
			MACs: rapid.Int64Min(0).Draw(t, "macs"), Amount: rapid.IntRange(0, 100).Draw(t, "amount"),
			CPUSeconds: rapid.Float64Range(0, 1e9).Draw(t, "cpu"), WallSeconds: rapid.Float64Range(0, 1e9).Draw(t, "wall"),
		},
	}
	if r.Status == trial.Failed {
		r.Reason = "because"
	}
	if rapid.Bool().Draw(t, "stopped") {
		bar, forecast := rapid.Float64Range(-1, 1).Draw(t, "bar"), rapid.Float64Range(-1, 1).Draw(t, "forecast")
		r.Stopped = &trial.Stop{Rule: "median", Amount: 3, Value: 0.5, Bar: &bar, Forecast: &forecast}
	}
	if rapid.Bool().Draw(t, "derives") {
		a := archs.Draw(t, "derived")
		r.Derived = &a
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "curve") {
		r.Curve = append(r.Curve, trial.Point{Amount: i + 1, Metrics: metrics.Draw(t, "point")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "artifacts") {
		r.Artifacts = append(r.Artifacts, trial.Artifact{
			Name: names.Draw(t, "name"), Kind: trial.CheckpointKind, Path: names.Draw(t, "path"),
			Size: rapid.Int64Min(0).Draw(t, "size"), SHA256: rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "sha256"),
		})
	}
	return r
})

func TestEverySettledResultReadsBackFromItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anything.Draw(t, "result")
		x := trial.Trial{ID: r.Trial, Arch: r.Arch, Fidelity: trial.Full(7)}
		r.Metrics = r.Metrics.With(trial.Metric{Name: "m", Value: rapid.SampledFrom([]float64{1, math.NaN(), math.Inf(1), math.Inf(-1)}).Draw(t, "m")})
		s := r.Settled(x)
		if s.Fidelity != r.Fidelity.Or(trial.Full(7)) {
			t.Fatalf("%v settles as %v", r.Fidelity, s.Fidelity)
		}
		if again := s.Settled(x); !reflect.DeepEqual(s, again) {
			t.Fatalf("settling twice differs from once: %+v and %+v", s, again)
		}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back trial.Result
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(b) {
			t.Fatalf("%s reads back as %s, %v", b, again, err)
		}
		if len(s.Curve) == 0 {
			s.Curve = nil
		}
		if len(s.Metrics) == 0 {
			s.Metrics = nil
		}
		if !reflect.DeepEqual(s, back) {
			t.Fatalf("%+v reads back as %+v", s, back)
		}
	})
}

func TestADivergedResultFailsAndSaysWhere(t *testing.T) {
	nan := math.NaN()
	x := trial.Trial{ID: 4, Arch: space.NewArch(1)}
	fine := trial.NewMetrics(trial.Metric{Name: "loss", Value: 2})
	bad := trial.NewMetrics(trial.Metric{Name: "accuracy", Value: 0.1}, trial.Metric{Name: "loss", Value: nan})
	for _, c := range []struct {
		result trial.Result
		reason string
		curve  int
	}{
		{trial.Result{Status: trial.OK, Metrics: bad}, "diverged: loss was NaN", 0},
		{trial.Result{Status: trial.OK, Metrics: bad, Curve: []trial.Point{{1, fine}, {2, bad}, {3, bad}}}, "diverged: loss was NaN at 2", 1},
		{trial.Result{Status: trial.Failed, Reason: "its own", Metrics: bad, Curve: []trial.Point{{1, bad}}}, "its own", 0},
		{trial.Result{Status: trial.OK, Metrics: fine, Curve: []trial.Point{{1, fine}}}, "", 1},
	} {
		r := c.result.Settled(x)
		if r.Trial != 4 || r.Arch != x.Arch {
			t.Errorf("the settled result is of trial %d, %v", r.Trial, r.Arch)
		}
		if r.Reason != c.reason || (r.Status == trial.OK) != (c.reason == "") || len(r.Curve) != c.curve {
			t.Errorf("status %q, reason %q, %d points; want reason %q and %d points", r.Status, r.Reason, len(r.Curve), c.reason, c.curve)
		}
		if _, there := r.Metrics.Get("loss"); there != (c.reason == "") {
			t.Errorf("the settled metrics are %v", r.Metrics)
		}
	}
}

func TestATrialReadsBackFromItsJSON(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 4, W: 4, C: 1})
	net, err := b.Build(b.Add(network.Dense{Out: 2}, b.Add(network.GlobalAvgPool{}, b.Input())))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []trial.Trial{
		{ID: 3, Stage: "search", Arch: space.NewArch(2, 0, 1), Fidelity: trial.Full(4), Seed: math.MaxUint64},
		{Stage: "finalists", Keep: true},
		{ID: 9, Stage: "baselines", Name: "pool", Network: net, Fidelity: trial.Fidelity{Amount: 2, Data: 0.25, Resolution: 1, Width: 0.5}},
		{
			ID: 12, Stage: "search", Arch: space.NewArch(1), Fidelity: trial.Full(9), Checkpoint: true,
			From: &trial.Checkpoint{Trial: 3, Fidelity: trial.Full(3), Artifact: trial.Artifact{Name: "state", Kind: trial.CheckpointKind, Path: "c/3", Size: 5, SHA256: "ab"}},
			Stop: trial.StoppingRule{Metric: "accuracy", Maximise: true, Bars: []trial.Bar{{Amount: 5, Value: 0.1}}, Patience: 3, Name: "median"},
		},
		{ID: 13, Stage: "search", Fidelity: trial.Full(2), From: &trial.Checkpoint{Trial: 1, Fidelity: trial.Full(1)}},
	} {
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		var back trial.Trial
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if (back.Network == nil) != (x.Network == nil) || x.Network != nil && back.Network.Text() != x.Network.Text() {
			t.Errorf("the network reads back as %v", back.Network)
		}
		back.Network = x.Network
		if !reflect.DeepEqual(back, x) {
			t.Errorf("%+v reads back as %+v", x, back)
		}
	}
	for text, message := range map[string]string{
		`{"id":1,"arch":"","fidelity":"1","seed":"1"}`:                                          "of no stage",
		`{"id":1,"stage":"baselines","arch":"","fidelity":"1","seed":"1","network":"%0 = nix"}`: "does not read back",
		`{"id":1,"stage":"search","arch":"x","fidelity":"1","seed":"1"}`:                        "no architecture",
		`{"id":1,"stage":"search","arch":"","fidelity":"9@data=1","seed":"1"}`:                  "canonical form",
	} {
		var x trial.Trial
		if err := json.Unmarshal([]byte(text), &x); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
}

// The JSON is a file format: a change here needs a new version of the journal.
func TestTheJSONOfAResultIsFixed(t *testing.T) {
	r := trial.Result{
		Trial: 3, Key: 8, Arch: space.NewArch(2, 0), Fidelity: trial.Full(1), Status: trial.OK, Worker: "board", Attempt: 2,
		Metrics:   trial.NewMetrics(trial.Metric{Name: "params", Value: 1e6}, trial.Metric{Name: "accuracy", Value: 0.1}),
		Curve:     []trial.Point{point(1, 0.05)},
		Spent:     trial.Spent{MACs: 12, Amount: 1, CPUSeconds: 0.5, WallSeconds: 2},
		Artifacts: []trial.Artifact{{Name: "weights", Kind: trial.WeightsKind, Path: "w/3", Size: 40, SHA256: "ab"}},
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"trial":3,"arch":"2.0","fidelity":"1","status":"ok","metrics":{"accuracy":0.1,"params":1e+06},"curve":[{"amount":1,"metrics":{"accuracy":0.05}}],` +
		`"spent":{"macs":12,"amount":1,"cpu_seconds":0.5,"wall_seconds":2},"artifacts":[{"name":"weights","kind":"weights","path":"w/3","size":40,"sha256":"ab"}]}`
	if string(b) != want {
		t.Errorf("the JSON is\n%s\nand should be\n%s", b, want)
	}
}
