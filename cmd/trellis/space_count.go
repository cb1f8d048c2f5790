package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func newSpaceCount(t *terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:   "count SPACE",
		Short: "Count the architectures of a space exactly, also within limits",
		Example: `  trellis space count nb201
  trellis space count mobile --set input=28x28x1 --max params=100k --max macs=10M --json`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(args[0])
			if err != nil {
				return err
			}
			out := struct {
				Space  string   `json:"space"`
				Limits []string `json:"limits,omitempty"`
				Count  string   `json:"count"` // a string: it may have hundreds of digits
				All    string   `json:"all"`
			}{r.Space().Name(), limitsOf(r), r.Count().String(), r.Lattice().Count().String()}
			return t.print(out, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, out.Count)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}
