package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/report"
)

func newReport(t *terminal.Terminal) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report FOLDER",
		Short: "Write one HTML file and pictures of a study",
		Long: `Report reads the journal of a run folder, also while the search is running, and writes report.html, which needs nothing
beside it, and its pictures as PNG and SVG: the progress of the search, accuracy against cost with the front, the topology of the
best network, and which options the good networks share.`,
		Example: `  trellis report runs/quickstart
  trellis report runs/quickstart --out pages/quickstart`,
		Args: terminal.Takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := needPlace(out); err != nil {
				return err
			}
			h, s, err := readStudy(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(args[0], "report")
			}
			files, err := report.Write(cmd.Context(), out, h, s)
			if err != nil {
				return err
			}
			return t.Print(files, func(w io.Writer) error {
				for _, f := range files {
					fmt.Fprintln(w, f)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the `folder` to write to (default: report in the run folder)")
	cmd.MarkFlagDirname("out")
	terminal.OfferFolders(cmd)
	return cmd
}
