package spec_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// asProgram is the environment variable that makes this test binary an external program.
const asProgram = "TRELLIS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	if err := process.Serve(os.Stdin, os.Stdout, process.Program{Describe: describe, Evaluate: evaluate}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func describe(h process.Hello) (process.Capabilities, error) {
	return process.Capabilities{
		Resource: trial.Resource{Name: "epochs", Full: h.Resource.Full}, Resumes: true,
		Metrics: trial.MetricInfos{{Name: "accuracy", Direction: trial.Maximise}},
	}, nil
}

func evaluate(_ context.Context, a process.Assignment, progress func(process.Progress)) (process.Answer, error) {
	h := fnv.New32()
	fmt.Fprint(h, a.Architecture, a.Seed)
	begun, accuracy := 0, 0.0
	if a.From != nil {
		text, err := os.ReadFile(a.From.Path)
		if err != nil {
			return process.Answer{}, err
		}
		if begun, err = strconv.Atoi(string(text)); err != nil {
			return process.Answer{}, err
		}
	}
	for amount := begun + 1; amount <= a.Fidelity.Amount; amount++ {
		accuracy = float64(h.Sum32()%500)/1000 + 0.1*float64(amount)
		progress(process.Progress{Amount: amount, Metrics: process.Figures{"accuracy": accuracy}})
	}
	answer := process.Answer{Status: process.StatusOK, Metrics: process.Figures{"accuracy": accuracy}}
	if a.Checkpoint {
		if err := os.WriteFile(filepath.Join(a.Folder, "state"), []byte(strconv.Itoa(a.Fidelity.Amount)), 0o644); err != nil {
			return process.Answer{}, err
		}
		answer.Artifacts = []process.Artifact{{Name: "state", Kind: trial.CheckpointKind, Path: "state"}}
	}
	return answer, nil
}

// kinds are studies of every kind of evaluation, and what the kind can do. Their objectives have a cost of the lattice, so that what adds it to results
// is under test too.
var kinds = map[string]struct {
	text      string
	full      int
	stops     bool
	continues bool
}{
	"train": {text: small + "evaluation: {epochs: 3, batch: 16}\nobjectives: [maximise: accuracy, minimise: count(skip)]\n", full: 3, stops: true, continues: true},
	"table": {text: `trellis: 1
name: looked-up
evaluation: {kind: table, table: small.yaml}
objectives: [maximise: accuracy, minimise: count(a)]
budget: {trials: 4}
`, full: 1},
	"process": {text: `trellis: 1
name: outside
space: {input: 8x8x1, classes: 2, body: [{choice: {name: op, options: {a: {conv: {out: 4}}, b: {conv: {out: 8}}, c: {conv: {out: 2}}, d: {conv: {out: 6}}}}}, head]}
evaluation: {kind: process, command: ['` + os.Args[0] + `'], epochs: 3, environment: {` + asProgram + `: 1}}
objectives: [maximise: accuracy, minimise: count(a)]
budget: {trials: 4}
`, full: 3, stops: true, continues: true},
}

const tableFile = `table: 1
name: small
about: four networks
file: small.csv
space: {input: 8x8x1, body: [{choice: {name: op, options: {a: {conv: {out: 4}}, b: {conv: {out: 8}}, c: {conv: {out: 2}}, d: {conv: {out: 6}}}}}]}
key: {decisions: {op: op}}
objectives: [maximise: accuracy]
metrics: {accuracy: {feedback: valid, report: test}}
`

// TestEveryKindOfEvaluationKeepsTheContract goes through the catalogue, as a study gets its evaluator from it.
func TestEveryKindOfEvaluationKeepsTheContract(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"small.yaml": tableFile, "small.csv": "op,valid,test\na,0.5,0.6\nb,0.7,0.6\nc,0.2,0.3\nd,0.4,0.3\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range spec.EvaluatorKinds() {
		t.Run(kind.Name, func(t *testing.T) {
			k, ok := kinds[kind.Name]
			if !ok {
				t.Fatal("this kind has no study here: add one")
			}
			f, err := spec.Parse(filepath.Join(folder, "study.yaml"), []byte(k.text))
			if err != nil {
				t.Fatal(err)
			}
			p := plan(t, f)
			trials := conform.Trials{Stops: k.stops}
			var archs []space.Arch
			for a := range p.Space.Each() {
				if archs = append(archs, a); len(archs) == 3 {
					break
				}
			}
			for i, a := range archs {
				long := trial.Trial{ID: trial.ID(i), Stage: store.Search, Arch: a, Fidelity: trial.Full(k.full), Seed: uint64(i + 1)}
				trials.Good = append(trials.Good, long)
				if k.continues && i < 2 {
					short := long
					short.ID, short.Fidelity = long.ID+100, long.Fidelity.At(1)
					trials.Pairs = append(trials.Pairs, [2]trial.Trial{short, long})
				}
			}
			conform.Evaluator(t, trials, func(t testing.TB) trial.Evaluator {
				p := plan(t, f)
				s, err := p.Study(spec.Run{Folder: t.TempDir(), Journal: new(store.Memory), Workers: 2})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := p.Close(); err != nil {
						t.Error(err)
					}
				})
				return s.Stages[0].Evaluator
			})
		})
	}
}
