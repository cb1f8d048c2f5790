package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func newSpace(t *terminal) *cobra.Command {
	return abandonable(t, group(t, "space", "Answer questions about all networks of a space, exactly",
		`  trellis space count nb201
  trellis space count mobile --max params=100k --max macs=10M
  trellis space sample examples/spaces/chain20.yaml -n 3 --seed 7
  trellis space best mobile --score score.yaml --max params=100k
  trellis space histogram mobile --cost params --out hist.svg
  trellis space rank nb-macro 22212220
  trellis space unrank nb-macro 6000
  trellis space operators mobile
  trellis space draw nb-macro 22212220 --out best.svg`,
		newSpaceCount(t), newSpaceRange(t), newSpaceHistogram(t), newSpaceSample(t), newSpaceMarginals(t), newSpaceBest(t), newSpaceFront(t),
		newSpaceExplain(t), newSpaceRepair(t), newSpaceRank(t), newSpaceUnrank(t), newSpaceOperators(t), newSpaceDraw(t)))
}

// spaceFlags choose a space and a region of it.
type spaceFlags struct {
	set []string
	max []string
	min []string

	latency string
	room    string

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
	cmd.Flags().StringVar(&f.room, "room", "", "how much `memory` an exact answer may hold, such as 2GiB (default 512MiB); while it is found, up to as much again")
	cmd.Flags().StringArrayVar(&f.unit, "unit", nil,
		"round a cost up to units at every decision, as `cost=N` (macs=100k), where its --max is too large a question; some that barely keep it are left out")
	limits := make([]string, len(limitable))
	for i, name := range limitable {
		limits[i] = name + "="
	}
	complete(cmd, "max", limits, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "unit", limits[:2], cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "min", limits, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
}

// addSet adds the options of a space, and the spaces that there are for its name.
func addSet(cmd *cobra.Command, set *[]string) {
	cmd.Flags().StringArrayVar(set, "set", nil, "an option of the space, as `key=value` (input=28x28x1, classes=10, layers=12, …)")
	offer(cmd, cobra.ShellCompDirectiveDefault, space.BuiltIns()...)
}

// limited is what keeps some limits: a region, or an outline, which is not counted.
type limited interface {
	Lattice() *lattice.Lattice
	Space() *space.Space
	Limits() []lattice.Limit
}

// region opens the space and counts what is within the limits. Every error is the user's to mend.
func (f *spaceFlags) region(t *terminal, name string) (*lattice.Region, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, err
	}
	return f.within(l)
}

// outline is region without counting.
func (f *spaceFlags) outline(t *terminal, name string) (*lattice.Outline, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, err
	}
	return f.uncounted(l)
}

// scored is region for the scores of a file: its steps know what these depend on.
func (f *spaceFlags) scored(t *terminal, name string, score scoreFlag) (*lattice.Region, lattice.Score, error) {
	l, s, err := f.knowing(t, name, score)
	if err != nil {
		return nil, s, err
	}
	r, err := f.within(l)
	return r, s, err
}

// ranked is scored without counting.
func (f *spaceFlags) ranked(t *terminal, name string, score scoreFlag) (*lattice.Outline, lattice.Score, error) {
	l, s, err := f.knowing(t, name, score)
	if err != nil {
		return nil, s, err
	}
	o, err := f.uncounted(l)
	return o, s, err
}

// knowing is lattice for the scores of a file.
func (f *spaceFlags) knowing(t *terminal, name string, score scoreFlag) (*lattice.Lattice, lattice.Score, error) {
	l, err := f.lattice(t, name)
	if err != nil {
		return nil, lattice.Score{}, err
	}
	s, err := lattice.OpenScore(score.file, l)
	if err != nil {
		return nil, s, wrong(err)
	}
	if l, err = l.Knowing(s); err != nil {
		return nil, s, wrong(fmt.Errorf("%s: %w", score.file, err))
	}
	return l, s, nil
}

// lattice opens the space and compiles it, with the costs of a cost file if there is one.
func (f *spaceFlags) lattice(t *terminal, name string) (*lattice.Lattice, error) {
	l, err := openLattice(name, f.set)
	if err != nil {
		return nil, err
	}
	if f.room != "" {
		room, err := lattice.ParseBytes(f.room)
		if err != nil {
			return nil, wrongf("--room: %w", err)
		}
		l = l.WithRoom(int(room))
	}
	if f.latency != "" {
		if l, _, err = t.priced(l, f.latency); err != nil {
			return nil, err
		}
	}
	return f.round(t, l)
}

// round adds the metrics of --unit to a lattice, and says so.
func (f *spaceFlags) round(t *terminal, l *lattice.Lattice) (*lattice.Lattice, error) {
	f.rounded = map[lattice.Metric]rounded{}
	for _, text := range f.unit {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, wrongf("--unit %s: want cost=N, such as macs=100k", text)
		}
		m, err := metricOf(l, name)
		if err != nil {
			return nil, wrongf("--unit %s: %w", text, err)
		}
		unit, err := l.ParseAmount(m, value, false)
		if err != nil {
			return nil, wrongf("--unit %s: %w", text, err)
		}
		in := rounded{unit: unit}
		if l, in.metric, err = l.Rounded(m, unit); err != nil {
			return nil, wrongf("--unit %s: %w", text, err)
		}
		f.rounded[m] = in
		fmt.Fprintf(t.err, "note: %s are rounded up to units of %s at every decision; some that barely keep --max %s are left out\n", m, value, m)
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
func (f *spaceFlags) uncounted(l *lattice.Lattice) (*lattice.Outline, error) {
	limits, err := f.limits(l)
	if err != nil {
		return nil, err
	}
	o, err := l.Outline(limits...)
	return o, tooLarge(wrong(f.blame(err)))
}

// within returns what keeps the limits.
func (f *spaceFlags) within(l *lattice.Lattice) (*lattice.Region, error) {
	limits, err := f.limits(l)
	if err != nil {
		return nil, err
	}
	r, err := l.Within(limits...)
	return r, tooLarge(wrong(f.blame(err)))
}

// blame names the flag that an error about a limit is about.
func (f *spaceFlags) blame(err error) error {
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
			return nil, wrongf("--set %s: want key=value, such as classes=10", s)
		}
		if before, twice := params[key]; twice {
			return nil, wrongf("--set %s: %s is set already, to %s", s, key, before)
		}
		params[key] = value
	}
	s, err := space.Open(name, params)
	if err != nil {
		return nil, wrong(blameSet(err, params))
	}
	l, err := lattice.Compile(s)
	return l, wrong(err)
}

// priced adds the metric of a cost file to a lattice.
func (t *terminal) priced(l *lattice.Lattice, file string) (*lattice.Lattice, lattice.Metric, error) {
	price, err := lattice.OpenPrice(file, l)
	if err != nil {
		return nil, "", wrong(err)
	}
	t.tellGuesses(price)
	if l, err = l.Priced(price); err != nil {
		return nil, "", wrong(fmt.Errorf("%s: %w", file, err))
	}
	return l, price.Metric, nil
}

// tellGuesses says which operators of the space the table of a cost file has no row for: their costs are not measured.
func (t *terminal) tellGuesses(p lattice.Price) {
	if len(p.Guesses) == 0 {
		return
	}
	fmt.Fprintf(t.err, "note: the table has no row for %s of the space, whose %s is a guess:\n", several(len(p.Guesses), "operator"), p.Metric)
	for i, g := range p.Guesses {
		if i == 6 {
			fmt.Fprintf(t.err, "  and %d more\n", len(p.Guesses)-i)
			break
		}
		fmt.Fprintf(t.err, "  %s: %.4g %s\n", g.Operator, g.Cost, p.Unit)
	}
}

// blameSet names the flag where an error is about the value of an option, which space.Open calls "option NAME".
func blameSet(err error, params space.Params) error {
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

// limitable are the costs that every space has.
var limitable = []string{string(lattice.Params), string(lattice.MACs), string(lattice.Memory), string(lattice.Depth)}

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
				return nil, wrongf("--%s %s: want cost=N, such as params=100k", flag.name, text)
			}
			name, value := text[:at], text[at+1:]
			m, err := metricOf(l, name)
			if err != nil {
				return nil, wrongf("--%s %s: %w", flag.name, text, err)
			}
			n, err := l.ParseAmount(m, value, flag.name == "min")
			if err != nil {
				return nil, wrongf("--%s %s: %w", flag.name, text, err)
			}
			if in, ok := f.rounded[m]; ok && flag.name == "max" {
				m, n = in.metric, n/in.unit
			}
			out = append(out, flag.limit(m, n))
		}
	}
	return out, nil
}

// countable returns a metric, if it is no counter of what the space does not have.
func countable(l *lattice.Lattice, m lattice.Metric) (lattice.Metric, error) {
	if m == lattice.Memory {
		return m, nil
	}
	_, err := l.Counting(m)
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
	words := slices.Clone(limitable)
	for _, m := range l.Metrics()[2:] {
		words = append(words, string(m))
	}
	if slices.Contains(words, name) || strings.HasPrefix(name, "count(") && strings.HasSuffix(name, ")") {
		return countable(l, lattice.Metric(name))
	}
	if name == defaultPriced {
		return "", fmt.Errorf("what %s an architecture has, a cost file says: --latency FILE", name)
	}
	return "", fmt.Errorf("unknown cost %q; %s", name, nearest.Advice(name, append(words, "count(OPTION)")))
}
