package bench

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Format is the version of the description's format that this package reads.
const Format = 1

// Table is a benchmark in memory. It is immutable and safe for concurrent use.
type Table struct {
	name       string
	about      string
	space      *space.Space
	objectives trial.Objectives
	metrics    []string // in the order of the description
	rows       []row    // in the order in which their architectures first stand in the file
	index      map[space.Arch]int
	left       int // rows of the file without a value of an objective
}

// row is what a table knows about one architecture.
type row struct {
	arch     space.Arch
	feedback [][]float64 // by metric: the observations of a search, none if the table has no value
	report   []float64   // by metric: what is reported; meaningless where there is no feedback
	seconds  float64     // of simulated training
}

// Name returns the name of the table.
func (t *Table) Name() string { return t.name }

// About returns what the description says about it, in a sentence or none.
func (t *Table) About() string { return t.about }

// Space returns the space that its architectures are of.
func (t *Table) Space() *space.Space { return t.space }

// Objectives returns what a search on the table is for.
func (t *Table) Objectives() trial.Objectives { return t.objectives }

// Metrics returns the names of the metrics in the order of the description.
func (t *Table) Metrics() []string { return slices.Clone(t.metrics) }

// Len returns the number of architectures.
func (t *Table) Len() int { return len(t.rows) }

// LeftOut returns how many rows of the file lack a value of an objective and so are not in the table.
func (t *Table) LeftOut() int { return t.left }

// Arch returns the i-th architecture, in the order of the file.
func (t *Table) Arch(i int) space.Arch { return t.rows[i].arch }

// Row returns the index of an architecture and whether the table has it.
func (t *Table) Row(a space.Arch) (int, bool) {
	i, ok := t.index[a]
	return i, ok
}

// Noisy reports whether some objective has several observations of an architecture.
func (t *Table) Noisy() bool {
	for _, o := range t.objectives {
		m := slices.Index(t.metrics, o.Metric)
		for _, r := range t.rows {
			if len(r.feedback[m]) > 1 {
				return true
			}
		}
	}
	return false
}

// Reported returns the reported value of a metric for the i-th architecture and whether there is one. It panics if the table
// has no such metric.
func (t *Table) Reported(i int, metric string) (float64, bool) {
	m := t.metric(metric)
	return t.rows[i].report[m], len(t.rows[i].feedback[m]) > 0
}

// Feedback returns the mean of the observations of a metric for the i-th architecture and whether there is one. It panics if
// the table has no such metric.
func (t *Table) Feedback(i int, metric string) (float64, bool) {
	all := t.rows[i].feedback[t.metric(metric)]
	return mean(all), len(all) > 0
}

func (t *Table) metric(name string) int {
	m := slices.Index(t.metrics, name)
	if m < 0 {
		panic(fmt.Sprintf("bench: table %s has no metric %s", t.name, name))
	}
	return m
}

// Vector returns the reported objectives of the i-th architecture, all minimised.
func (t *Table) Vector(i int) []float64 {
	v := make([]float64, len(t.objectives))
	for j, o := range t.objectives {
		v[j], _ = t.Reported(i, o.Metric)
		if o.Maximise {
			v[j] = -v[j]
		}
	}
	return v
}

// Limit is an upper limit on a reported metric of a table.
type Limit struct {
	Metric string
	Max    float64
}

// Region returns the architectures of the table that keep all of the limits, and the indices of their rows in ascending order. Where
// they are all that the lattice has, whole or within the same limits on params and MACs, the region is that of the lattice;
// otherwise it is their list. An unknown metric, and limits that nothing keeps, are errors.
func (t *Table) Region(limits ...Limit) (search.Region, []int, error) {
	var rows []int
	for i := range t.rows {
		keeps := true
		for _, l := range limits {
			if !slices.Contains(t.metrics, l.Metric) {
				return nil, nil, fmt.Errorf("table %s has no metric %q to limit; %s", t.name, l.Metric, nearest.Advice(l.Metric, t.metrics))
			}
			x, ok := t.Reported(i, l.Metric)
			keeps = keeps && ok && x <= l.Max
		}
		if keeps {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return nil, nil, t.infeasible(limits)
	}
	if r, ok := t.compiled(limits, rows); ok {
		return r, rows, nil
	}
	archs := make([]space.Arch, len(rows))
	for j, i := range rows {
		archs[j] = t.rows[i].arch
	}
	listed, err := search.NewListed(t.space, archs)
	return listed, rows, err
}

// infeasible says which of the limits no architecture keeps, and what the least is; or that none keeps them all.
func (t *Table) infeasible(limits []Limit) error {
	var all []string
	for _, l := range limits {
		least := math.Inf(1)
		for i := range t.rows {
			if x, ok := t.Reported(i, l.Metric); ok {
				least = min(least, x)
			}
		}
		if least > l.Max {
			return fmt.Errorf("no architecture of table %s keeps %v; the least is %s", t.name, l, plain(least))
		}
		all = append(all, l.String())
	}
	return fmt.Errorf("no architecture of table %s keeps %s together", t.name, strings.Join(all, " and "))
}

// compiled returns the region of the lattice within the limits, if it holds the rows and nothing else.
func (t *Table) compiled(limits []Limit, rows []int) (*lattice.CountedRegion, bool) {
	l, err := lattice.Compile(t.space)
	if err != nil {
		return nil, false
	}
	exact := make([]lattice.Limit, len(limits))
	for i, m := range limits {
		exact[i] = lattice.Limit{Metric: lattice.Metric(m.Metric), Max: int64(m.Max)}
	}
	r, err := l.Within(exact...)
	if err != nil || !r.Count().IsInt64() || r.Count().Int64() != int64(len(rows)) {
		return nil, false
	}
	for _, i := range rows {
		if !r.Contains(t.rows[i].arch) {
			return nil, false
		}
	}
	return r, true
}

// String returns "params at most 500000".
func (l Limit) String() string { return l.Metric + " at most " + plain(l.Max) }

// plain writes a number without an exponent.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// mean returns the arithmetic mean, added in order; 0 for none.
func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	if len(values) == 0 {
		return 0
	}
	return sum / float64(len(values))
}
