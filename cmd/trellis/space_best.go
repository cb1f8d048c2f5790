package main

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
)

func newSpaceBest(t *terminal.Terminal) *cobra.Command {
	var (
		f     spaceFlags
		score scoreFlag
		n     int
	)
	cmd := &cobra.Command{
		Use:   "best SPACE --score FILE",
		Short: "Print the best architectures under a score, in order, also within limits",
		Long: `Best prints the architectures of the greatest scores, the best first, exactly: nothing within the limits scores more. They are
found one after another, each once; more of them cost little more time. The score file gives numbers to options, to pairs of options of
neighbouring decisions, and to how often options are taken.`,
		Example: `  trellis space best mobile --score score.yaml
  trellis space best mobile --score score.yaml -n 1000 --max params=100k --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := terminal.InRange("-n", n, mostListed); err != nil {
				return err
			}
			if err := score.need(cmd); err != nil {
				return err
			}
			o, s, err := f.ranked(t, args[0], score)
			if err != nil {
				return err
			}
			var out []explain.Scored
			for b, err := range o.Best(s.Of) {
				if err := cmp.Or(err, cmd.Context().Err()); err != nil {
					return tooLarge(terminal.Mistake(err))
				}
				p, err := describeScored(o, b.Arch, s.Value(b.Score))
				if err != nil {
					return err
				}
				if out = append(out, p); len(out) == n {
					break
				}
			}
			return t.Print(out, func(w io.Writer) error {
				tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				table := tableOf(o)
				fmt.Fprintf(tw, "PLACE\t%s\n", table.heading())
				for i, p := range out {
					fmt.Fprintf(tw, "%d\t%s\n", i+1, table.cells(p))
				}
				return tw.Flush()
			})
		},
	}
	f.add(cmd)
	score.add(cmd)
	cmd.Flags().IntVarP(&n, "number", "n", 10, "how many")
	return cmd
}
