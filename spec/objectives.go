package spec

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// metrics are the figures that the training evaluator reports; each is an objective that may be named, and has one direction that makes
// sense. Others are known of the architecture alone and may be wanted small or large: depth, counters and the metrics of cost files.
var (
	metrics   = [...]string{"accuracy", loss, trial.Params, trial.MACs, trial.Memory}
	maximised = "accuracy"
)

const loss = "loss"

// The exponents of Tan et al., "MnasNet: Platform-aware neural architecture search for mobile", 2019: of a soft target and of a hard one.
const (
	softExponent = -0.07
	hardExponent = -1
)

// Target says what an objective should be, and how much that counts; see [search.Goal].
type Target struct {
	Metric   string
	Amount   string // as it is written, such as 1M, 6ms or 0.25
	Exponent float64
	Hard     bool
	at       strict.Value
}

// readObjectives reads what is wanted, with the places where the metrics stand, and the targets of the objectives after the first, if they
// have some.
func readObjectives(v strict.Value) (out trial.Objectives, places []strict.Value, targets []Target) {
	if !v.Given() {
		return trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: trial.MACs}}, make([]strict.Value, 2), nil
	}
	var items []strict.Map
	for _, item := range v.List() {
		if item.Given() && !item.IsMap() && !item.IsList() {
			item.Fail("objective %q has no direction: write `maximise: METRIC` or `minimise: METRIC`", item.Text(""))
			return nil, nil, nil
		}
		m := item.Map("maximise", "minimise", "target", "exponent", "hard")
		if m.Get("maximise").Given() == m.Get("minimise").Given() {
			item.Fail("an objective is either `maximise: METRIC` or `minimise: METRIC`")
			return nil, nil, nil
		}
		o, metric := readObjective(m)
		for _, before := range out {
			if before.Metric == o.Metric {
				metric.Fail("%s is an objective twice", o.Metric)
			}
		}
		out, places, items = append(out, o), append(places, metric), append(items, m)
	}
	if len(out) == 0 {
		v.Fail("objectives is an empty list: name at least one, such as `- maximise: accuracy`")
		return nil, nil, nil
	}
	return out, places, readTargets(out, items)
}

// readObjective reads one objective; metric is where it is named.
func readObjective(m strict.Map) (o trial.Objective, metric strict.Value) {
	metric = m.Get("minimise")
	if o.Maximise = m.Get("maximise").Given(); o.Maximise {
		metric = m.Get("maximise")
	}
	o.Metric = metric.Text("")
	if slices.Contains(metrics[:], o.Metric) && o.Maximise != (o.Metric == maximised) {
		metric.Fail("%s cannot be wanted as %s as possible: write `%s: %s`", o.Metric,
			map[bool]string{true: "large", false: "small"}[o.Maximise],
			map[bool]string{true: "minimise", false: "maximise"}[o.Maximise], o.Metric)
	}
	return o, metric
}

// readTargets reads the targets of the objectives: of none, or of all but the first, which is maximised.
func readTargets(of trial.Objectives, items []strict.Map) (targets []Target) {
	for i, m := range items {
		target := m.Get("target")
		switch {
		case !target.Given():
			for _, key := range []string{"exponent", "hard"} {
				if at := m.Get(key); at.Given() {
					at.Fail("%s says how a target counts, and %s has none", key, of[i].Metric)
				}
			}
		case i == 0:
			target.Fail("the first objective is what is traded for the others, so it has no target")
		case !of[0].Maximise:
			target.Fail("a target needs a first objective that is maximised: a search is then for %s·(%s/target)^exponent", maximised, of[i].Metric)
		case len(targets) < i-1:
			target.Fail("%s has a target and %s has none: give one to every objective but the first, or to none", of[i].Metric, of[i-1].Metric)
		default:
			targets = append(targets, readTarget(of[i].Metric, m))
		}
	}
	if n := len(items); len(targets) > 0 && len(targets) < n-1 {
		items[n-1].Need("target")
	}
	return targets
}

// readTarget reads a target and how it counts. How much it is, the lattice says that knows the unit of the metric.
func readTarget(metric string, m strict.Map) Target {
	t := Target{Metric: metric, Hard: m.Get("hard").Bool(false), at: m.Get("target")}
	t.Amount = t.at.Text("")
	usual := softExponent
	if t.Hard {
		usual = hardExponent
	}
	t.Exponent = m.Get("exponent").Float(usual, -100, -1e-6)
	return t
}

// goals returns the targets in the units of their metrics. Amounts are written as those of limits are, or as numbers in the unit. One that is
// neither is an error with its place.
func (f *File) goals(l *lattice.Lattice) ([]search.Goal, error) {
	var out []search.Goal
	for _, t := range f.Targets {
		x, err := strconv.ParseFloat(t.Amount, 64)
		switch measured := t.Metric == maximised || t.Metric == loss; {
		case err == nil && !math.IsInf(x, 0) && !math.IsNaN(x):
		case measured:
			return nil, f.at(t.at, fmt.Errorf("target is %q, want a number", t.Amount))
		default:
			if x, err = l.ParseCost(lattice.Metric(t.Metric), t.Amount); err != nil {
				return nil, f.at(t.at, fmt.Errorf("target: %w", err))
			}
		}
		if x <= 0 {
			return nil, f.at(t.at, fmt.Errorf("target is %s; it must be more than 0", t.Amount))
		}
		out = append(out, search.Goal{Target: x, Exponent: t.Exponent, Hard: t.Hard})
	}
	return out, nil
}

// checkObjectives reports an objective that nothing measures; tables are the metrics of cost files.
func (f *File) checkObjectives(tables []string) error {
	words := append(append(metrics[:len(metrics):len(metrics)], string(lattice.Depth)), tables...)
	for i, o := range f.Objectives {
		if !slices.Contains(words, o.Metric) && !counted(o.Metric) {
			direction := "minimise"
			if o.Maximise {
				direction = "maximise"
			}
			return f.at(f.wanted[i], unknownMetric(direction, o.Metric, words))
		}
	}
	return nil
}
