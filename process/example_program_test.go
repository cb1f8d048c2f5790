package process_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func TestTheExampleInPythonIsAnEvaluator(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skipf("the example in Python needs python3: %v", err)
	}
	example(t, "python3", "process/evaluator.py")
}

func TestTheExampleInGoIsAnEvaluator(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "goevaluator")
	build := exec.Command("go", "build", "-o", binary, "../examples/process/goevaluator")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	example(t, binary)
}

// example tests a program for the space of the example study.
func example(t *testing.T, command ...string) {
	s, err := space.Open("../examples/spaces/perceptron.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	make := func(t testing.TB, settings map[string]float64) *process.Evaluator {
		return open(t, process.Config{
			Command: command, Dir: "../examples", Settings: settings, Space: s, Metrics: []string{"accuracy", "params"},
			Resource: trial.Resource{Full: 9}, Folder: folder(t), Workers: 2, Heartbeat: 5 * time.Minute, Grace: time.Minute,
		})
	}
	var xs []trial.Trial
	for _, text := range []string{"8 relu 1", "4 tanh 2", "8 sigmoid 2"} {
		a, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		xs = append(xs, trial.Trial{ID: trial.ID(len(xs)), Stage: "search", Arch: a, Fidelity: trial.Full(3), Seed: uint64(len(xs))})
	}
	short := xs[0]
	short.ID, short.Fidelity = 9, trial.Full(1)
	conform.Evaluator(t, conform.Trials{Good: xs, Stops: true, Pairs: [][2]trial.Trial{{short, xs[0]}}}, func(t testing.TB) trial.Evaluator {
		return make(t, map[string]float64{"learning_rate": 0.1})
	})
	t.Run("it learns, and is tested", func(t *testing.T) {
		e := make(t, nil)
		x := xs[0]
		x.Fidelity, x.Keep = trial.Full(9), true
		r := evaluate(t, e, x)
		figures, _, err := e.Test(context.Background(), x, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, ms := range []trial.Metrics{r.Metrics, figures} {
			if accuracy, _ := ms.Get("accuracy"); accuracy < 0.5 {
				t.Errorf("the accuracy is %v", accuracy)
			}
		}
	})
	t.Run("a training that diverges fails", func(t *testing.T) {
		if r := evaluate(t, make(t, map[string]float64{"learning_rate": 1e300}), xs[0]); r.Status != trial.Failed {
			t.Errorf("%+v", r)
		} else {
			t.Log(r.Reason)
		}
	})
}

func TestTheSpaceOfTheExampleHas24Networks(t *testing.T) {
	text, err := os.ReadFile("../examples/spaces/perceptron.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := space.ParseFile("perceptron.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range s.Each() {
		n++
	}
	if n != 24 {
		t.Errorf("it has %d", n)
	}
}
