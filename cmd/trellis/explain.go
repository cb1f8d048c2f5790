package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func newExplain(t *terminal) *cobra.Command {
	var (
		f         = explainFlags{cost: costFlag{study: true}}
		kind      string
		objective string
	)
	cmd := &cobra.Command{
		Use:   "explain FOLDER",
		Short: "Say which decisions made the networks of a study good, and what a budget buys",
		Long: `Explain fits a score, the surrogate, to what the search of a run folder measured of its first objective or of another one, and prints how well it fits. Of
the surrogate it then says, exactly over all architectures within the limits of the study: which share of the variance every decision has (Shapley
value) and how much of it the decision explains alone; what every option does on average; the best architecture; and the price of a budget, the best
within it and what more of it buys. Behind ± stands one standard error over the trials (jackknife).

The surrogate has a number for each option (additive), or one for each pair of options of neighbouring decisions (pairs) where these predict trials
that are left out better by more than one standard error.`,
		Example: `  trellis explain runs/quickstart
  trellis explain runs/quickstart --cost params --out price.svg
  trellis explain runs/quickstart --by depth --all
  trellis explain runs/quickstart --objective latency
  trellis explain runs/quickstart --surrogate pairs --json     scores of pairs, whether they predict better or not`,
		Args: takes("FOLDER"),
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
			of := subject{region: kinds[0].region}
			if of.cost, of.by, err = f.of(of.region); err != nil {
				return err
			}
			objective, err := objectiveOf(h, objective)
			if err != nil {
				return err
			}
			s, said, at, err := fitTo(h, objective, kinds)
			if err != nil {
				return wrong(err)
			}
			of.region = kinds[at].region
			of.value = func(x float64) float64 { return x }
			if !objective.Maximise { // the best is the least
				s = s.Negated()
				of.value = func(x float64) float64 { return -x }
			}
			of.weight = s.Of
			summary, err := s.Effects(of.region)
			if err != nil {
				return err
			}
			e, front, err := explainScore(of, summary)
			if err != nil {
				return err
			}
			e.Surrogate, e.measure, e.all = &said, measure{objective.Metric, report.Units(h.Started.Units)}, f.all
			if err := e.Best.compare(h, objective, s, of.region); err != nil {
				return err
			}
			for i := range e.Prices {
				p := &e.Prices[i]
				_, deviation, err := s.Predict(of.region.Lattice(), p.arch)
				if err != nil {
					return err
				}
				p.Error = figure(deviation)
			}
			chart := priceChart(of.region, of.cost, front, e)
			chart.Trials = measured(h, objective, of)
			chart.Maximise = objective.Maximise
			if err := f.out.chart(func() (draw.Picture, error) { return draw.Front(chart) }); err != nil {
				return err
			}
			return t.print(e, e.write)
		},
	}
	f.add(cmd, "which `cost` the budgets are of: params, macs, memory, depth, count(OPTION), or one of the study's cost files")
	cmd.Flags().StringVar(&objective, "objective", "", "which objective of the study is explained, by its `name` (default: the first)")
	cmd.Flags().StringVar(&kind, "surrogate", surrogates[0], "which score is fitted: additive, pairs (of neighbouring decisions), or auto, pairs only if they predict better by more than one standard error")
	complete(cmd, "surrogate", surrogates, cobra.ShellCompDirectiveNoFileComp)
	offerFolders(cmd)
	return cmd
}

// measured are the trials of a search by their cost and an objective.
func measured(h *store.History, o trial.Objective, of subject) []draw.Point {
	var out []draw.Point
	for _, e := range h.Of(trial.Search) {
		y, ok := e.Result.Metrics.Get(o.Metric)
		if !e.OK() || !ok {
			continue
		}
		x, ok := e.Result.Metrics.Get(string(of.cost))
		if !ok { // a counter or a cost file that the study does not ask about
			n, err := of.region.Lattice().Cost(e.Trial.Arch, of.cost)
			if err != nil {
				continue
			}
			x, _ = decimal(of.region, of.cost, n).Float64()
		}
		out = append(out, draw.Point{X: x, Y: y})
	}
	return out
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
	complete(cmd, "cost", limitable, cobra.ShellCompDirectiveNoFileComp)
	cmd.Flags().StringArrayVar(&f.counters, "by", nil, "say what every number of this `counter` does: depth, count(OPTION) or count(RULE=OPTION); may be given several times")
	cmd.Flags().BoolVar(&f.all, "all", false, "print all decisions, options and pairs, however little they do")
	f.out.add(cmd)
}

// check refuses what can be refused before anything is computed.
func (f *explainFlags) check() error { return f.out.check() }

// of returns the cost and the counters that are asked about.
func (f *explainFlags) of(r *lattice.Region) (cost lattice.Metric, by []lattice.Metric, err error) {
	if cost, err = f.cost.metric(r); err != nil {
		return "", nil, err
	}
	for _, name := range f.counters {
		if _, err := r.Lattice().Counted(lattice.Tally{Metric: lattice.Metric(name)}); err != nil {
			return "", nil, wrongf("--by %s: %w", name, reason(err))
		}
		by = append(by, lattice.Metric(name))
	}
	return cost, by, nil
}

// surrogates are the kinds of scores that are fitted, after the word for the better one of them.
var surrogates = []string{"auto", "additive", "pairs"}

// surrogatesOf returns the kinds to be fitted, the simpler one first.
func surrogatesOf(kind string) ([]string, error) {
	switch {
	case kind == surrogates[0]:
		return surrogates[1:], nil
	case slices.Contains(surrogates, kind):
		return []string{kind}, nil
	}
	return nil, wrongf("--surrogate %s: %s", kind, nearest.Advice(kind, surrogates))
}

// fittedKind is a kind of surrogate with the region that the study searches, whose steps know what it depends on.
type fittedKind struct {
	name   string
	region *lattice.Region
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
	return trial.Objective{}, wrongf("--objective %s: %s", name, nearest.Advice(name, names))
}

// kindsOf returns the history of a run folder and the region that its study searches, for each kind of surrogate.
func kindsOf(ctx context.Context, folder string, names []string) (*store.History, []fittedKind, error) {
	h, _, err := readStudy(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	f, err := reopen(folder, h)
	if err != nil {
		return nil, nil, wrong(err)
	}
	var out []fittedKind
	for _, name := range names {
		r, err := f.RegionFor(h.Started.Data, name == "pairs")
		if err != nil {
			return nil, nil, wrong(err)
		}
		out = append(out, fittedKind{name, r})
	}
	return h, out, nil
}

// explainedTrial is the trial of an architecture, and what it measured.
type explainedTrial struct {
	ID    trial.ID `json:"id"`
	Value figure   `json:"value"`
}

// compare says how sure the surrogate is of the best architecture, and what was measured of it if it was tried.
func (b *explainedBest) compare(h *store.History, o trial.Objective, s explain.Surrogate, r *lattice.Region) error {
	_, deviation, err := s.Predict(r.Lattice(), b.arch)
	if err != nil {
		return err
	}
	b.Error = figure(deviation)
	for _, e := range h.Of(trial.Search) {
		if x, ok := e.Result.Metrics.Get(o.Metric); ok && e.OK() && e.Trial.Arch == b.arch {
			b.Trial = &explainedTrial{e.Trial.ID, figure(x)}
			break
		}
	}
	return nil
}
