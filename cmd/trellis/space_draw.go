package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/network"
)

func newSpaceDraw(t *terminal) *cobra.Command {
	var (
		f   spaceFlags
		out pictureFlag
	)
	cmd := &cobra.Command{
		Use:   "draw SPACE ARCH",
		Short: "Draw the network of an architecture as SVG or PNG, or print it as text",
		Example: `  trellis space draw nb-macro 22212220 --out best.svg
  trellis space draw mobile "$(trellis space sample mobile)" --out one.png
  trellis space draw nb-macro 22212220              the graph as text`,
		Args: takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			r, err := f.region(t, args[0])
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
			if out.file == "" {
				return t.print(struct {
					Network string `json:"network"`
				}{g.Text()}, func(w io.Writer) error {
					_, err := io.WriteString(w, g.Text())
					return err
				})
			}
			render := draw.SVG
			if out.is(".png") {
				render = draw.PNG
			}
			b, err := render(cmd.Context(), g, network.Drawing{Title: r.Space().Name() + "  " + r.Space().Format(a)})
			if err != nil {
				return err
			}
			return out.write(b)
		},
	}
	f.add(cmd)
	out.add(cmd)
	cmd.Flags().Lookup("out").Usage = "the `file` to draw to, .svg or .png (default: print the graph as text)"
	return cmd
}
