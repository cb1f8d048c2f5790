package spec

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/trial"
)

// Bound limits a cost of the architecture. The lattice keeps it: what breaks it is never proposed.
type Bound struct {
	Metric   string // "params", "macs", "memory", "depth", a counter such as "count(*.kernel=k5)", or the metric of a cost file
	Max, Min string // amounts as they are written, such as 100k, 256KiB or 20ms; empty for none
	key      strict.Value
	max, min strict.Value
}

// unknownMetric says which metrics there are beside the one of this name.
func unknownMetric(what, name string, words []string) error {
	if name == string(score.Latency) {
		return fmt.Errorf("%s %q is unknown; what %s an architecture has, a cost file says: write `costs: [FILE]`", what, name, name)
	}
	return fmt.Errorf("%s %q is unknown; %s", what, name, nearest.Advice(name, append(slices.Clone(words), string(lattice.OptionCount("", "OPTION")))))
}

// readLimits reads the limits that the lattice keeps. A number alone is the most.
func readLimits(v strict.Value) []Bound {
	var out []Bound
	m := v.AnyMap()
	for _, metric := range m.Keys() {
		at := m.Get(metric)
		b := Bound{Metric: metric, key: m.KeyValue(metric), max: at}
		if at.IsMap() {
			sides := at.Map("max", "min")
			b.max, b.min = sides.Get("max"), sides.Get("min")
		}
		if !b.max.Given() && !b.min.Given() {
			b.key.Fail("%s has no bound: give max or min", metric)
		}
		b.Max, b.Min = b.max.Text(""), b.min.Text("")
		out = append(out, b)
	}
	return out
}

// readMemoryLimit reads how much memory the exact counts may hold.
func readMemoryLimit(v strict.Value) int {
	if !v.Given() {
		return 0
	}
	n, err := lattice.ParseBytes(v.Text(""))
	if err != nil {
		v.Fail("memory_limit: %v", err)
	}
	return int(n)
}

// readConstraints reads limits on params and MACs, and bounds on what is measured.
func (f *File) readConstraints(v strict.Value) {
	infos, closed := f.Evaluation.metrics()
	m := v.AnyMap()
	if closed {
		m = v.Map(infos.Names()...)
	}
	for _, key := range m.Keys() {
		at, info := m.Get(key), infos.Of(key)
		if trial.CostInfos().Has(key) {
			info = trial.CostInfos().Of(key)
		}
		switch {
		case (key == trial.Params || key == trial.MACs) && at.IsMap():
			at.Fail("%s is kept exactly, as a count that it is at most: write `%s: 100k`", key, key)
		case key == trial.Params || key == trial.MACs:
			at.Int(0, 1, math.MaxInt64) // reports what is no count
			f.Limits = append(f.Limits, Bound{Metric: key, Max: at.Text(""), key: at, max: at})
		case at.IsMap():
			bounds := at.Map("at_most", "at_least")
			for _, side := range bounds.Keys() {
				f.Constraints = append(f.Constraints, trial.Constraint{Metric: key, AtLeast: side == "at_least", Bound: readBound(info, bounds.Get(side))})
			}
			if len(bounds.Keys()) == 0 {
				at.Fail("%s has no bound: give at_most or at_least", key)
			}
		default:
			f.Constraints = append(f.Constraints, trial.Constraint{Metric: key, AtLeast: info.Direction == trial.Maximise, Bound: readBound(info, at)})
		}
	}
}

// readBound reads the bound on a metric that is measured: bytes, a share, or a number.
func readBound(info trial.MetricInfo, v strict.Value) float64 {
	switch info.Show {
	case trial.ShowBytes:
		n, err := lattice.ParseBytes(v.Text(""))
		if err != nil {
			v.Fail("%s: %v", info.Name, err)
		}
		return float64(n)
	case trial.ShowPercent:
		return v.Float(0, 0, 1)
	}
	if info.Direction == trial.Minimise {
		return v.Float(0, 0, math.MaxFloat64)
	}
	return v.Float(0, -math.MaxFloat64, math.MaxFloat64)
}

// checkLimits reports a cost that there is not, and one that is limited under limits and constraints both; tables are the metrics of cost files.
func (f *File) checkLimits(tables []string) error {
	words := append(lattice.NamedMetrics(), tables...)
	for i, b := range f.Limits {
		if !slices.Contains(words, b.Metric) && !trellis.IsCount(b.Metric) {
			return f.at(b.key, unknownMetric("cost", b.Metric, words))
		}
		for _, before := range f.Limits[:i] {
			if before.Metric == b.Metric {
				line, _ := before.key.Position()
				return f.at(b.key, fmt.Errorf("%s is limited twice; line %d does so already", b.Metric, line))
			}
		}
	}
	return nil
}

// limits returns the limits as the lattice takes them. An amount that is none is an error with its place.
func (f *File) limits(l *lattice.Lattice) ([]lattice.Limit, error) {
	var out []lattice.Limit
	for _, b := range f.Limits {
		m := lattice.Metric(b.Metric)
		if b.Max != "" {
			n, err := l.ParseAmount(m, b.Max, false)
			if err != nil {
				return nil, f.at(b.max, fmt.Errorf("%s: %w", b.Metric, err))
			}
			out = append(out, lattice.AtMost(m, n))
		}
		if b.Min != "" {
			n, err := l.ParseAmount(m, b.Min, true)
			if err != nil {
				return nil, f.at(b.min, fmt.Errorf("%s: %w", b.Metric, err))
			}
			if last := len(out) - 1; b.Max != "" && out[last].Max < n {
				return nil, f.at(b.min, fmt.Errorf("%s: nothing is at least %s and at most %s", b.Metric, b.Min, b.Max))
			}
			if n > 0 { // 0 is ignored
				out = append(out, lattice.AtLeast(m, n))
			}
		}
	}
	return out, nil
}

// region returns the architectures of a priced lattice within the limits. Limits that nothing meets are reported where they stand.
func (f *File) region(l *lattice.Lattice) (*lattice.CountedRegion, error) {
	limits, err := f.limits(l)
	if err != nil {
		return nil, err
	}
	if f.MemoryLimit > 0 {
		l = l.WithMemoryLimit(f.MemoryLimit)
	}
	r, err := l.Within(limits...)
	if err != nil {
		return nil, f.at(f.blame(err), withLimit(err))
	}
	return r, nil
}

// withLimit names a memory limit that a study may be given, where its own holds too few counts.
func withLimit(err error) error {
	var large *lattice.TooLargeError
	switch {
	case !errors.As(err, &large):
		return err
	case large.MemoryLimit > 0:
		return fmt.Errorf("%w: write `memory_limit: %dMiB`", err, large.MemoryLimit>>20)
	}
	return fmt.Errorf("%w; more may do, such as `memory_limit: 2GiB`, or tighter limits", err)
}

// blame returns the place that an error about limits is about: the limit that nothing meets or that cannot be kept, or the space.
func (f *File) blame(err error) strict.Value {
	var (
		infeasible *lattice.InfeasibleError
		metric     *lattice.MetricError
		large      *lattice.TooLargeError
	)
	switch {
	case errors.As(err, &infeasible):
		return f.bound(infeasible.Limit.Metric, infeasible.Limit.Max == lattice.Unlimited)
	case errors.As(err, &metric):
		return f.bound(metric.Metric, metric.Below)
	case errors.As(err, &large):
		return f.bound(large.Limit.Metric, false)
	}
	return f.space
}

// bound returns the place of the limit on a metric, preferably that from below or that from above; or the space, if there is no such limit.
func (f *File) bound(m lattice.Metric, below bool) strict.Value {
	for _, b := range f.Limits {
		switch {
		case b.Metric != string(m):
		case b.min.Given() && (below || !b.max.Given()):
			return b.min
		default:
			return b.max
		}
	}
	return f.space
}
