package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/stream"
)

func newSpaceSample(t *terminal) *cobra.Command {
	var (
		f    spaceFlags
		n    int
		seed uint64
	)
	cmd := &cobra.Command{
		Use:   "sample SPACE",
		Short: "Draw architectures uniformly from those that keep the limits, without rejection",
		Example: `  trellis space sample mobile -n 5 --max params=50k
  trellis space sample nb201 --seed 7`,
		Args: takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if n < 1 {
				return wrongf("-n %d: want at least 1", n)
			}
			r, err := f.region(args[0])
			if err != nil {
				return err
			}
			random := stream.New(seed, "space sample")
			out := make([]printed, n)
			for i := range out {
				if out[i], err = describe(r, r.Sample(random)); err != nil {
					return err
				}
			}
			return t.print(out, func(w io.Writer) error {
				for _, p := range out {
					fmt.Fprintln(w, p.Arch)
				}
				return nil
			})
		},
	}
	f.add(cmd)
	cmd.Flags().IntVarP(&n, "number", "n", 1, "how many")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "decides which")
	return cmd
}
