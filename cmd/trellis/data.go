package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
)

func newData(t *terminal.Terminal) *cobra.Command {
	return terminal.Group("data", "List the kinds of data, describe a data set",
		`  trellis data list
  trellis data describe glyphs
  trellis data describe path/to/fashion-mnist --json`,
		newDataList(t), newDataDescribe(t))
}

func newDataList(t *terminal.Terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the kinds of data that can be read",
		Example: `  trellis data list
  trellis data list --json`,
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, args []string) error {
			kinds := data.List()
			return t.Print(kinds, func(w io.Writer) error {
				l := layout.List{Gap: " "}
				for _, k := range kinds {
					files := "generated"
					if k.Files != "" {
						files = "files: " + k.Files
					}
					l.Text(k.Title, string(k.Kind))
					l.Text(files, "")
				}
				return l.Write(w, terminal.Width(w))
			})
		},
	}
}

func newDataDescribe(t *terminal.Terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "describe FOLDER|glyphs",
		Short: "Describe a data set: its parts, shape, classes and statistics",
		Long: `Describe reads a data set whole, checks it, and prints its parts as published, with images by class and a hash of the
content. Mean and deviation are given of the training part only, the one part that normalisation may look at.`,
		Example: `  trellis data describe glyphs
  trellis data describe path/to/cifar-10-batches-bin`,
		Args: terminal.Takes("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := data.Open(args[0], data.Options{})
			if err != nil {
				return terminal.Mistake(err)
			}
			d := data.Describe(set)
			return t.Print(d, func(w io.Writer) error { return printDescription(w, d) })
		},
	}
	terminal.Offer(cmd, cobra.ShellCompDirectiveDefault, string(data.Glyphs))
	return cmd
}

func printDescription(w io.Writer, d data.Description) error {
	fmt.Fprintf(w, "%s: images of %v, %d classes\n\n", d.Kind, d.Shape, len(d.Classes))
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "class\t")
	for _, p := range d.Parts {
		fmt.Fprintf(tw, "%s\t", p.Name)
	}
	fmt.Fprintln(tw)
	for i, class := range d.Classes {
		fmt.Fprintf(tw, "%s\t", class)
		for _, p := range d.Parts {
			fmt.Fprintf(tw, "%d\t", p.Counts[i])
		}
		fmt.Fprintln(tw)
	}
	fmt.Fprint(tw, "all\t")
	for _, p := range d.Parts {
		fmt.Fprintf(tw, "%d\t", p.Images)
	}
	fmt.Fprintln(tw)
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, p := range d.Parts {
		if len(p.Mean) > 0 {
			fmt.Fprintf(w, "%s: mean %.4f, deviation %.4f of pixels/255 by channel\n", p.Name, p.Mean, p.Std)
		}
		fmt.Fprintf(w, "%s: sha256 %s\n", p.Name, p.Hash)
	}
	return nil
}
