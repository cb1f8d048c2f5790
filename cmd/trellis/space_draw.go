package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/network"
)

func newSpaceDraw(t *terminal.Terminal) *cobra.Command {
	var (
		f   spaceFlags
		out pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "draw SPACE [ARCH]",
		Short: "Draw the network of an architecture, or the lattice of a space, or print it as text",
		Long: `Draw draws the network of an architecture. Without an architecture it draws the lattice of the space, of up to 400 items: a box for
each thing that is left to decide, with the number of ways on from there, and arrows for the options. Without --out it prints the
network as text, and the lattice as Graphviz source.`,
		Example: `  trellis space draw nb-macro 22212220 --out best.svg
  trellis space draw mobile "$(trellis space sample mobile)" --out one.png
  trellis space draw nb-macro 22212220              the graph as text
  trellis space draw nb201 --out lattice.svg        what the lattice counts`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			if len(args) == 1 {
				return f.drawLattice(cmd.Context(), t, args[0], out)
			}
			o, err := f.feasible(t, args[0])
			if err != nil {
				return err
			}
			a, err := o.Space().Parse(args[1])
			if err != nil {
				return terminal.Mistake(err)
			}
			if !o.Contains(a) {
				return terminal.Mistakef("architecture %s is not within the limits", args[1])
			}
			g, err := o.Space().Network(a)
			if err != nil {
				return err
			}
			if out.file == "" {
				return t.Print(struct {
					Network string `json:"network"`
				}{g.Text()}, func(w io.Writer) error {
					_, err := io.WriteString(w, g.Text())
					return err
				})
			}
			d := network.Drawing{Title: o.Space().Name() + "  " + o.Space().Format(a)}
			return out.source(cmd.Context(), d.DOT(g))
		},
	}
	f.add(cmd)
	out.add(cmd)
	cmd.Flags().Lookup("out").Usage = "the `file` to draw to, .svg or .png (default: print it as text)"
	return cmd
}

// drawLattice draws or prints the lattice of a space.
func (f *spaceFlags) drawLattice(ctx context.Context, t *terminal.Terminal, name string, out pictureFlag) error {
	if len(f.max)+len(f.min) > 0 {
		return terminal.Mistakef("--max and --min: the lattice is drawn as it is without limits; with an architecture they say whether it keeps them")
	}
	l, err := f.lattice(t, name)
	if err != nil {
		return err
	}
	source, err := l.DOT()
	if err != nil {
		return terminal.Mistake(err)
	}
	if out.file != "" {
		return out.source(ctx, source)
	}
	return t.Print(struct {
		Lattice string `json:"lattice"`
	}{source}, func(w io.Writer) error {
		_, err := io.WriteString(w, source)
		return err
	})
}

// source draws Graphviz source to the file.
func (f *pictureFlag) source(ctx context.Context, source string) error {
	render := draw.SourceSVG
	if f.is(".png") {
		render = draw.SourcePNG
	}
	b, err := render(ctx, source)
	if err != nil {
		return err
	}
	return f.write(b)
}
