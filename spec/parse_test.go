package spec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// small is a study that can be planned in no time. Tests add lines to it.
const small = `trellis: 1
name: small
data: {kind: glyphs, classes: digits, size: 16, train: 64, validation: 20, test: 20}
space: {use: chain, stem: 4, stages: [{layers: 2, width: 4}]}
budget: {trials: 4}
`

func parse(t testing.TB, text string) *spec.File {
	t.Helper()
	f, err := spec.Parse("study.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func plan(t testing.TB, f *spec.File) *spec.Plan {
	t.Helper()
	p, err := f.Plan("")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// examples returns the blocks of YAML in a document.
func examples(t testing.TB, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, part := range strings.Split(string(text), "```") {
		if block, ok := strings.CutPrefix(part, "yaml\n"); ok && i%2 == 1 {
			out = append(out, block)
		}
	}
	return out
}

func TestTheExamplesOfTheDocumentAreStudyFiles(t *testing.T) {
	blocks := examples(t, filepath.Join("..", "docs", "formats", "study-file.md"))
	if len(blocks) < 2 {
		t.Fatal("the document has not all of its examples")
	}
	for _, text := range blocks {
		f, err := spec.Parse("study-file.md", []byte(text))
		if err != nil {
			t.Error(err)
			continue
		}
		if f.Text != text {
			t.Error("the text is not kept")
		}
	}
}

func TestTheExampleOfTheDocumentMeansWhatItSays(t *testing.T) {
	f := parse(t, examples(t, filepath.Join("..", "docs", "formats", "study-file.md"))[0])
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"name", f.Name, "shirts"},
		{"seed", f.Seed, uint64(7)},
		{"kind", f.Data.Kind, data.IDX},
		{"path", f.Data.Path, "fashion"},
		{"validation", f.Data.Validation, 5000},
		{"train", f.Data.Train, 20000},
		{"objectives", f.Objectives, trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}}},
		{"limits", bounds(f), "params 100k macs 10M "},
		{"constraints", f.Constraints, trial.Constraints{{Metric: "memory", Bound: 1e6}, {Metric: "accuracy", AtLeast: true, Bound: 0.8}}},
		{"strategy", f.Stages[0].Strategy.String(), "evolution:population=20,sample=5"},
		{"batch", settings(f.Evaluation).Batch, 64},
		{"schedule", settings(f.Evaluation).Schedule, train.OneCycle},
		{"patience", settings(f.Evaluation).Patience, 3},
		{"augmentations", len(settings(f.Evaluation).Augment), 3},
		{"budget", f.Stages[0].Stop, spec.StopConditions{Trials: 50, MACs: 200e12, Wall: 20 * time.Minute}},
		{"budget in words", f.Stages[0].Stop.String(), "50 trials or 200000000000000 MACs trained or 20m0s"},
		{"window", f.Window, 2},
		{"finalists", []any{f.Finalists.Count, f.Finalists.Spread, f.Finalists.Repeats}, []any{3, false, 1}},
		{"epochs of finalists", settings(f.Finalists.Evaluation).Epochs, 15},
		{"patience of finalists", settings(f.Finalists.Evaluation).Patience, 3},
		{"baselines", len(f.Baselines), 2},
		{"rates", f.Rates, trial.Rates{CPUHour: 0.05, Currency: "EUR"}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
}

// settings are those of an evaluation that trains; of another one the zero ones.
func settings(e spec.Evaluation) train.Settings {
	t, _ := e.(spec.Training)
	return t.Settings
}

func bounds(f *spec.File) string {
	var b strings.Builder
	for _, l := range f.Limits {
		fmt.Fprintf(&b, "%s %s ", l.Metric, l.Max)
	}
	return b.String()
}

func TestWhatAStudyFileDoesNotSayHasADefault(t *testing.T) {
	f := parse(t, small)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"seed", f.Seed, uint64(1)},
		{"objectives", f.Objectives, trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}}},
		{"limits", len(f.Limits), 0},
		{"constraints", len(f.Constraints), 0},
		{"strategy", f.Stages[0].Strategy.Name, "auto"},
		{"settings", settings(f.Evaluation).Defaulted().String(), train.Settings{}.String()},
		{"window", f.Window, 2},
		{"finalists", []any{f.Finalists.Count, f.Finalists.Spread, f.Finalists.Repeats}, []any{3, false, 1}},
		{"epochs of finalists", settings(f.Finalists.Evaluation).Epochs, 12},
		{"baselines", len(f.Baselines), 0},
		{"rates", f.Rates, trial.Rates{}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestFinalistsTrainLikeTheSearchButForWhatTheySay(t *testing.T) {
	for _, c := range []struct{ name, lines, want string }{
		{"nothing said: four times the epochs", "evaluation: {epochs: 2, batch: 32, learning_rate: 0.05}\n",
			train.Settings{Epochs: 8, Batch: 32, LearningRate: 0.05}.String()},
		{"one key said", "evaluation: {epochs: 2, batch: 32}\nfinalists: {batch: 16}\n",
			train.Settings{Epochs: 8, Batch: 16}.String()},
		{"epochs said", "evaluation: {epochs: 2}\nfinalists: {epochs: 3}\n", train.Settings{Epochs: 3}.String()},
		{"another optimiser forgets what was said for the first one",
			"evaluation: {learning_rate: 0.3, momentum: 0.5, weight_decay: 0.01}\nfinalists: {optimiser: adamw}\n",
			train.Settings{Epochs: 12, Optimiser: train.AdamW}.String()},
		{"the same optimiser forgets nothing",
			"evaluation: {learning_rate: 0.3, momentum: 0.5}\nfinalists: {optimiser: sgd}\n",
			train.Settings{Epochs: 12, LearningRate: 0.3, Momentum: train.Exactly(0.5)}.String()},
		{"another optimiser with a rate of its own",
			"evaluation: {optimiser: adamw, learning_rate: 0.01}\nfinalists: {optimiser: sgd, learning_rate: 0.2}\n",
			train.Settings{Epochs: 12, LearningRate: 0.2}.String()},
		{"augmentations can be taken away", "evaluation: {augment: [flip]}\nfinalists: {augment: []}\n",
			train.Settings{Epochs: 12}.String()},
		{"a warm-up of nothing is said", "finalists: {warmup: 0}\n", train.Settings{Epochs: 12, Warmup: train.Exactly(0)}.String()},
	} {
		if got := settings(parse(t, small+c.lines).Finalists.Evaluation).String(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestASideOfABoundMayBeWrittenOut(t *testing.T) {
	f := parse(t, small+"constraints: {memory: {at_most: 1.5M}, loss: 2.5, accuracy: 0.25}\n")
	want := trial.Constraints{{Metric: "memory", Bound: 1.5e6}, {Metric: "loss", Bound: 2.5}, {Metric: "accuracy", AtLeast: true, Bound: 0.25}}
	if !reflect.DeepEqual(f.Constraints, want) {
		t.Errorf("constraints are %v, want %v", f.Constraints, want)
	}
}

func TestAnAugmentationMayHaveASize(t *testing.T) {
	f := parse(t, small+"evaluation: {augment: [crop, flip, cutout: 4, crop: 3]}\n")
	want := []data.Augment{data.Crop{Padding: 2}, data.Flip{}, data.Cutout{Size: 4}, data.Crop{Padding: 3}}
	if !reflect.DeepEqual(settings(f.Evaluation).Augment, want) {
		t.Errorf("augmentations are %v, want %v", settings(f.Evaluation).Augment, want)
	}
}

func FuzzParseStudyFile(f *testing.F) {
	f.Add(small)
	f.Add(small + "evaluation: {augment: [crop: 2, flip]}\nconstraints: {memory: {at_most: 1M}}\n")
	f.Add(small + "objectives: [{minimise: loss}, {minimise: memory}]\nstrategy: {name: random}\nrates: {gpu_hour: 1}\nparallel: 3\n")
	f.Add(small + "objectives: [accuracy]\nbaselines: [{lenet5: 1}]\nfinalists: {count: [3]}\nconstraints: {macs: {at_most: 1}}\n")
	f.Add(small + "costs: [a.yaml]\nlimits: {latency: {max: 2ms, min: 1ms}, count(*.op=k5): 0, depth: 3}\nobjectives: [{maximise: depth}]\n")
	f.Add("trellis: &one 1\nname: *one\n<<: {a: b}\n? [x]\n: y\n")
	f.Add("trellis: 1\nname: |\n  x\n  y\ndata: >-\n  glyphs\n---\n...\n")
	for _, text := range examples(f, filepath.Join("..", "docs", "formats", "study-file.md")) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := spec.Parse("study.yaml", []byte(text))
		if err != nil {
			if file != nil || strings.ContainsAny(err.Error(), "\n\r") || !strings.HasPrefix(err.Error(), "study.yaml:") {
				t.Errorf("the error is not one sentence with its place: %q", err)
			}
			return
		}
		if file.Text != text {
			t.Error("the text is not kept")
		}
		objectives := len(file.Objectives) > 0 || file.Evaluation.Kind() == bench.Kind // a table says its own when it is open
		if file.Name == "" || !objectives || file.Window < 1 || len(file.Stages) == 0 {
			t.Errorf("a study without a part it needs is accepted: %+v", file)
		}
		if err := settings(file.Evaluation).Check(); err != nil {
			t.Error(err)
		}
		if err := settings(file.Finalists.Evaluation).Check(); err != nil {
			t.Error(err)
		}
	})
}
