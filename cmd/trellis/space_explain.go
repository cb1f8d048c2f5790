package main

import (
	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
)

func newSpaceExplain(t *terminal.Terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		ask   explainFlags
	)
	cmd := &cobra.Command{
		Use:   "explain SPACE --score FILE",
		Short: "Explain a score within limits: effects, Shapley values, what a limit is worth",
		Long: `Explain computes of a score, exactly over all architectures that keep the limits: which share of the variance every decision has (Shapley
value) and how much of it the decision explains alone; what every option does on average, and every number of the score's counters; the best
architecture; and the marginal value of a limit on a cost: the best score within it, and what a higher one gains. This does not judge how accurate
the score is.`,
		Example: `  trellis space explain mobile --score score.yaml --max params=100k
  trellis space explain mobile --score score.yaml --by depth --by "count(*.kernel=k5)"
  trellis space explain mobile --score score.yaml --cost params --out front.svg --json`,
		Args: terminal.Takes("SPACE"),
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
			q, err := ask.question(r)
			if err != nil {
				return err
			}
			q.Advice = " (--memory-limit), and costs in units take less (--unit macs=100k)"
			e, err := explain.Score(r, s, q)
			if err != nil {
				return terminal.Mistake(err)
			}
			return ask.print(t, e)
		},
	}
	f.add(cmd)
	score.add(cmd)
	ask.add(cmd, "the `cost` whose limits are valued: params, macs, memory, depth, count(OPTION), or that of the --latency file")
	return cmd
}
