package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func newSpace(t *terminal) *cobra.Command {
	return group(t, "space", "Answer questions about all networks of a space, exactly",
		`  trellis space count nb201
  trellis space count mobile --max params=100k --max macs=10M
  trellis space sample examples/spaces/chain20.yaml -n 3 --seed 7
  trellis space best mobile --score score.yaml --max params=100k
  trellis space histogram mobile --cost params --out hist.svg
  trellis space rank nb-macro 22212220
  trellis space unrank nb-macro 6000
  trellis space draw nb-macro 22212220 --out best.svg`,
		newSpaceCount(t), newSpaceRange(t), newSpaceHistogram(t), newSpaceSample(t), newSpaceMarginals(t), newSpaceBest(t), newSpaceFront(t),
		newSpaceRepair(t), newSpaceRank(t), newSpaceUnrank(t), newSpaceDraw(t))
}

// spaceFlags choose a space and a region of it.
type spaceFlags struct {
	set []string
	max []string
}

func (f *spaceFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "an option of the space, as `key=value` (input=28x28x1, classes=10, layers=12, …)")
	cmd.Flags().StringArrayVar(&f.max, "max", nil, "a limit that every architecture must keep, as `cost=N` (params=100k, macs=10M)")
	limits := make([]string, len(limitable))
	for i, name := range limitable {
		limits[i] = name + "="
	}
	complete(cmd, "max", limits, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp)
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return space.BuiltIns(), cobra.ShellCompDirectiveDefault
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// region opens the space and compiles it within the limits. Every error is the user's to mend.
func (f *spaceFlags) region(name string) (*lattice.Region, error) {
	params := space.Params{}
	for _, s := range f.set {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, wrongf("--set %s: want key=value, such as classes=10", s)
		}
		params[key] = value
	}
	s, err := space.Open(name, params)
	if err != nil {
		return nil, wrong(blameSet(err, params))
	}
	limits, err := parseLimits(f.max)
	if err != nil {
		return nil, err
	}
	l, err := lattice.Compile(s)
	if err != nil {
		return nil, wrong(err)
	}
	r, err := l.Within(limits...)
	return r, wrong(err)
}

// blameSet names the flag where an error is about the value of an option, which space.Open calls "option NAME".
func blameSet(err error, params space.Params) error {
	var placed *strict.Error
	if errors.As(err, &placed) {
		if key, ok := strings.CutPrefix(placed.File, "option "); ok {
			return fmt.Errorf("--set %s=%s: %s", key, params[key], placed.Message)
		}
	}
	return err
}

var limitable = []string{string(lattice.Params), string(lattice.MACs)}

func parseLimits(texts []string) ([]lattice.Limit, error) {
	var out []lattice.Limit
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, wrongf("--max %s: want cost=N, such as params=100k", text)
		}
		if !slices.Contains(limitable, name) {
			return nil, wrongf("--max %s: unknown cost %q; %s", text, name, nearest.Advice(name, limitable))
		}
		n, ok := strict.Count(value)
		if !ok || n < 1 {
			return nil, wrongf("--max %s: %q is not a count of at least 1, such as 100k or 10M", text, value)
		}
		out = append(out, lattice.Limit{Metric: lattice.Metric(name), Max: n})
	}
	return out, nil
}
