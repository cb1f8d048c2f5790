package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
)

func newSpaceSample(t *terminal.Terminal) *cobra.Command {
	var (
		f    spaceFlags
		n    int
		seed uint64
		by   distributionFlags

		strata int
		cost   costFlag
	)
	cmd := &cobra.Command{
		Use:   "sample SPACE",
		Short: "Draw architectures that keep the limits, uniformly or by a score, without rejection",
		Long: `Sample draws architectures, independently of one another, from those that keep the limits: all with the same probability or, with
--score, each with a probability proportional to exp(score / temperature). Cold, it draws the best ones; hot, any.`,
		Example: `  trellis space sample mobile -n 5 --max params=50k
  trellis space sample nb201 --seed 7
  trellis space sample mobile -n 3 --strata 10 --cost macs         small and large ones alike
  trellis space sample mobile -n 20 --score score.yaml --temperature 0.5 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(terminal.InRange("-n", n, mostListed), by.check(cmd)); err != nil {
				return err
			}
			if cmd.Flags().Changed("strata") {
				if err := terminal.InRange("--strata", strata, mostBins); err != nil {
					return err
				}
			}
			random := stream.New(seed, "space sample")
			switch {
			case by.file != "" && strata != 0:
				return terminal.Mistakef("--strata %d: strata are drawn from uniformly, without --score", strata)
			case by.file != "":
				return sampleByScore(t, f, args[0], by, n, random)
			}
			r, err := f.region(t, args[0])
			if err != nil {
				return err
			}
			if strata != 0 {
				return sampleStrata(t, r, cost, strata, n, random)
			}
			out := make([]explain.Architecture, n)
			for i := range out {
				if out[i], err = explain.Describe(r, r.Sample(random)); err != nil {
					return err
				}
			}
			return t.Print(out, func(w io.Writer) error {
				for _, p := range out {
					fmt.Fprintln(w, p.Arch)
				}
				return nil
			})
		},
	}
	f.add(cmd)
	by.add(cmd)
	cost.add(cmd)
	cmd.Flags().IntVar(&strata, "strata", 0, "draw -n from each of so many `bins` of --cost, uniformly within each")
	cmd.Flags().IntVarP(&n, "number", "n", 1, "how many")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "decides which")
	return cmd
}

// sampleStrata draws as many from each stratum of a cost that holds any.
func sampleStrata(t *terminal.Terminal, r *lattice.CountedRegion, cost costFlag, bins, n int, random *rand.Rand) error {
	m, err := cost.metric(r)
	if err != nil {
		return err
	}
	strata, err := r.Strata(m, bins)
	if err != nil {
		return tooLarge(terminal.Mistake(err))
	}
	var out []explain.Architecture
	for i := range strata.Histogram().Counts {
		for range n {
			a, some := strata.Sample(i, random)
			if !some {
				break
			}
			p, err := explain.Describe(r, a)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
	}
	return t.Print(out, func(w io.Writer) error {
		for _, p := range out {
			fmt.Fprintln(w, p.Arch)
		}
		return nil
	})
}

// sampleByScore draws from the Gibbs distribution of a score.
func sampleByScore(t *terminal.Terminal, f spaceFlags, name string, by distributionFlags, n int, random *rand.Rand) error {
	r, s, err := f.scored(t, name, by.scoreFlag)
	if err != nil {
		return err
	}
	g := r.Gibbs(s.Tempered(by.temperature))
	out := make([]explain.Scored, n)
	for i := range out {
		a := g.Sample(random)
		score, err := r.Lattice().Score(a, s)
		if err != nil {
			return err
		}
		if out[i], err = describeScored(r, a, score); err != nil {
			return err
		}
	}
	return t.Print(out, func(w io.Writer) error {
		for _, p := range out {
			fmt.Fprintln(w, p.Arch)
		}
		return nil
	})
}
