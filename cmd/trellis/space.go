package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func newSpace(t *terminal) *cobra.Command {
	return group(t, "space", "Count, sample, rank and draw a space of networks",
		`  trellis space count nb201
  trellis space count mobile --max params=100k --max macs=10M
  trellis space sample examples/spaces/chain20.yaml -n 3 --seed 7
  trellis space rank nb-macro 22212220
  trellis space unrank nb-macro 6000
  trellis space draw nb-macro 22212220 --out best.svg`,
		newSpaceCount(t), newSpaceSample(t), newSpaceRank(t), newSpaceUnrank(t), newSpaceDraw(t))
}

// spaceFlags choose a space and a region of it.
type spaceFlags struct {
	set []string
	max []string
}

func (f *spaceFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "an option of the space, as `key=value` (input=28x28x1, classes=10, layers=12, …)")
	cmd.Flags().StringArrayVar(&f.max, "max", nil, "a limit that every architecture must keep, as `cost=N` (params=100k, macs=10M)")
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
			}{r.Space().Name(), nil, r.Count().String(), r.Lattice().Count().String()}
			for _, l := range r.Limits() {
				out.Limits = append(out.Limits, l.String())
			}
			return t.print(out, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, out.Count)
				return err
			})
		},
	}
	f.add(cmd)
	return cmd
}

// printed is an architecture as the space commands print it.
type printed struct {
	Rank   string `json:"rank"`
	Arch   string `json:"arch"`
	Params int64  `json:"params"`
	MACs   int64  `json:"macs"`
}

func describe(r *lattice.Region, a space.Arch) (printed, error) {
	rank, err := r.Rank(a)
	if err != nil {
		return printed{}, err
	}
	p := printed{Rank: rank.String(), Arch: r.Space().Format(a)}
	if p.Params, err = r.Lattice().Cost(a, lattice.Params); err != nil {
		return p, err
	}
	p.MACs, err = r.Lattice().Cost(a, lattice.MACs)
	return p, err
}

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

func newSpaceRank(t *terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:     "rank SPACE ARCH",
		Short:   "Print the number of an architecture, from 0, in the order of its space within the limits",
		Example: `  trellis space rank nb-macro 22212220`,
		Args:    takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(args[0])
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
			r, err := f.region(args[0])
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

func newSpaceDraw(t *terminal) *cobra.Command {
	var (
		f   spaceFlags
		out string
	)
	cmd := &cobra.Command{
		Use:   "draw SPACE ARCH",
		Short: "Draw the network of an architecture as SVG or PNG, or print it as text",
		Example: `  trellis space draw nb-macro 22212220 --out best.svg
  trellis space draw mobile "$(trellis space sample mobile)" --out one.png
  trellis space draw nb-macro 22212220              the graph as text`,
		Args: takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := f.region(args[0])
			if err != nil {
				return err
			}
			a, err := r.Space().Parse(args[1])
			if err != nil {
				return wrong(err)
			}
			g, err := r.Space().Network(a)
			if err != nil {
				return err
			}
			if out == "" {
				return t.print(struct {
					Network string `json:"network"`
				}{g.Text()}, func(w io.Writer) error {
					_, err := io.WriteString(w, g.Text())
					return err
				})
			}
			drawing := network.Drawing{Title: r.Space().Name() + "  " + r.Space().Format(a)}
			render := draw.SVG
			switch strings.ToLower(filepath.Ext(out)) {
			case ".svg":
			case ".png":
				render = draw.PNG
			default:
				return wrongf("--out %s: want a name that ends in .svg or .png", out)
			}
			b, err := render(cmd.Context(), g, drawing)
			if err != nil {
				return err
			}
			err = os.WriteFile(out, b, 0o644)
			if errors.Is(err, fs.ErrNotExist) {
				return wrongf("--out %s: there is no folder %s", out, filepath.Dir(out))
			}
			return wrong(err)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&out, "out", "", "the `file` to draw to, .svg or .png (default: print the graph as text)")
	return cmd
}
