package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/space"
)

// listedSpace is a built-in space as `space list` prints it.
type listedSpace struct {
	Name    string         `json:"name"`
	Help    string         `json:"help"`
	Options []listedOption `json:"options"`
}

type listedOption struct {
	Name    string         `json:"name"`
	Kind    string         `json:"kind"`
	Default string         `json:"default,omitempty"`
	Range   string         `json:"range,omitempty"`
	Help    string         `json:"help"`
	Fields  []listedOption `json:"fields,omitempty"`
}

func newSpaceList(t *terminal.Terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list [SPACE]",
		Short: "List the built-in spaces, or the options of one of them",
		Long: `List prints the built-in spaces with a line about each. With the name of one it prints its options, with their kinds, defaults and ranges:
they are given with --set key=value, or as keys beside use in a space file or a study file.`,
		Example: `  trellis space list
  trellis space list mobile
  trellis space list --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return terminal.Takes("SPACE")(cmd, args)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return space.BuiltIns(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var all []listedSpace
			for _, b := range space.Catalogue() {
				if len(args) == 0 || args[0] == b.Name {
					all = append(all, listedSpace{b.Name, b.Help, optionsOf(b.Options)})
				}
			}
			if len(all) == 0 {
				return terminal.Mistakef("there is no built-in space %q; %s", args[0], nearest.Advice(args[0], space.BuiltIns()))
			}
			return t.Print(all, func(w io.Writer) error {
				l := layout.List{Gap: " "}
				for _, s := range all {
					l.Text(s.Help, s.Name)
					if len(args) > 0 {
						listOptions(&l, s.Options, "  ")
					}
				}
				return l.Write(w, terminal.Width(w))
			})
		},
	}
	return cmd
}

func optionsOf(options []space.BuiltInOption) []listedOption {
	out := []listedOption{}
	for _, o := range options {
		listed := listedOption{Name: o.Name, Kind: o.Kind, Default: o.Default, Range: o.Range, Help: o.Help}
		if len(o.Fields) > 0 {
			listed.Fields = optionsOf(o.Fields)
		}
		out = append(out, listed)
	}
	return out
}

func listOptions(l *layout.List, options []listedOption, indent string) {
	for _, o := range options {
		may := o.Kind
		if o.Range != "" {
			may += ", " + o.Range
		}
		if o.Default != "" {
			may += "; default " + o.Default
		}
		l.Text(fmt.Sprintf("%s (%s)", o.Help, may), indent+o.Name)
		listOptions(l, o.Fields, indent+"  ")
	}
}
