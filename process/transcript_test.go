package process_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

const page = "../docs/formats/process.md"

// The arrows before the lines of the transcript: to the program, and from it.
const (
	toArrow   = "→ "
	fromArrow = "← "
)

// transcript returns the lines of the page that are part of the conversation, with their arrows.
func transcript() ([]string, error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, toArrow) || strings.HasPrefix(line, fromArrow) {
			out = append(out, line)
		}
	}
	return out, nil
}

// playBack is the program of the transcript: it reads where the page has a line to the program, notes what it read, and says what the page
// says then. Artifacts that it names have their kind as their content.
func playBack(noteTo string) {
	lines, err := transcript()
	if err != nil {
		panic(err)
	}
	in := bufio.NewScanner(os.Stdin)
	folder := ""
	for _, line := range lines {
		if strings.HasPrefix(line, toArrow) {
			in.Scan()
			note(noteTo, "%s\n", in.Text())
			var m struct{ Folder string }
			_ = json.Unmarshal(in.Bytes(), &m)
			if m.Folder != "" {
				folder = m.Folder
			}
			continue
		}
		said := strings.TrimPrefix(line, fromArrow)
		var m process.Answer
		if json.Unmarshal([]byte(said), &m) == nil {
			for _, a := range m.Artifacts {
				if err := os.WriteFile(filepath.Join(folder, a.Path), []byte(a.Kind), 0o600); err != nil {
					panic(err)
				}
			}
		}
		fmt.Println(said)
	}
}

func TestTheConversationOfThePageIsWhatIsSaid(t *testing.T) {
	lines, err := transcript()
	if err != nil {
		t.Fatal(err)
	}
	s, err := space.Open("../examples/spaces/perceptron.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	notes := filepath.Join(t.TempDir(), "notes")
	studyFolder := folder(t)
	e := open(t, process.Config{
		Command: []string{os.Args[0], notes}, Env: []string{roleVariable + "=play back"}, Space: s, Folder: studyFolder,
		Settings: map[string]float64{"learning_rate": 0.1, "noise": 0.15}, Metrics: []string{"accuracy", "params"}, Resource: trial.Resource{Full: 4},
		Data: &process.Data{Kind: "images", Path: "/data/digits", Test: "/data/digits-test"}, Heartbeat: 30 * time.Second,
	})
	arch := func(text string) space.Arch {
		a, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := trial.Trial{ID: 0, Stage: "search", Arch: arch("8 relu 1"), Fidelity: trial.Full(2), Seed: 17316245330262370497, Checkpoint: true}
	r := evaluate(t, e, first)
	state, ok := r.Artifact("checkpoint")
	if !ok || len(r.Curve) != 2 {
		t.Fatalf("%+v", r)
	}
	second := first
	second.ID, second.Fidelity, second.Checkpoint, second.Keep = 1, trial.Full(4), false, true
	second.From = &trial.Checkpoint{Trial: 0, Fidelity: trial.Full(2), Artifact: state}
	whole := evaluate(t, e, second)
	if len(whole.Curve) != 4 || !reflect.DeepEqual(whole.Curve[:2], r.Curve) || whole.Spent.Amount != 2 {
		t.Errorf("%+v", whole)
	}
	third := trial.Trial{ID: 2, Stage: "search", Arch: arch("4 sigmoid 2"), Fidelity: trial.Full(4), Seed: 7}
	third.Stop = trial.StoppingRule{Metric: "accuracy", Maximise: true, Name: "median", Bars: []trial.Bar{{Amount: 2, Value: 0.75}}}
	if r := evaluate(t, e, third); r.Stopped == nil || r.Stopped.Amount != 2 {
		t.Errorf("%+v", r)
	}
	fourth := trial.Trial{ID: 3, Stage: "search", Arch: arch("4 tanh 1"), Fidelity: trial.Full(4), Seed: 8}
	if r := evaluate(t, e, fourth); r.Status != trial.Failed || r.Reason != "diverged: loss was NaN at 1" {
		t.Errorf("%+v", r)
	}
	figures, _, err := e.Test(context.Background(), second, whole)
	if accuracy, _ := figures.Get("accuracy"); err != nil || accuracy != 0.8116 {
		t.Errorf("%v, %v", figures, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	told := strings.ReplaceAll(string(text), string(studyFolder), "/study")
	told = regexp.MustCompile(`(/study/scratch/trial-\d+-)\d+`).ReplaceAllString(told, "${1}123")
	var want []string
	for _, line := range lines {
		if after, ok := strings.CutPrefix(line, toArrow); ok {
			want = append(want, after)
		}
	}
	if got := strings.Split(strings.TrimRight(told, "\n"), "\n"); !reflect.DeepEqual(got, want) {
		t.Errorf("the program was told\n%s\nand the page has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
