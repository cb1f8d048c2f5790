package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func newExplain(t *terminal) *cobra.Command {
	var (
		cost costFlag
		out  pictureFlag
		kind string
	)
	cmd := &cobra.Command{
		Use:   "explain FOLDER",
		Short: "Say which decisions made the networks of a study good, and what a budget buys",
		Long: `Explain fits a score to what the journal of a run folder measured, a number for each option of each decision or for each pair of
options of neighbouring decisions, whichever predicts each trial better from the others, and prints how well it fits. Of that score it then says, exactly over all architectures within the limits of the study, the share of every decision in
its variance (Shapley value), the main effect of every option, the best architecture, and the price of a budget. Of an objective that is to
be small the score is the negative.`,
		Example: `  trellis explain runs/quickstart
  trellis explain runs/quickstart --cost params --out price.svg
  trellis explain runs/quickstart --surrogate pairs --json     scores of pairs, whether they fit better or not`,
		Args: takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			kinds, err := surrogatesOf(kind)
			if err != nil {
				return err
			}
			h, regions, err := regionsOf(cmd.Context(), args[0], kinds)
			if err != nil {
				return err
			}
			m, err := cost.metric(regions[0])
			if err != nil {
				return err
			}
			best, all, err := fitted(h, regions)
			if err != nil {
				return wrong(err)
			}
			s, r := all[best], regions[best]
			of := h.Started.Objectives[0]
			sign := 1.0
			if !of.Maximise {
				sign = -1 // the best is the least
			}
			e, front, err := explainScore(r, m, func(step lattice.Step) float64 { return sign * s.Of(step) }, func(x float64) float64 { return x })
			if err != nil {
				return err
			}
			e.Objective, e.Fit, e.Surrogate = of.String(), &s.Fit, kinds[best]
			if len(all) > 1 {
				e.Instead = &instead{kinds[1-best], all[1-best].Fit}
			}
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, m, front)) }); err != nil {
				return err
			}
			return t.print(e, e.write)
		},
	}
	cost.add(cmd)
	out.add(cmd)
	cmd.Flags().StringVar(&kind, "surrogate", surrogates[0], "which score is fitted: additive, pairs (of neighbouring decisions), or auto, the better one")
	complete(cmd, "surrogate", surrogates, cobra.ShellCompDirectiveNoFileComp)
	return cmd
}

// surrogates are the kinds of scores that are fitted, after the word for the better one of them.
var surrogates = []string{"auto", "additive", "pairs"}

// surrogatesOf returns the kinds to be fitted.
func surrogatesOf(kind string) ([]string, error) {
	switch {
	case kind == surrogates[0]:
		return surrogates[1:], nil
	case slices.Contains(surrogates, kind):
		return []string{kind}, nil
	}
	return nil, wrongf("--surrogate %s: %s", kind, nearest.Advice(kind, surrogates))
}

// regionsOf returns the history of a run folder and the region that its study searches, for each kind of surrogate.
func regionsOf(ctx context.Context, folder string, kinds []string) (*store.History, []*lattice.Region, error) {
	h, _, err := readStudy(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	f, err := reopen(folder, h)
	if err != nil {
		return nil, nil, wrong(err)
	}
	var out []*lattice.Region
	for _, kind := range kinds {
		r, err := f.RegionFor(h.Started.Data, kind == "pairs")
		if err != nil {
			return nil, nil, wrong(err)
		}
		out = append(out, r)
	}
	return h, out, nil
}

// fitted returns the surrogates of the first objective, fitted to the trials of the search that did not fail, and which is the best.
func fitted(h *store.History, regions []*lattice.Region) (int, []explain.Surrogate, error) {
	of := h.Started.Objectives[0]
	var trials []explain.Trial
	for _, e := range h.Of(trial.Search) {
		if !e.OK() {
			continue
		}
		x, ok := e.Result.Metrics.Get(of.Metric)
		if !ok {
			continue
		}
		trials = append(trials, explain.Trial{Arch: e.Trial.Arch, Value: x})
	}
	var over []*lattice.Lattice
	for _, r := range regions {
		over = append(over, r.Lattice())
	}
	return explain.Choose(trials, over...)
}
