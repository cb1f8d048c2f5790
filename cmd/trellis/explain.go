package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func newExplain(t *terminal.Terminal) *cobra.Command {
	var (
		f         = explainFlags{cost: costFlag{study: true}}
		kind      string
		objective string
	)
	cmd := &cobra.Command{
		Use:   "explain FOLDER",
		Short: "Explain a study: which decisions matter, what options do, what a limit is worth",
		Long: `Explain fits a surrogate to what the search of a run folder measured of its first objective or of another one, and prints how well it fits. Of
the surrogate it then computes, exactly over all architectures within the limits of the study: which share of the variance every decision has (Shapley
value) and how much of it the decision explains alone; what every option does on average; the best architecture; and the marginal value of a limit on a
cost: the best within it, and what a higher one gains. Behind ± stands one standard error over the trials (jackknife).

The surrogate has a number for each option (additive), or one for each pair of options of neighbouring decisions (pairs) where these predict trials
that are left out better by more than one standard error.`,
		Example: `  trellis explain runs/quickstart
  trellis explain runs/quickstart --cost params --out front.svg
  trellis explain runs/quickstart --by depth --all
  trellis explain runs/quickstart --objective latency
  trellis explain runs/quickstart --surrogate pairs --json     pairs, whether they predict better or not`,
		Args: terminal.Takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			names, err := surrogatesOf(kind)
			if err != nil {
				return err
			}
			h, kinds, err := kindsOf(cmd.Context(), args[0], names)
			if err != nil {
				return err
			}
			q, err := f.question(kinds[0].Region)
			if err != nil {
				return err
			}
			o, err := objectiveOf(h, objective)
			if err != nil {
				return err
			}
			e, err := explain.Study(explain.Observe(h, o), kinds, q)
			if err != nil {
				return terminal.Mistake(err)
			}
			return f.print(t, e)
		},
	}
	f.add(cmd, "the `cost` whose limits are valued: params, macs, memory, depth, count(OPTION), or one of the study's cost files")
	cmd.Flags().StringVar(&objective, "objective", "", "which objective of the study is explained, by its `name` (default: the first)")
	cmd.Flags().StringVar(&kind, "surrogate", surrogates[0], "which surrogate is fitted: additive, pairs (of neighbouring decisions), or auto, pairs only if they predict better by more than one standard error")
	terminal.Complete(cmd, "surrogate", surrogates, cobra.ShellCompDirectiveNoFileComp)
	terminal.OfferFolders(cmd)
	return cmd
}

// explainFlags are what both commands that explain are asked.
type explainFlags struct {
	cost     costFlag
	counters []string
	all      bool
	out      pictureFlag
}

func (f *explainFlags) add(cmd *cobra.Command, cost string) {
	cmd.Flags().StringVar(&f.cost.name, "cost", string(lattice.MACs), cost)
	terminal.Complete(cmd, "cost", lattice.NamedMetrics(), cobra.ShellCompDirectiveNoFileComp)
	cmd.Flags().StringArrayVar(&f.counters, "by", nil, "also the effect of every number of this `counter`: depth, count(OPTION) or count(RULE=OPTION); may be given several times")
	cmd.Flags().BoolVar(&f.all, "all", false, "print all decisions, options and pairs, however little they do")
	f.out.add(cmd)
}

// check refuses what can be refused before anything is computed.
func (f *explainFlags) check() error { return f.out.check() }

// question is what is asked about a score over a region.
func (f *explainFlags) question(r *lattice.CountedRegion) (q explain.Question, err error) {
	if q.Cost, err = f.cost.metric(r); err != nil {
		return q, err
	}
	for _, name := range f.counters {
		if _, err := r.Lattice().TrackCounters(lattice.TrackedCounter{Metric: lattice.Metric(name)}); err != nil {
			return q, terminal.Mistakef("--by %s: %w", name, reason(err))
		}
		q.Counters = append(q.Counters, lattice.Metric(name))
	}
	return q, nil
}

// print draws an explanation if there is a file to draw to, and prints it.
func (f *explainFlags) print(t *terminal.Terminal, e explain.Explanation) error {
	if err := f.out.chart(func() (draw.Picture, error) { return draw.Front(report.ExplanationChart(e)) }); err != nil {
		return err
	}
	return t.Print(e, func(w io.Writer) error { return report.WriteExplanation(w, e, f.all) })
}

// surrogates are the kinds that are fitted, after the word for the better one of them.
var surrogates = []string{"auto", explain.Additive, explain.Pairs}

// surrogatesOf returns the kinds to be fitted, the simpler one first.
func surrogatesOf(kind string) ([]string, error) {
	switch {
	case kind == surrogates[0]:
		return surrogates[1:], nil
	case slices.Contains(surrogates, kind):
		return []string{kind}, nil
	}
	return nil, terminal.Mistakef("--surrogate %s: %s", kind, nearest.Advice(kind, surrogates))
}

// objectiveOf returns the objective of a study that is called so; without a name the first.
func objectiveOf(h *store.History, name string) (trial.Objective, error) {
	var names []string
	for _, o := range h.Started.Objectives {
		if name == "" || o.Metric == name {
			return o, nil
		}
		names = append(names, o.Metric)
	}
	return trial.Objective{}, terminal.Mistakef("--objective %s: %s", name, nearest.Advice(name, names))
}

// kindsOf returns the history of a run folder and the region that its study searches, for each kind of surrogate.
func kindsOf(ctx context.Context, folder string, names []string) (*store.History, []explain.Kind, error) {
	h, _, err := readStudy(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	f, err := reopen(folder, h)
	if err != nil {
		return nil, nil, terminal.Mistake(err)
	}
	var out []explain.Kind
	for _, name := range names {
		r, err := f.RegionFor(h.Started.Data, name == explain.Pairs)
		if err != nil {
			return nil, nil, terminal.Mistake(err)
		}
		out = append(out, explain.Kind{Name: name, Region: r})
	}
	return h, out, nil
}
