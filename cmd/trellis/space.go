package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

func newSpace(t *terminal.Terminal) *cobra.Command {
	return terminal.Group("space", "Answer questions about all networks of a space, exactly",
		`  trellis space count nb201
  trellis space count mobile --max params=100k --max macs=10M
  trellis space sample examples/spaces/chain20.yaml -n 3 --seed 7
  trellis space best mobile --score score.yaml --max params=100k
  trellis space histogram mobile --cost params --out hist.svg
  trellis space rank nb-macro 22212220
  trellis space unrank nb-macro 6000
  trellis space operators mobile
  trellis space draw nb-macro 22212220 --out best.svg`,
		t.Awaited("counting architectures", newSpaceCount(t)),
		newSpaceList(t),
		t.Awaited("finding the ranges of costs", newSpaceRange(t)),
		t.Awaited("counting architectures by cost", newSpaceHistogram(t)),
		t.Awaited("preparing to sample", newSpaceSample(t)),
		t.Awaited("computing marginals", newSpaceMarginals(t)),
		t.Awaited("finding the best architectures", newSpaceBest(t)),
		t.Awaited("computing the front", newSpaceFront(t)),
		t.Awaited("explaining the score", newSpaceExplain(t)),
		t.Awaited("finding the nearest architectures", newSpaceRepair(t)),
		t.Awaited("ranking the architecture", newSpaceRank(t)),
		t.Awaited("finding the architecture", newSpaceUnrank(t)),
		t.Awaited("listing operators", newSpaceOperators(t)),
		t.Awaited("drawing", newSpaceDraw(t)))
}

// spaceFlags choose a space and a region of it.
type spaceFlags struct {
	set []string
	max []string
	min []string

	latency     string
	memoryLimit string

	unit    []string
	rounded map[lattice.Metric]rounded // made of unit
}

// rounded is a metric that stands for another in limits from above.
type rounded struct {
	metric lattice.Metric
	unit   int64
}

func (f *spaceFlags) add(cmd *cobra.Command) {
	addSet(cmd, &f.set)
	cmd.Flags().StringArrayVar(&f.max, "max", nil,
		"a limit that every architecture must keep, as `cost=N` (params=100k, macs=10M, memory=512KiB, latency=20ms, depth=8, count(k5)=3)")
	cmd.Flags().StringArrayVar(&f.min, "min", nil, "a limit from below, as `cost=N` (params=50k, depth=8, count(*.kernel=k5)=2)")
	cmd.Flags().StringVar(&f.latency, "latency", "", "the cost `file` of a further cost, such as latency, of options or of operators (docs/formats/cost-file.md)")
	cmd.MarkFlagFilename("latency", "yaml", "yml", "csv", "gz")
	cmd.Flags().StringVar(&f.memoryLimit, "memory-limit", "", "how much `memory` an exact answer may hold, such as 2GiB (default 512MiB); while it is found, up to as much again")
	cmd.Flags().StringArrayVar(&f.unit, "unit", nil,
		"round a cost up to units at every decision, as `cost=N` (macs=100k), where its --max is too large a question; some that barely keep it are left out")
	limits := make([]string, len(lattice.NamedMetrics()))
	for i, name := range lattice.NamedMetrics() {
		limits[i] = name + "="
	}
	terminal.Complete(cmd, "max", limits, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	terminal.Complete(cmd, "unit", limits[:2], cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	terminal.Complete(cmd, "min", limits, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
}

// addSet adds the options of a space, and the spaces that there are for its name.
func addSet(cmd *cobra.Command, set *[]string) {
	cmd.Flags().StringArrayVar(set, "set", nil, "an option of the space, as `key=value` (input=28x28x1, classes=10, layers=12, …)")
	terminal.Offer(cmd, cobra.ShellCompDirectiveDefault, space.BuiltIns()...)
}

// region opens the space and counts what is within the limits. Every error is the user's to mend.
func (f *spaceFlags) region(t *terminal.Terminal, name string) (*lattice.CountedRegion, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, err
	}
	return f.within(l)
}

// feasible is region without counting.
func (f *spaceFlags) feasible(t *terminal.Terminal, name string) (*lattice.FeasibleSet, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, err
	}
	return f.uncounted(l)
}

// scored is region for the scores of a file: its steps know what these depend on.
func (f *spaceFlags) scored(t *terminal.Terminal, name string, score scoreFlag) (*lattice.CountedRegion, lattice.Score, error) {
	l, s, err := f.compileFor(t, name, score)
	if err != nil {
		return nil, s, err
	}
	r, err := f.within(l)
	return r, s, err
}

// ranked is scored without counting.
func (f *spaceFlags) ranked(t *terminal.Terminal, name string, score scoreFlag) (*lattice.FeasibleSet, lattice.Score, error) {
	l, s, err := f.compileFor(t, name, score)
	if err != nil {
		return nil, s, err
	}
	o, err := f.uncounted(l)
	return o, s, err
}

// compileFor is lattice for the scores of a file.
func (f *spaceFlags) compileFor(t *terminal.Terminal, name string, file scoreFlag) (*lattice.Lattice, lattice.Score, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, lattice.Score{}, err
	}
	s, err := score.Open(file.file, l)
	if err != nil {
		return nil, s, terminal.Mistake(err)
	}
	if l, err = l.ForScore(s); err != nil {
		return nil, s, terminal.Mistake(fmt.Errorf("%s: %w", file.file, err))
	}
	return l, s, nil
}

// lattice opens the space and compiles it, with the costs of a cost file if there is one.
func (f *spaceFlags) lattice(t *terminal.Terminal, name string) (*lattice.Lattice, error) {
	l, err := openLattice(name, f.set)
	if err != nil {
		return nil, err
	}
	if f.memoryLimit != "" {
		limit, err := lattice.ParseBytes(f.memoryLimit)
		if err != nil {
			return nil, terminal.Mistakef("--memory-limit: %w", err)
		}
		l = l.WithMemoryLimit(int(limit))
	}
	if f.latency != "" {
		if l, _, err = priced(t, l, f.latency); err != nil {
			return nil, err
		}
	}
	return f.round(t, l)
}

// round adds the metrics of --unit to a lattice, and says so.
func (f *spaceFlags) round(t *terminal.Terminal, l *lattice.Lattice) (*lattice.Lattice, error) {
	f.rounded = map[lattice.Metric]rounded{}
	for _, text := range f.unit {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, terminal.Mistakef("--unit %s: want cost=N, such as macs=100k", text)
		}
		m, err := metricOf(l, name)
		if err != nil {
			return nil, terminal.Mistakef("--unit %s: %w", text, err)
		}
		unit, err := l.ParseAmount(m, value, false)
		if err != nil {
			return nil, terminal.Mistakef("--unit %s: %w", text, err)
		}
		in := rounded{unit: unit}
		if l, in.metric, err = l.Rounded(m, unit); err != nil {
			return nil, terminal.Mistakef("--unit %s: %w", text, err)
		}
		f.rounded[m] = in
		fmt.Fprintf(t.Err, "note: %s are rounded up to units of %s at every decision; some that barely keep --max %s are left out\n", m, value, m)
	}
	return l, nil
}

// called returns the name and the unit of a metric for people: one of --unit is the metric that it stands for, whose amounts are multiples.
func (f *spaceFlags) called(m lattice.Metric, unit string) (name, in string) {
	for of, is := range f.rounded {
		if is.metric == m {
			return fmt.Sprintf("%s (in units of %s)", of, thousands(int(is.unit))), ""
		}
	}
	return string(m), unit
}

// uncounted returns what keeps the limits, not counted.
func (f *spaceFlags) uncounted(l *lattice.Lattice) (*lattice.FeasibleSet, error) {
	limits, err := f.limits(l)
	if err != nil {
		return nil, err
	}
	o, err := l.Feasible(limits...)
	return o, tooLarge(terminal.Mistake(f.locate(err)))
}

// within returns what keeps the limits.
func (f *spaceFlags) within(l *lattice.Lattice) (*lattice.CountedRegion, error) {
	limits, err := f.limits(l)
	if err != nil {
		return nil, err
	}
	r, err := l.Within(limits...)
	return r, tooLarge(terminal.Mistake(f.locate(err)))
}

// locate names the flag of an error about a limit.
func (f *spaceFlags) locate(err error) error {
	var of *lattice.MetricError
	if !errors.As(err, &of) {
		return err
	}
	flag := ""
	find := func(name string, texts []string) {
		for _, text := range texts {
			if flag == "" && strings.HasPrefix(text, string(of.Metric)+"=") {
				flag = fmt.Sprintf("--%s %s", name, text)
			}
		}
	}
	if !of.Below {
		find("max", f.max)
	}
	find("min", f.min)
	if flag == "" {
		return err
	}
	return fmt.Errorf("%s: %s", flag, of.Reason)
}

// openLattice opens a space with options, as --set gives them, and compiles it.
func openLattice(name string, set []string) (*lattice.Lattice, error) {
	params := space.Params{}
	for _, s := range set {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, terminal.Mistakef("--set %s: want key=value, such as classes=10", s)
		}
		if before, twice := params[key]; twice {
			return nil, terminal.Mistakef("--set %s: %s is set already, to %s", s, key, before)
		}
		params[key] = value
	}
	s, err := space.Open(name, params)
	if err != nil {
		return nil, terminal.Mistake(locateSet(err, params))
	}
	l, err := lattice.Compile(s)
	return l, terminal.Mistake(err)
}

// priced adds the metric of a cost file to a lattice.
func priced(t *terminal.Terminal, l *lattice.Lattice, file string) (*lattice.Lattice, lattice.Metric, error) {
	price, err := score.OpenCosts(file, l)
	if err != nil {
		return nil, "", terminal.Mistake(err)
	}
	noteGuesses(t, price)
	if l, err = l.WithCosts(price.CostModel); err != nil {
		return nil, "", terminal.Mistake(fmt.Errorf("%s: %w", file, err))
	}
	return l, price.Metric, nil
}

// noteGuesses says which operators of the space the table of a cost file has no row for: their costs are not measured.
func noteGuesses(t *terminal.Terminal, p score.Costs) {
	if len(p.Guesses) == 0 {
		return
	}
	fmt.Fprintf(t.Err, "note: the table has no row for %s of the space, whose %s is a guess:\n", several(len(p.Guesses), "operator"), p.Metric)
	for i, g := range p.Guesses {
		if i == 6 {
			fmt.Fprintf(t.Err, "  and %d more\n", len(p.Guesses)-i)
			break
		}
		fmt.Fprintf(t.Err, "  %s: %.4g %s\n", g.Operator, g.Cost, p.Unit)
	}
}

// locateSet names the flag where an error is about the value of an option, which space.Open calls "option NAME".
func locateSet(err error, params space.Params) error {
	var placed *strict.Error
	if errors.As(err, &placed) {
		if key, ok := strings.CutPrefix(placed.File, "option "); ok {
			return fmt.Errorf("--set %s=%s: %s", key, params[key], placed.Message)
		}
	}
	var unknown *space.UnknownOptionError
	if errors.As(err, &unknown) {
		return fmt.Errorf("--set %s=%s: %w", unknown.Option, params[unknown.Option], err)
	}
	return err
}

// defaultPriced is the metric of a cost file that does not name one.
const defaultPriced = "latency"

// limits reads --max and --min.
func (f *spaceFlags) limits(l *lattice.Lattice) ([]lattice.Limit, error) {
	var out []lattice.Limit
	for _, flag := range []struct {
		name  string
		texts []string
		limit func(lattice.Metric, int64) lattice.Limit
	}{{"max", f.max, lattice.AtMost}, {"min", f.min, lattice.AtLeast}} {
		for _, text := range flag.texts {
			at := strings.LastIndexByte(text, '=')
			if at < 0 {
				return nil, terminal.Mistakef("--%s %s: want cost=N, such as params=100k", flag.name, text)
			}
			name, value := text[:at], text[at+1:]
			m, err := metricOf(l, name)
			if err != nil {
				return nil, terminal.Mistakef("--%s %s: %w", flag.name, text, err)
			}
			n, err := l.ParseAmount(m, value, flag.name == "min")
			if err != nil {
				return nil, terminal.Mistakef("--%s %s: %w", flag.name, text, err)
			}
			if in, ok := f.rounded[m]; ok && flag.name == "max" {
				m, n = in.metric, n/in.unit
			}
			out = append(out, flag.limit(m, n))
		}
	}
	return out, nil
}

// countable returns a metric, unless it is a counter of something that the space does not have.
func countable(l *lattice.Lattice, m lattice.Metric) (lattice.Metric, error) {
	if m == lattice.Memory {
		return m, nil
	}
	_, err := l.WithMetric(m)
	return m, reason(err)
}

// reason is an error about a metric without its name, which stands before it.
func reason(err error) error {
	var of *lattice.MetricError
	if errors.As(err, &of) {
		return errors.New(of.Reason)
	}
	return err
}

// metricOf returns the metric of a name: one of every space, of a cost file, or a counter.
func metricOf(l *lattice.Lattice, name string) (lattice.Metric, error) {
	words := lattice.NamedMetrics()
	for _, m := range l.Metrics()[2:] {
		words = append(words, string(m))
	}
	if slices.Contains(words, name) || strings.HasPrefix(name, "count(") && strings.HasSuffix(name, ")") {
		return countable(l, lattice.Metric(name))
	}
	if name == defaultPriced {
		return "", fmt.Errorf("%s comes from a cost file: --latency FILE", name)
	}
	return "", fmt.Errorf("unknown cost %q; %s", name, nearest.Advice(name, append(words, "count(OPTION)")))
}
