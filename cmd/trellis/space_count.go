package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
)

func newSpaceCount(t *terminal.Terminal) *cobra.Command {
	var (
		f        spaceFlags
		distinct bool
	)
	cmd := &cobra.Command{
		Use:   "count SPACE",
		Short: "Count the architectures of a space exactly, also within limits",
		Example: `  trellis space count nb201
  trellis space count mobile --set input=28x28x1 --max params=100k --max macs=10M --json
  trellis space count mobile --max memory=512KiB --max "count(k5)=3" --min depth=5
  trellis space count nb201 --distinct                   without what is the same network`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			out := struct {
				Space  string   `json:"space"`
				Limits []string `json:"limits,omitempty"`
				Count  string   `json:"count"` // a string: it may have hundreds of digits
				All    string   `json:"all"`

				Distinct int `json:"distinct,omitzero"` // networks
			}{Space: r.Space().Name(), Limits: limitsOf(r), Count: r.Count().String(), All: r.Lattice().Count().String()}
			if distinct {
				if out.Distinct, err = r.Distinct(cmd.Context()); err != nil {
					return tooLarge(err)
				}
			}
			return t.Print(out, func(w io.Writer) error {
				if distinct {
					_, err := fmt.Fprintln(w, out.Distinct)
					return err
				}
				_, err := fmt.Fprintln(w, out.Count)
				return err
			})
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&distinct, "distinct", false, "count networks: what differs only in dead branches, identities or the order of sums is one; each is built")
	return cmd
}
