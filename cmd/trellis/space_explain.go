package main

import (
	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
)

func newSpaceExplain(t *terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		cost  costFlag
		out   pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "explain SPACE --score FILE",
		Short: "Say what decides a score within limits: effects, Shapley values, the price of a budget, exactly",
		Long: `Explain prints, over all architectures that keep the limits, the share that every decision has in the variance of a score (its
Shapley value), the main effect of every option, and the price of a budget: the best score within it, and what more of it buys. All of it
is exact for the score; what the score itself is worth, no one says here.`,
		Example: `  trellis space explain mobile --score score.yaml --max params=100k
  trellis space explain mobile --score score.yaml --cost params --out price.svg --json`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := score.need(cmd); err != nil {
				return err
			}
			if err := out.check(); err != nil {
				return err
			}
			r, s, err := f.scored(t, args[0], score)
			if err != nil {
				return err
			}
			m, err := cost.metric(r)
			if err != nil {
				return err
			}
			e, front, err := explainScore(r, m, s.OfOptions, s.Value, parts(s)...)
			if err != nil {
				return err
			}
			if err := out.chart(func() (draw.Picture, error) { return draw.Front(frontChart(r, m, front)) }); err != nil {
				return err
			}
			return t.print(e, e.write)
		},
	}
	f.add(cmd)
	score.add(cmd)
	cost.add(cmd)
	out.add(cmd)
	return cmd
}
