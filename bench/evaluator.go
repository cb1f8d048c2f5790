package bench

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/trial"
)

// Evaluator answers trials from the rows of a table, at once and whatever the fidelity. Where a metric has several observations
// the seed of the trial draws one, the same one for all metrics that have as many, for they are of one training. An
// architecture that the table does not have is a failed trial.
type Evaluator struct{ table *Table }

// Evaluator returns the evaluator of the table.
func (t *Table) Evaluator() Evaluator { return Evaluator{t} }

// Kind is the name of the evaluator in the catalogue of kinds.
const Kind = "table"

// Describe implements trial.Describer. The direction of a metric is that of the table's objective of its name; others may be wanted either way.
func (e Evaluator) Describe() trial.Description {
	d := trial.Description{Kind: Kind}
	for _, name := range e.table.metrics {
		info := trial.MetricInfo{Name: name, Help: "of table " + e.table.name}
		for _, o := range e.table.objectives {
			switch {
			case o.Metric == name && o.Maximise:
				info.Direction = trial.Maximise
			case o.Metric == name:
				info.Direction = trial.Minimise
			}
		}
		if known := trial.CostInfos(); known.Has(name) {
			info = known.Of(name)
		}
		d.Metrics = append(d.Metrics, info)
	}
	return d
}

// Evaluate implements trial.Evaluator. The processor time that the result says is that of the published training, if the table
// knows it.
func (e Evaluator) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	i, ok := e.table.index[t.Arch]
	if !ok {
		return trial.Fail(t, fmt.Sprintf("table %s has no architecture %s", e.table.name, t.Arch)), nil
	}
	row := e.table.rows[i]
	draw := stream.Seed(t.Seed, "observation")
	var metrics []trial.Metric
	for m, all := range row.feedback {
		if len(all) > 0 {
			metrics = append(metrics, trial.Metric{Name: e.table.metrics[m], Value: all[draw%uint64(len(all))]})
		}
	}
	r := trial.Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: trial.OK, Metrics: trial.NewMetrics(metrics...)}
	r.Spent = trial.Spent{Amount: t.Fidelity.Amount, CPUSeconds: row.seconds}
	report(trial.Progress{Share: 1, Amount: t.Fidelity.Amount, Metrics: r.Metrics})
	return r, nil
}
