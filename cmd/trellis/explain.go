package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func newExplain(t *terminal) *cobra.Command {
	var (
		cost costFlag
		out  pictureFlag
		pair bool
	)
	cmd := &cobra.Command{
		Use:   "explain FOLDER",
		Short: "Say which decisions made the networks of a study good, and what a budget buys",
		Long: `Explain fits a score to what the journal of a run folder measured, a number for each option of each decision, and prints how
well it fits. Of that score it then says, exactly over all architectures within the limits of the study, the share of every decision in
its variance (Shapley value), the main effect of every option, the best architecture, and the price of a budget. Of an objective that is to
be small the score is the negative.`,
		Example: `  trellis explain runs/quickstart
  trellis explain runs/quickstart --cost params --out price.svg
  trellis explain runs/quickstart --pairs --json           scores of neighbouring decisions`,
		Args: takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			h, r, err := regionOf(cmd.Context(), args[0], pair)
			if err != nil {
				return err
			}
			m, err := cost.metric(r)
			if err != nil {
				return err
			}
			s, err := fitted(h, r)
			if err != nil {
				return wrong(err)
			}
			of := h.Started.Objectives[0]
			sign := 1.0
			if !of.Maximise {
				sign = -1 // the best is the least
			}
			e, front, err := explainScore(r, m, func(step lattice.Step) float64 { return sign * s.Of(step) }, func(x float64) float64 { return x })
			if err != nil {
				return err
			}
			e.Objective, e.Fit = of.String(), &s.Fit
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, m, front)) }); err != nil {
				return err
			}
			return t.print(e, e.write)
		},
	}
	cost.add(cmd)
	out.add(cmd)
	cmd.Flags().BoolVar(&pair, "pairs", false, "fit a number for each pair of options of neighbouring decisions")
	return cmd
}

// regionOf returns the history of a run folder and the region that its study searches.
func regionOf(ctx context.Context, folder string, chained bool) (*store.History, *lattice.Region, error) {
	h, _, err := readStudy(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	f, err := spec.Reopen("study.yaml", h.Started)
	if err != nil {
		return nil, nil, wrong(err)
	}
	r, err := f.RegionFor(h.Started.Data, chained)
	return h, r, wrong(err)
}

// fitted returns the surrogate of the first objective, fitted to the trials of the search that did not fail.
func fitted(h *store.History, r *lattice.Region) (explain.Surrogate, error) {
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
	return explain.New(r.Lattice(), trials)
}
