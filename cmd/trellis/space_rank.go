package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
)

// decimal writes so much of a cost in its unit.
func decimal(r explain.Feasible, m lattice.Metric, n int64) json.Number {
	return json.Number(r.Lattice().Decimal(m, n))
}

func newSpaceRank(t *terminal.Terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:     "rank SPACE ARCH",
		Short:   "Print the number of an architecture, from 0, in the order of those within limits",
		Example: `  trellis space rank nb-macro 22212220`,
		Args:    terminal.Takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			a, err := r.Space().Parse(args[1])
			if err != nil {
				return terminal.Mistake(err)
			}
			p, err := explain.Describe(r, a)
			if err != nil {
				return terminal.Mistake(err)
			}
			return t.Print(p, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, p.Rank)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}

func newSpaceUnrank(t *terminal.Terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:     "unrank SPACE NUMBER",
		Short:   "Print the architecture that has a number, the inverse of rank",
		Example: `  trellis space unrank nb-macro 6000`,
		Args:    terminal.Takes("SPACE", "NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rank, ok := new(big.Int).SetString(args[1], 10)
			if !ok {
				return terminal.Mistakef("%q is not a whole number", args[1])
			}
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			a, err := r.Unrank(rank)
			if err != nil {
				return terminal.Mistake(err)
			}
			p, err := explain.Describe(r, a)
			if err != nil {
				return err
			}
			return t.Print(p, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, p.Arch)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}
