package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// printed is an architecture as the space commands print it.
type printed struct {
	Rank   string `json:"rank,omitempty"` // within the limits, where these are counted
	Arch   string `json:"arch"`
	Params int64  `json:"params"`
	MACs   int64  `json:"macs"`

	Costs map[string]json.Number `json:"costs,omitempty"` // of cost files, and what was asked for
}

// decimal writes so much of a cost in its unit.
func decimal(r limited, m lattice.Metric, n int64) json.Number {
	return json.Number(r.Lattice().Decimal(m, n))
}

func describe(r limited, a space.Arch) (printed, error) {
	p := printed{Arch: r.Space().Format(a)}
	if counted, ok := r.(*lattice.Region); ok {
		rank, err := counted.Rank(a)
		if err != nil {
			return p, err
		}
		p.Rank = rank.String()
	}
	var err error
	if p.Params, err = r.Lattice().Cost(a, lattice.Params); err != nil {
		return p, err
	}
	if p.MACs, err = r.Lattice().Cost(a, lattice.MACs); err != nil {
		return p, err
	}
	for _, m := range r.Lattice().Metrics()[2:] {
		n, err := r.Lattice().Cost(a, m)
		if err != nil {
			return p, err
		}
		p.cost(r, m, n)
	}
	return p, nil
}

// cost adds so much of a metric to the costs, unless it has a place of its own.
func (p *printed) cost(r limited, m lattice.Metric, n int64) {
	if m == lattice.Params || m == lattice.MACs {
		return
	}
	if p.Costs == nil {
		p.Costs = map[string]json.Number{}
	}
	p.Costs[string(m)] = decimal(r, m, n)
}

func newSpaceRank(t *terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:     "rank SPACE ARCH",
		Short:   "Print the number of an architecture, from 0, in the order of those within limits",
		Example: `  trellis space rank nb-macro 22212220`,
		Args:    takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			a, err := r.Space().Parse(args[1])
			if err != nil {
				return wrong(err)
			}
			p, err := describe(r, a)
			if err != nil {
				return wrong(err)
			}
			return t.print(p, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, p.Rank)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}

func newSpaceUnrank(t *terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:     "unrank SPACE NUMBER",
		Short:   "Print the architecture that has a number, the inverse of rank",
		Example: `  trellis space unrank nb-macro 6000`,
		Args:    takes("SPACE", "NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rank, ok := new(big.Int).SetString(args[1], 10)
			if !ok {
				return wrongf("%q is not a whole number", args[1])
			}
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			a, err := r.Unrank(rank)
			if err != nil {
				return wrong(err)
			}
			p, err := describe(r, a)
			if err != nil {
				return err
			}
			return t.print(p, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, p.Arch)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}
