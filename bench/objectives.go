package bench

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Minimising returns the table with objectives more than it has: each of the metrics is to be small. Rows without a value of one are left
// out. A metric that the table does not have, or that is an objective already, is an error; so is a table of which no row is left.
func (t *Table) Minimising(metrics ...string) (*Table, error) {
	out := *t
	out.objectives = slices.Clone(t.objectives)
	for _, name := range metrics {
		if !slices.Contains(t.metrics, name) {
			return nil, fmt.Errorf("table %s has no metric %q to minimise; %s", t.name, name, nearest.Advice(name, t.metrics))
		}
		if slices.ContainsFunc(out.objectives, func(o trial.Objective) bool { return o.Metric == name }) {
			return nil, fmt.Errorf("%s is an objective of table %s already", name, t.name)
		}
		out.objectives = append(out.objectives, trial.Objective{Metric: name})
	}
	return &out, out.leaveOut("table " + t.name)
}

// exact returns the objectives that are counts of a network, which a search knows without training it: params and MACs, where every row
// has the one value that is both observed and reported. The functions are for architectures of the table.
func (t *Table) exact() map[string]func(space.Arch) float64 {
	known := map[string]func(space.Arch) float64{}
	for _, o := range t.objectives {
		if o.Metric != trial.Params && o.Metric != trial.MACs {
			continue
		}
		m := t.metric(o.Metric)
		if !slices.ContainsFunc(t.rows, func(r row) bool { return len(r.feedback[m]) != 1 || r.feedback[m][0] != r.report[m] }) {
			known[o.Metric] = func(a space.Arch) float64 { return t.rows[t.index[a]].feedback[m][0] }
		}
	}
	return known
}
