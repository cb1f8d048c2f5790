package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
)

func newSpaceRange(t *terminal.Terminal) *cobra.Command {
	var f spaceFlags
	var memory bool
	cmd := &cobra.Command{
		Use:   "range SPACE",
		Short: "Print the least and the greatest of every cost, also within limits",
		Long: `Range prints the least and the greatest of every cost among the architectures that keep the limits. Each is attained, but not
all by the same architecture.`,
		Example: `  trellis space range mobile
  trellis space range mobile --max params=50k          what MACs 50,000 parameters can take
  trellis space range resnet --memory                  the peak memory too
  trellis space range nb201 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.feasible(t, args[0])
			if err != nil {
				return err
			}
			type span struct {
				Cost     string      `json:"cost"`
				Unit     string      `json:"unit,omitempty"`
				Least    json.Number `json:"least"`
				Greatest json.Number `json:"greatest"`
			}
			out := struct {
				Space  string   `json:"space"`
				Limits []string `json:"limits,omitempty"`
				Ranges []span   `json:"ranges"`
			}{Space: o.Space().Name(), Limits: limitsOf(o)}
			asked := o.Lattice().Metrics()
			if memory {
				asked = append(slices.Clone(asked), lattice.Memory)
			}
			for _, m := range asked {
				least, err := o.Least(m)
				if err != nil {
					return tooLarge(terminal.Mistake(err))
				}
				greatest, err := o.Greatest(m)
				if err != nil {
					return tooLarge(terminal.Mistake(err))
				}
				name, unit := f.called(m, o.Lattice().Unit(m))
				out.Ranges = append(out.Ranges, span{name, unit, decimal(o, m, least), decimal(o, m, greatest)})
			}
			return t.Print(out, func(w io.Writer) error {
				tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				fmt.Fprintln(tw, "COST\tLEAST\tGREATEST\tUNIT")
				for _, s := range out.Ranges {
					line := fmt.Sprintf("%s\t%s\t%s\t%s", s.Cost, s.Least, s.Greatest, s.Unit)
					fmt.Fprintln(tw, strings.TrimSuffix(line, "\t"))
				}
				return tw.Flush()
			})
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&memory, "memory", false, "the peak memory too, in bytes, which takes longer than what adds up")
	return cmd
}
