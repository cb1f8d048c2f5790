package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/trial"
)

func TestAProgramSaysWhatItCan(t *testing.T) {
	e := open(t, config(t, "good"))
	if d := e.Describe(); d.Kind != "process" || d.Resumes || d.Metrics.Has("accuracy") {
		t.Errorf("before its start it is described as %+v", d)
	}
	d, err := e.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if d.Resource != (trial.Resource{Name: "epochs", Full: 4}) || !d.Resumes || !e.Tests() {
		t.Errorf("the description is %+v", d)
	}
	if got := strings.Join(d.Metrics.Names(), " "); got != "accuracy params macs memory" {
		t.Errorf("the metrics are %s", got)
	}
	if again, err := e.Start(context.Background()); err != nil || !reflect.DeepEqual(again, d) || !reflect.DeepEqual(e.Describe(), d) {
		t.Errorf("then %+v, %v", again, err)
	}
}

func TestATrialIsAnsweredByTheProgram(t *testing.T) {
	c := config(t, "good")
	e := open(t, c)
	for _, x := range trials(t, 3) {
		var shares []float64
		r, err := e.Evaluate(context.Background(), x, func(p trial.Progress) { shares = append(shares, p.Share) })
		if err != nil {
			t.Fatal(err)
		}
		g, err := c.Space.Network(x.Arch)
		if err != nil {
			t.Fatal(err)
		}
		var want float64
		for amount := 1; amount <= 4; amount++ {
			want += quality(decisions(c.Space, x.Arch), x.Seed, amount)
			if p := r.Curve[amount-1]; p.Amount != amount || p.Metrics[0].Value != want {
				t.Errorf("trial %d: point %d of the curve is %+v, want %v", x.ID, amount, p, want)
			}
		}
		if r.Status != trial.OK || !reflect.DeepEqual(r.Metrics, trial.Costs(g).With(trial.Metric{Name: "accuracy", Value: want})) {
			t.Errorf("trial %d: %+v", x.ID, r)
		}
		if r.Spent.Timeless() != (trial.Spent{MACs: 40, Amount: 4}) || r.Spent.CPUSeconds != 0.25 || r.Spent.WallSeconds == 0 {
			t.Errorf("trial %d cost %+v", x.ID, r.Spent)
		}
		if r.Worker != "process-1" || r.Attempt != 1 || r.Fidelity != trial.Full(4) {
			t.Errorf("trial %d: worker %q, attempt %d, fidelity %v", x.ID, r.Worker, r.Attempt, r.Fidelity)
		}
		if !reflect.DeepEqual(shares, []float64{0.25, 0.5, 0.75, 1}) {
			t.Errorf("the shares reported are %v", shares)
		}
		alike(t, r, r.Settled(x))
	}
}

func TestATrialWithoutAFidelityGetsTheFullAmount(t *testing.T) {
	c := config(t, "good")
	c.Resource.Full = 3
	e := open(t, c)
	x := one(t)
	x.Fidelity = trial.Fidelity{}
	if r := evaluate(t, e, x); r.Fidelity != trial.Full(3) || len(r.Curve) != 3 {
		t.Errorf("%+v", r)
	}
	x.Fidelity = trial.Full(4)
	want := "is to get the amount 4, and the full one is 3"
	if _, err := e.Evaluate(context.Background(), x, trial.Silent); !errors.Is(err, trial.ErrUnrepeatable) || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v", err)
	}
	x.Fidelity = trial.Fidelity{Amount: 2, Data: 0.5, Resolution: 1, Width: 0.5}
	want = "asks for the fidelity 2@data=0.5,width=0.5, and the program does not say that it can reduce the width"
	if _, err := e.Evaluate(context.Background(), x, trial.Silent); !errors.Is(err, trial.ErrUnrepeatable) || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v", err)
	}
}

func TestAsManyProgramsRunAsThereAreWorkersAndEachServesManyTrials(t *testing.T) {
	c := config(t, "good")
	c.Workers = 3
	e, alone := open(t, c), open(t, config(t, "good"))
	xs := trials(t, 12)
	results := make([]trial.Result, len(xs))
	var all sync.WaitGroup
	for i, x := range xs {
		all.Go(func() {
			r, err := e.Evaluate(context.Background(), x, trial.Silent)
			if err != nil {
				t.Error(err)
			}
			results[i] = r
		})
	}
	all.Wait()
	workers := map[string]bool{}
	for i, x := range xs {
		alike(t, results[i], evaluate(t, alone, x))
		workers[results[i].Worker] = true
	}
	if len(workers) > 3 {
		t.Errorf("the workers were %v", workers)
	}
}

func TestANetworkByNameHasNoDecisions(t *testing.T) {
	e := open(t, config(t, "good"))
	g, err := network.LeNet5(network.Shape{H: 28, W: 28, C: 1}, 10)
	if err != nil {
		t.Fatal(err)
	}
	r := evaluate(t, e, trial.Trial{ID: 7, Stage: "baselines", Name: "lenet5", Network: g, Fidelity: trial.Full(1)})
	if params, _ := r.Metrics.Get(trial.Params); params != float64(g.Cost().Params) {
		t.Errorf("%+v", r)
	}
}

func TestANetworkThatCannotBeBuiltFailsItsTrial(t *testing.T) {
	c := config(t, "good")
	c.Build = func(trial.Trial) (*network.Graph, error) { return nil, errors.New("too deep") }
	if r := evaluate(t, open(t, c), one(t)); r.Status != trial.Failed || r.Reason != "the network cannot be built: too deep" {
		t.Errorf("%+v", r)
	}
}

func TestATrialGoesOnFromItsCheckpoint(t *testing.T) {
	c := config(t, "good")
	e := open(t, c)
	whole, first := one(t), one(t)
	whole.Checkpoint, whole.Keep = true, true
	first.ID, first.Fidelity, first.Checkpoint = 1, trial.Full(2), true
	want := evaluate(t, e, whole)
	a, ok := evaluate(t, e, first).Artifact(trial.CheckpointKind)
	if !ok || a.Path != "checkpoints/trial-1/checkpoint.txt" || a.Size == 0 || len(a.SHA256) != 64 {
		t.Fatalf("the checkpoint is %+v", a)
	}
	if err := os.Remove(diary(c)); err != nil {
		t.Fatal(err)
	}
	rest := whole
	rest.From = &trial.Checkpoint{Trial: 1, Fidelity: trial.Full(2), Artifact: a}
	got := evaluate(t, e, rest)
	if got.Spent.Timeless() != (trial.Spent{MACs: 20, Amount: 2}) {
		t.Errorf("going on cost %+v", got.Spent)
	}
	got.Spent = want.Spent
	alike(t, got, want)

	damaged := a
	damaged.SHA256 = strings.Repeat("0", 64)
	rest.From.Artifact = damaged
	alike(t, evaluate(t, e, rest), want)
	if err := os.Remove(at(c, a.Path)); err != nil {
		t.Fatal(err)
	}
	rest.From.Artifact = a
	alike(t, evaluate(t, e, rest), want)
	if text, _ := os.ReadFile(diary(c)); string(text) != "trial 0 from 2\ntrial 0 from 0\ntrial 0 from 0\n" {
		t.Errorf("the program was told: %s", text)
	}
}

func TestAStoppingRuleEndsATrialAndNothingDependsOnWhenTheProgramHears(t *testing.T) {
	var results []trial.Result
	for _, role := range []string{"good", "stubborn"} {
		c := config(t, role)
		c.Grace = 100 * time.Millisecond
		e := open(t, c)
		x := one(t)
		x.Keep = true
		x.Stop = trial.StoppingRule{Name: "median", Metric: "accuracy", Maximise: true, Bars: []trial.Bar{{Amount: 2, Value: 100}}}
		r := evaluate(t, e, x)
		if r.Stopped == nil || r.Stopped.Amount != 2 || r.Stopped.Rule != "median" || r.Fidelity != trial.Full(2) || len(r.Curve) != 2 {
			t.Errorf("%s: %+v", role, r)
		}
		if r.Status != trial.OK || r.Metrics[0] != r.Curve[1].Metrics[0] || r.Spent.Timeless() != (trial.Spent{MACs: 20, Amount: 2}) {
			t.Errorf("%s: %+v", role, r)
		}
		results = append(results, r)
		x.Stop.Bars[0].Amount = 4 // at its end there is nothing to stop
		if r := evaluate(t, e, x); r.Stopped != nil || len(r.Curve) != 4 {
			t.Errorf("%s: %+v", role, r)
		}
	}
	alike(t, results[0], results[1])

	c := config(t, "runs ahead")
	x := one(t)
	x.Stop = trial.StoppingRule{Metric: "accuracy", Maximise: true, Patience: 1}
	e := open(t, c)
	for range 3 {
		r := evaluate(t, e, x)
		if r.Stopped == nil || r.Stopped.Amount != 2 || len(r.Curve) != 2 || r.Spent.Timeless() != (trial.Spent{MACs: 200, Amount: 2}) || r.Attempt != 1 {
			t.Errorf("%+v", r)
		}
	}
}

func TestTheTestSplitIsNamedAtTheEndAndToNobodyWhoTrainsAfterwards(t *testing.T) {
	c := config(t, "good")
	c.Data = &process.Data{Kind: "images", Path: "/data/train", Test: "/data/sealed"}
	spy, transcript := spied(t, &c)
	e := open(t, spy)
	x := one(t)
	x.Keep = true
	r := evaluate(t, e, x)
	before, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(before), `"data":{"kind":"images","path":"/data/train"}`) {
		t.Errorf("the program was not told of its data: %s", before)
	}
	if strings.Contains(string(before), "sealed") {
		t.Errorf("the program was told of the test split: %s", before)
	}
	figures, detail, err := e.Test(context.Background(), x, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := figures.Get("accuracy"); got != r.Metrics[0].Value/2 || string(detail) != `{"confusion":[[1,2],[3,4]]}` {
		t.Errorf("the figures are %v, the detail %s", figures, detail)
	}
	after, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(after), "/data/sealed") {
		t.Errorf("the test did not name the split: %s", after)
	}
	alike(t, evaluate(t, e, x), r)
	if all, _ := os.ReadFile(transcript); strings.Count(string(all), `"type":"hello"`) != 2 {
		t.Errorf("a program that had seen the test split was given a trial: %s", all)
	}
	r.Artifacts[0].SHA256 = strings.Repeat("0", 64)
	if _, _, err := e.Test(context.Background(), x, r); err == nil || !strings.Contains(err.Error(), "weights/trial-0/weights.txt is gone or damaged") {
		t.Errorf("the error is %v", err)
	}
}

// spied returns the configuration with a shell between that writes down what the program is told.
func spied(t *testing.T, c *process.Config) (process.Config, string) {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no /bin/sh to write down what the program is told")
	}
	transcript := filepath.Join(t.TempDir(), "transcript")
	spy := *c
	spy.Command = append([]string{"/bin/sh", "-c", `tee -a "$0" | "$@"`, transcript}, c.Command...)
	return spy, transcript
}

func TestATrialThatIsPreemptedIsEvaluatedAgain(t *testing.T) {
	r := evaluate(t, open(t, config(t, "preempted once")), one(t))
	if r.Status != trial.OK || r.Attempt != 2 {
		t.Errorf("%+v", r)
	}
}

func TestAProgramThatEndsBetweenTrialsIsStartedAgain(t *testing.T) {
	e := open(t, config(t, "answers and exits"))
	for _, x := range trials(t, 3) {
		if r := evaluate(t, e, x); r.Status != trial.OK {
			t.Errorf("%+v", r)
		}
	}
}

func TestAHeartbeatIsASignOfLife(t *testing.T) {
	c := config(t, "slow but alive")
	c.Heartbeat = 400 * time.Millisecond
	if r := evaluate(t, open(t, c), one(t)); r.Status != trial.OK || r.Attempt != 1 {
		t.Errorf("%+v", r)
	}
}

func TestATrialThatCrashesItsProgramFailsAndTheStudyGoesOn(t *testing.T) {
	e := open(t, config(t, "crashes on odd trials"))
	for _, x := range trials(t, 8) {
		want := trial.OK
		if x.ID%2 == 1 {
			want = trial.Failed
		}
		if r := evaluate(t, e, x); r.Status != want {
			t.Errorf("trial %d: %+v", x.ID, r)
		}
	}
}

func TestAProgramThatCrashesInEveryTrialIsBroken(t *testing.T) {
	c := config(t, "exits")
	c.Attempts = 1
	e := open(t, c)
	for i, x := range trials(t, 3) {
		r, err := e.Evaluate(context.Background(), x, trial.Silent)
		if i < 2 && (err != nil || r.Status != trial.Failed) {
			t.Errorf("trial %d: %+v, %v", i, r, err)
		}
		if _, broken := errors.AsType[*trial.BrokenError](err); i == 2 && (!broken || !strings.HasSuffix(err.Error(),
			`ended with exit code 7 in the middle of the trial; it last wrote "line one / CUDA is gone"; so did the 2 trials before it, so this is the program's fault and not the trial's`)) {
			t.Errorf("trial %d: %v", i, err)
		}
	}
}

func TestWhatAProgramWritesIsTheLogOfItsTrial(t *testing.T) {
	c := config(t, "writes much")
	e := open(t, c)
	for _, x := range trials(t, 2) {
		evaluate(t, e, x)
	}
	e.Close()
	for id := range 2 {
		text, err := os.ReadFile(at(c, fmt.Sprintf("logs/trial-%d.log", id)))
		if want := fmt.Sprintf("trial %d by turn %d\n", id, id+1); err != nil || string(text) != want {
			t.Errorf("the log of trial %d is %q, %v; want %q", id, text, err, want)
		}
	}
	if _, err := os.Stat(at(c, "scratch")); !os.IsNotExist(err) {
		t.Errorf("the scratch folder is still there: %v", err)
	}
}

func TestTheLogOfATrialHoldsAllItsAttempts(t *testing.T) {
	c := config(t, "exits")
	c.Attempts = 3
	e := open(t, c)
	for range 2 { // evaluated again, the log begins anew
		evaluate(t, e, one(t))
	}
	text, err := os.ReadFile(at(c, "logs/trial-0.log"))
	want := "line one\nCUDA is gone\n--- attempt 2 ---\nline one\nCUDA is gone\n--- attempt 3 ---\nline one\nCUDA is gone\n"
	if err != nil || string(text) != want {
		t.Errorf("the log is %q, %v", text, err)
	}
}

func TestAClosedEvaluatorRefusesTrials(t *testing.T) {
	e := open(t, config(t, "good"))
	evaluate(t, e, one(t))
	for range 2 {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := e.Evaluate(context.Background(), one(t), trial.Silent); !errors.Is(err, trial.ErrUnrepeatable) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("the error is %v", err)
	}
}

func TestAProgramThatDescribesItselfInTwoWaysIsBroken(t *testing.T) {
	c := config(t, "two descriptions")
	c.Workers = 1
	e := open(t, c)
	if _, err := e.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	_, err := e.Evaluate(context.Background(), one(t), trial.Silent)
	if _, broken := errors.AsType[*trial.BrokenError](err); !broken || !strings.Contains(err.Error(), "describes itself in two ways") {
		t.Errorf("the error is %v", err)
	}
}

func TestACommandThatCannotBeStartedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"evaluator": 0o755, "plain.py": 0o644, "empty": 0o755} {
		text := "#!/bin/sh\nexit 1\n"
		if name == "empty" {
			text = "no script\n"
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct{ command, want string }{
		{"evaluator", `evaluator cannot be started: there is no program "evaluator" on the PATH; the file beside the study is ./evaluator`},
		{"./evaluatr", "./evaluatr cannot be started: there is no file " + filepath.Join(dir, "evaluatr") + "; the nearest there is evaluator"},
		{"./no/evaluator", "./no/evaluator cannot be started: there is no file " + filepath.Join(dir, "no", "evaluator") + ", nor its folder"},
		{"./plain.py", "./plain.py cannot be started: " + filepath.Join(dir, "plain.py") + " is not executable; run chmod +x on it, or name its interpreter first, as in [python3, ./plain.py]"},
		{dir + "/", dir + "/ cannot be started: " + dir + "/ is a folder"},
		{"./empty", "exec format error; a script needs a first line such as #!/usr/bin/env python3, or its interpreter named first in the command"},
	} {
		e := open(t, process.Config{Command: []string{x.command}, Dir: dir})
		_, err := e.Start(context.Background())
		if !errors.Is(err, trial.ErrUnrepeatable) || !strings.HasSuffix(err.Error(), x.want) {
			t.Errorf("%s: %v\nwant %s", x.command, err, x.want)
		}
		if _, err := e.Evaluate(context.Background(), one(t), trial.Silent); !errors.Is(err, trial.ErrUnrepeatable) {
			t.Errorf("%s: %v", x.command, err)
		}
	}
}

func TestAConfigurationThatMakesNoSenseIsRefused(t *testing.T) {
	for _, x := range []struct {
		config process.Config
		want   string
	}{
		{process.Config{}, "an evaluator of kind process needs a command"},
		{process.Config{Command: []string{"x"}, Workers: -1}, "a negative workers is impossible"},
		{process.Config{Command: []string{"x"}, TimeLimit: -1}, "a negative time limit is impossible"},
		{process.Config{Command: []string{"x"}, Settings: func() {}}, "the settings of x cannot be written as JSON: json: unsupported type: func()"},
	} {
		if _, err := process.New(x.config); err == nil || err.Error() != x.want {
			t.Errorf("%v, want %s", err, x.want)
		}
	}
}
