package main

import (
	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
)

func newSpaceExplain(t *terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		ask   explainFlags
	)
	cmd := &cobra.Command{
		Use:   "explain SPACE --score FILE",
		Short: "Say what decides a score within limits: effects, Shapley values, the price of budgets",
		Long: `Explain says of a score, exactly over all architectures that keep the limits: which share of the variance every decision has (Shapley
value) and how much of it the decision explains alone; what every option does on average, and every number of the score's counters; the best
architecture; and the price of a budget, the best score within it and what more of it buys. What the score itself is worth, no one says here.`,
		Example: `  trellis space explain mobile --score score.yaml --max params=100k
  trellis space explain mobile --score score.yaml --by depth --by "count(*.kernel=k5)"
  trellis space explain mobile --score score.yaml --cost params --out price.svg --json`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := score.need(cmd); err != nil {
				return err
			}
			if err := ask.check(); err != nil {
				return err
			}
			r, s, err := f.scored(t, args[0], score)
			if err != nil {
				return err
			}
			of := subject{region: r, weight: s.OfOptions, parts: parts(s), value: s.Value, less: " (--room), and costs in units take less (--unit macs=100k)"}
			if of.cost, of.by, err = ask.of(r); err != nil {
				return err
			}
			e, front, err := explainScore(of, explain.Effects(r, of.weight, of.parts...))
			if err != nil {
				return err
			}
			e.all = ask.all
			if err := ask.out.chart(func() (draw.Picture, error) { return draw.Front(priceChart(r, of.cost, front, e)) }); err != nil {
				return err
			}
			return t.print(e, e.write)
		},
	}
	f.add(cmd)
	score.add(cmd)
	ask.add(cmd, "which `cost` the budgets are of: params, macs, memory, depth, count(OPTION), or that of the --latency file")
	return cmd
}
