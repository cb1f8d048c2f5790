package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// scoreFlag names a score file.
type scoreFlag struct{ file string }

func (f *scoreFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "score", "", "the score `file`: a number for each option of each decision (docs/formats/score-file.md)")
	cmd.MarkFlagFilename("score", "yaml", "yml")
}

// need checks that there is a file, before anything is computed.
func (f *scoreFlag) need(cmd *cobra.Command) error {
	if f.file != "" {
		return nil
	}
	return terminal.Hinted(fmt.Errorf("%s: --score FILE is missing", cmd.CommandPath()), "docs/formats/score-file.md describes the file")
}

// distributionFlags choose a distribution over a region: uniform, or the Gibbs distribution of a score.
type distributionFlags struct {
	scoreFlag
	temperature float64
}

// Below the coolest temperature rounding would decide, above the hottest nothing but chance does.
const coolest, hottest = 1e-6, 1e12

func (f *distributionFlags) add(cmd *cobra.Command) {
	f.scoreFlag.add(cmd)
	cmd.Flags().Float64Var(&f.temperature, "temperature", 1, "with --score: probabilities are proportional to exp(score / temperature)")
}

func (f *distributionFlags) check(cmd *cobra.Command) error {
	switch {
	case f.file == "" && cmd.Flags().Changed("temperature"):
		return terminal.Mistakef("--temperature %v: without --score FILE the distribution is uniform and has no temperature", f.temperature)
	case !(f.temperature >= coolest && f.temperature <= hottest):
		return terminal.Mistakef("--temperature %v: want a number from %v to %v", f.temperature, coolest, hottest)
	}
	return nil
}

// region returns what keeps the limits, with the score of the file; without a file everything scores 0.
func (f *distributionFlags) region(t *terminal.Terminal, of spaceFlags, name string) (*lattice.CountedRegion, lattice.Score, error) {
	if f.file != "" {
		return of.scored(t, name, f.scoreFlag)
	}
	r, err := of.region(t, name)
	return r, lattice.Score{}, err
}

// costFlag chooses a cost by its name.
type costFlag struct {
	name  string
	study bool // the cost files are those of a study, otherwise that of --latency
}

func (f *costFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "cost", string(lattice.MACs), "which `cost`: params, macs, memory, depth, count(OPTION), or that of the --latency file")
	terminal.Complete(cmd, "cost", lattice.NamedMetrics(), cobra.ShellCompDirectiveNoFileComp)
}

func (f *costFlag) metric(r explain.Feasible) (lattice.Metric, error) {
	m, err := metricOf(r.Lattice(), f.name)
	if err != nil {
		if f.study && f.name == defaultPriced {
			err = fmt.Errorf("the study has no cost file for %s", f.name)
		}
		return "", terminal.Mistakef("--cost %s: %w", f.name, err)
	}
	return m, nil
}

// mostListed is how many architectures a command prints at most: they are held until all are found.
const mostListed = 1_000_000

func describeScored(r explain.Feasible, a space.Arch, score float64) (explain.Scored, error) {
	described, err := explain.Describe(r, a)
	return explain.Scored{Architecture: described, Score: figure(score)}, err
}

// limitsOf returns the limits of a region as the JSON of space commands has them.
func limitsOf(r explain.Feasible) []string {
	var out []string
	for _, l := range r.Limits() {
		out = append(out, l.String())
	}
	return out
}

// scoredTable prints architectures with their scores and costs.
type scoredTable struct {
	costs []string // beside MACs and params
	infos trial.MetricInfos
}

// tableOf is the table for a region, with the metrics of its lattice and with others beside.
func tableOf(r explain.Feasible, others ...lattice.Metric) scoredTable {
	t := scoredTable{infos: infosOf(r)}
	for _, m := range slices.Concat(r.Lattice().Metrics()[2:], others) {
		if name := string(m); m != lattice.Params && m != lattice.MACs && !slices.Contains(t.costs, name) {
			t.costs = append(t.costs, name)
		}
	}
	return t
}

// infosOf describes the metrics of a region.
func infosOf(r explain.Feasible) trial.MetricInfos {
	out := trial.CostInfos()
	for _, m := range r.Lattice().Metrics() {
		if !out.Has(string(m)) {
			out = append(out, trial.MetricInfo{Name: string(m), Unit: r.Lattice().Unit(m)})
		}
	}
	return out
}

func (t scoredTable) heading() string {
	return strings.ToUpper(strings.Join(slices.Concat([]string{"score", "macs", "params"}, t.costs, []string{"architecture"}), "\t"))
}

func (t scoredTable) cells(s explain.Scored) string {
	cells := []string{number(s.Score), trial.ShortCount(float64(s.MACs)), trial.ShortCount(float64(s.Params))}
	for _, name := range t.costs {
		x, _ := s.Costs[name].Float64()
		cells = append(cells, t.infos.Of(name).Format(x))
	}
	return strings.Join(append(cells, s.Arch), "\t")
}

// number prints a score with six digits.
func number[F ~float64](x F) string { return strconv.FormatFloat(float64(x), 'g', 6, 64) }

// tooLarge marks an answer that would need too much memory as the user's to mend: by a greater memory limit, tighter limits, or another question.
func tooLarge(err error) error {
	var large *lattice.TooLargeError
	switch {
	case !errors.As(err, &large):
		return err
	case large.MemoryLimit > 0:
		return terminal.Hinted(large, "allow it with --memory-limit %dMiB, or count costs in units, such as --unit macs=100k", large.MemoryLimit>>20)
	}
	return terminal.Hinted(large, "a greater --memory-limit, such as 2GiB, may do, or costs in units, such as --unit macs=100k")
}
