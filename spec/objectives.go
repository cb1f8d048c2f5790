package spec

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// The exponents of Tan et al., "MnasNet: Platform-aware neural architecture search for mobile", 2019: of a soft target and of a hard one.
const (
	softExponent = -0.07
	hardExponent = -1
)

// Target says what an objective should be, and how much that counts; see [search.Target].
type Target struct {
	Metric   string
	Amount   string // as it is written, such as 1M, 6ms or 0.25
	Exponent float64
	Hard     bool
	at       strict.Value
}

// readObjectives reads what is wanted, with the places where the metrics stand, and the targets of the objectives after the first, if they
// have some. Without objectives they are those of the evaluation: accuracy and MACs for training, those of the table for a table.
func (f *File) readObjectives(v strict.Value) {
	if !v.Given() {
		switch f.Evaluation.Kind() {
		case train.Kind:
			f.Objectives = trial.Objectives{{Metric: train.Accuracy, Maximise: true}, {Metric: trial.MACs}}
			f.wanted = make([]strict.Value, 2)
		case bench.Kind: // the table says, when it is open
		default:
			v.Fail("objectives are missing: what is the program's figure to be, as `objectives: [{maximise: accuracy}]`?")
			f.evaluation.Fail("objectives are missing: name what the program measures, as `objectives: [{maximise: accuracy}]`")
		}
		return
	}
	var items []strict.Map
	for _, item := range v.List() {
		if item.Given() && !item.IsMap() && !item.IsList() {
			item.Fail("objective %q has no direction: write `maximise: METRIC` or `minimise: METRIC`", item.Text(""))
			return
		}
		m := item.Map("maximise", "minimise", "target", "exponent", "hard")
		if m.Get("maximise").Given() == m.Get("minimise").Given() {
			item.Fail("an objective is either `maximise: METRIC` or `minimise: METRIC`")
			return
		}
		o, metric := f.readObjective(m)
		for _, before := range f.Objectives {
			if before.Metric == o.Metric {
				metric.Fail("%s is an objective twice", o.Metric)
			}
		}
		f.Objectives, f.wanted, items = append(f.Objectives, o), append(f.wanted, metric), append(items, m)
	}
	if len(f.Objectives) == 0 {
		v.Fail("objectives is an empty list: name at least one, such as `- maximise: accuracy`")
		return
	}
	f.Targets = readTargets(f.Objectives, items)
}

// readObjective reads one objective; metric is where it is named.
func (f *File) readObjective(m strict.Map) (o trial.Objective, metric strict.Value) {
	metric = m.Get("minimise")
	if o.Maximise = m.Get("maximise").Given(); o.Maximise {
		metric = m.Get("maximise")
	}
	o.Metric = metric.Text("")
	f.checkDirection(o, metric)
	return o, metric
}

// checkDirection reports an objective in the direction that makes no sense for its metric.
func (f *File) checkDirection(o trial.Objective, metric strict.Value) {
	infos, _ := f.Evaluation.metrics()
	sense := infos.Of(o.Metric).Direction
	if sense == "" || o.Maximise == (sense == trial.Maximise) {
		return
	}
	metric.Fail("%s cannot be wanted as %s as possible: write `%s: %s`", o.Metric,
		map[bool]string{true: "large", false: "small"}[o.Maximise], sense, o.Metric)
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
			target.Fail("a target needs a first objective that is maximised: a search is then for accuracy·(%s/target)^exponent", of[i].Metric)
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

// targets returns the targets in the units of their metrics. Amounts are written as those of limits are, or as numbers in the unit. One that is
// neither is an error with its place.
func (f *File) targets(l *lattice.Lattice) ([]search.Target, error) {
	var out []search.Target
	for _, t := range f.Targets {
		x, err := strconv.ParseFloat(t.Amount, 64)
		switch measured := !f.knownCost(t.Metric); {
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
		out = append(out, search.Target{Value: x, Exponent: t.Exponent, Hard: t.Hard})
	}
	return out, nil
}

// knownCost reports whether the amounts of a metric are written as those of limits are.
func (f *File) knownCost(metric string) bool {
	infos, closed := f.Evaluation.metrics()
	return trial.CostInfos().Has(metric) || closed && !infos.Has(metric)
}

// checkObjectives reports an objective that nothing measures; tables are the metrics of cost files. What a program measures it says when it runs.
func (f *File) checkObjectives(tables []string) error {
	infos, closed := f.Evaluation.metrics()
	words := infos.Names()
	for _, name := range lattice.NamedMetrics() {
		if !infos.Has(name) {
			words = append(words, name)
		}
	}
	words = append(words, tables...)
	for i, o := range f.Objectives {
		if closed && i < len(f.wanted) && !slices.Contains(words, o.Metric) && !trellis.IsCount(o.Metric) {
			direction := "minimise"
			if o.Maximise {
				direction = "maximise"
			}
			return f.at(f.wanted[i], unknownMetric(direction, o.Metric, words))
		}
	}
	return nil
}
