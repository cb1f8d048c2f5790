package spec

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// EvaluatorKind is an entry of the catalogue of evaluators: what `evaluation.kind` may be.
type EvaluatorKind struct {
	Name string
	Doc  string   // one line
	Keys []string // under `evaluation`, beside those of every kind
	Data bool     // it learns from the data of the study file
	read func(f *File, m strict.Map) Evaluation
}

// evaluatorKinds is the one place where the name of a kind becomes an evaluator, in the order in which they are documented.
func evaluatorKinds() []EvaluatorKind {
	return []EvaluatorKind{trainKind(), tableKind(), processKind()}
}

// EvaluatorKinds returns the catalogue of evaluators.
func EvaluatorKinds() []EvaluatorKind { return evaluatorKinds() }

// Evaluation says how trials are evaluated, as a study file has it.
type Evaluation interface {
	// Kind is the name of the kind in the catalogue.
	Kind() string
	// Full is the full amount of the evaluator's resource.
	Full() int
	// String says for people how a trial is evaluated.
	String() string

	// metrics returns what the evaluator reports, and whether there is nothing else: an external program says so when it runs.
	metrics() (infos trial.MetricInfos, closed bool)
	// longer returns the evaluation of finalists as the settings under `finalists` overlay this one.
	longer(f *File, m strict.Map) Evaluation
	// keys are those that longer reads.
	keys() []string
	// open opens what the evaluator needs beside the data, and returns the space that it insists on, if any.
	open(p *Plan, folder string) (*openedEvaluation, error)
	// evaluator returns the evaluator of trials, ready to run.
	evaluator(p *Plan, r Run) (trial.Evaluator, error)
	// attempts is how often the study evaluates a trial before an error of the machine ends it.
	attempts() int
	// tester returns what measures trained networks on the sealed test set, or nil.
	tester(p *Plan, e trial.Evaluator) tester
}

// tester is study.Tester.
type tester interface {
	Test(ctx context.Context, t trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error)
}

// openedEvaluation is what an evaluation knows of its task.
type openedEvaluation struct {
	input   network.Shape // of a sample; zero: the space says so
	classes []string
}

// commonKeys are read for every kind of evaluation.
var commonKeys = []string{"kind", "repeats"}

// readEvaluation reads `evaluation`.
func (f *File) readEvaluation(v strict.Value) {
	kinds := evaluatorKinds()
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	at := v.AnyMap().Get("kind")
	name := at.Word(train.Kind, names...)
	for _, k := range kinds {
		if k.Name != name {
			continue
		}
		m := v.AnyMap()
		for _, key := range m.Keys() {
			if owners := kindsWith(key); len(owners) > 0 && !slices.Contains(owners, name) {
				m.KeyValue(key).Fail("%s belongs to evaluation of kind %s, and this is %s", key, strings.Join(owners, " or "), name)
				return
			}
		}
		m = v.Map(append(append([]string{}, k.Keys...), commonKeys...)...)
		f.Repeats = int(m.Get("repeats").Int(1, 1, 1000))
		f.Evaluation = k.read(f, m)
		f.needsData = k.Data
	}
}

// kindsWith returns the kinds of evaluation that have a key of their own, in the order of the catalogue.
func kindsWith(key string) []string {
	var names []string
	for _, k := range evaluatorKinds() {
		if slices.Contains(k.Keys, key) {
			names = append(names, k.Name)
		}
	}
	return names
}

// repeated returns an evaluator that answers with the mean of as many seeds as the study file asks for.
func (f *File) repeated(e trial.Evaluator) trial.Evaluator {
	if f.Repeats > 1 {
		return trial.NewRepeated(e, f.Repeats)
	}
	return e
}
