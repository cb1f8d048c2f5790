package trellis

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Costs are the metrics that a lattice knows of every architecture without evaluating it, beside params, MACs and memory, which every
// evaluator reports: depth, counts of options, the metrics of cost files.
type Costs struct {
	lattice *lattice.Lattice
	list    []cost
}

// cost is a metric that the lattice knows of an architecture.
type cost struct {
	metric  lattice.Metric
	lattice *lattice.Lattice // that has the metric as one of its own
}

// CostsOf returns the costs of these names. Names that no lattice knows by itself, such as accuracy, are passed over; so are those that evaluators
// report. The error is of a count of options that the space does not have.
func CostsOf(l *lattice.Lattice, names []string) (Costs, error) {
	out := Costs{lattice: l}
	for _, name := range names {
		m := lattice.Metric(name)
		switch {
		case m == lattice.Params, m == lattice.MACs, m == lattice.Memory, out.Has(name):
		case slices.Contains(l.Metrics(), m):
			out.list = append(out.list, cost{m, l})
		case m.IsCounter():
			own, err := l.WithMetric(m)
			if err != nil {
				return out, err
			}
			out.list = append(out.list, cost{m, own})
		}
	}
	return out, nil
}

// IsCount reports whether a metric counts options, as "count(*.kernel=k5)".
func IsCount(metric string) bool {
	return strings.HasPrefix(metric, "count(") && strings.HasSuffix(metric, ")")
}

// latticeCosts returns those of the names that every lattice knows and no evaluator reports: depth and counts of options.
func latticeCosts(names []string) []string {
	var out []string
	for _, name := range names {
		if lattice.Metric(name).IsCounter() {
			out = append(out, name)
		}
	}
	return out
}

// known returns the metrics of objectives and constraints.
func known(objectives trial.Objectives, constraints trial.Constraints) []string {
	var names []string
	for _, o := range objectives {
		names = append(names, o.Metric)
	}
	for _, c := range constraints {
		names = append(names, c.Metric)
	}
	return names
}

// Has reports whether a cost is among them.
func (c Costs) Has(name string) bool {
	return slices.ContainsFunc(c.list, func(c cost) bool { return string(c.metric) == name })
}

// Names returns the metrics in the order in which they were given.
func (c Costs) Names() []string {
	names := make([]string, len(c.list))
	for i, x := range c.list {
		names[i] = string(x.metric)
	}
	return names
}

// Value returns so much of a metric in its unit: of a cost file's, which the lattice counts in bins, the nearest number to the decimal.
func Value(l *lattice.Lattice, m lattice.Metric, n int64) float64 {
	if m == lattice.Params || m == lattice.MACs {
		return float64(n)
	}
	x, err := strconv.ParseFloat(l.Decimal(m, n), 64)
	if err != nil {
		panic(fmt.Sprintf("trellis: a cost of %d is no number: %v", n, err))
	}
	return x
}

func (c cost) of(a space.Arch) float64 {
	n, err := c.lattice.Cost(a, c.metric)
	if err != nil {
		panic(fmt.Sprintf("trellis: %v", err))
	}
	return Value(c.lattice, c.metric, n)
}

// Exact returns the costs as functions, params and MACs among them, for the models of strategies.
func (c Costs) Exact() map[string]func(space.Arch) float64 {
	known := map[string]func(space.Arch) float64{
		trial.Params: cost{lattice.Params, c.lattice}.of,
		trial.MACs:   cost{lattice.MACs, c.lattice}.of,
	}
	for _, x := range c.list {
		known[string(x.metric)] = x.of
	}
	return known
}

// With adds to metrics what the lattice knows of an architecture.
func (c Costs) With(ms trial.Metrics, a space.Arch) trial.Metrics {
	for _, x := range c.list {
		ms = ms.With(trial.Metric{Name: string(x.metric), Value: x.of(a)})
	}
	return ms
}

// Infos describes the costs.
func (c Costs) Infos() trial.MetricInfos {
	var out trial.MetricInfos
	for _, x := range c.list {
		info := trial.MetricInfo{Name: string(x.metric), Unit: c.lattice.Unit(x.metric), Help: "known of every architecture"}
		if x.metric.IsCounter() {
			info.Unit = ""
		}
		out = append(out, info)
	}
	return out
}

// Added returns an evaluator whose results hold the costs too, or e as it is where there are none. Of a network that is no path of the lattice nothing is known.
func (c Costs) Added(e trial.Evaluator) trial.Evaluator {
	if len(c.list) == 0 {
		return e
	}
	return costed{e, c}
}

// costs reports whether an evaluator adds costs already.
func costs(e trial.Evaluator) bool {
	_, ok := trial.As[costed](e)
	return ok
}

type costed struct {
	trial.Evaluator
	costs Costs
}

// Unwrap implements trial.Wrapper.
func (e costed) Unwrap() trial.Evaluator { return e.Evaluator }

// Describe implements trial.Describer.
func (e costed) Describe() trial.Description {
	d := trial.Describe(e.Evaluator)
	if more, err := d.Metrics.With(e.costs.Infos()...); err == nil {
		d.Metrics = more
	}
	return d
}

// Evaluate implements trial.Evaluator.
func (e costed) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.Evaluator.Evaluate(ctx, t, report)
	if err == nil && r.Status == trial.OK && t.Network == nil {
		r.Metrics = e.costs.With(r.Metrics, t.Arch)
	}
	return r, err
}
