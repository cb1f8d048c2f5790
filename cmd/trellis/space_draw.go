package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/network"
)

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
