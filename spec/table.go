package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/trial"
)

// tableKind looks trials up in a published table.
func tableKind() EvaluatorKind {
	return EvaluatorKind{
		Name: bench.Kind, Doc: "looks every network up in a tabular benchmark, described by a table file", Keys: []string{"table", "folder"},
		read: func(f *File, m strict.Map) Evaluation {
			t := &Lookup{file: m.Need("table"), folder: m.Get("folder")}
			t.Path, t.Folder = t.file.Text(""), t.folder.Text("")
			return t
		},
	}
}

// Lookup is the evaluation of kind table.
type Lookup struct {
	Path, Folder string // of the table file, and of the CSV files that it names; as they are written
	file, folder strict.Value
	table        *bench.Table // nil before the study is planned
}

// Kind implements Evaluation.
func (t *Lookup) Kind() string { return bench.Kind }

// Full implements Evaluation.
func (t *Lookup) Full() int { return 1 }

// String implements Evaluation.
func (t *Lookup) String() string { return "looked up in the table " + t.Path }

func (t *Lookup) metrics() (trial.MetricInfos, bool) {
	if t.table == nil {
		return nil, false
	}
	return t.table.Evaluator().Describe().Metrics, true
}

func (t *Lookup) attempts() int { return 1 }

func (t *Lookup) keys() []string { return nil }

func (t *Lookup) longer(*File, strict.Map) Evaluation { return t }

func (t *Lookup) open(p *Plan, folder string) (*openedEvaluation, error) {
	if t.table != nil {
		return &openedEvaluation{}, nil
	}
	if folder == "" && t.Folder != "" {
		folder = p.beside(t.Folder)
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, p.at(t.folder, fmt.Errorf("there is no folder %s; --data FOLDER says where the files of the table are", folder))
		}
	}
	_, kept, err := p.attached(t.file, "table file")
	if err != nil {
		return nil, err
	}
	table, err := bench.Read(p.beside(t.Path), []byte(kept.Text), folder)
	if err != nil {
		return nil, err
	}
	l, err := lattice.Compile(table.Space())
	if err != nil {
		return nil, p.at(t.file, err)
	}
	if n := l.Count(); !n.IsInt64() || n.Int64() != int64(table.Len()) {
		return nil, p.at(t.file, fmt.Errorf("table %s has %d of the %v architectures of its space, and a study needs all of them; trellis bench search searches such a table", table.Name(), table.Len(), n))
	}
	t.table = table
	p.Files = attach(p.Files, kept)
	if len(p.Objectives) == 0 {
		p.Objectives = table.Objectives()
	}
	return &openedEvaluation{}, nil
}

func (t *Lookup) evaluator(*Plan, Run) (trial.Evaluator, error) { return t.table.Evaluator(), nil }

func (t *Lookup) tester(*Plan, trial.Evaluator) tester { return reported{t.table} }

// reported tests an architecture by what its table reports, which no search observes.
type reported struct{ table *bench.Table }

// Test implements study.Tester.
func (r reported) Test(_ context.Context, t trial.Trial, _ trial.Result) (trial.Metrics, json.RawMessage, error) {
	i, ok := r.table.Row(t.Arch)
	if !ok {
		return nil, nil, fmt.Errorf("the table has no row of trial %d", t.ID)
	}
	var out []trial.Metric
	for _, name := range r.table.Metrics() {
		if x, ok := r.table.Reported(i, name); ok {
			out = append(out, trial.Metric{Name: name, Value: x})
		}
	}
	return trial.NewMetrics(out...), nil, nil
}
