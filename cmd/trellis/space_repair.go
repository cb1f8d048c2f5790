package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func newSpaceRepair(t *terminal.Terminal) *cobra.Command {
	var f spaceFlags
	cmd := &cobra.Command{
		Use:   "repair SPACE ARCH --max LIMIT",
		Short: "Find the nearest architecture that keeps the limits, and print what changed",
		Long: `Repair finds, among the architectures that keep the limits, one that differs from the given one in the fewest decisions. What counts
is a decision that it meets, where the given one takes another option or does not meet it; decisions that it does not meet count
nothing. It prints the architecture first, then the decisions that differ.`,
		Example: `  trellis space repair nb201 "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|" --max macs=100M
  trellis space repair mobile "$(trellis space sample mobile)" --max params=50k --max macs=5M`,
		Args: terminal.Takes("SPACE", "ARCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(f.max)+len(f.min) == 0 {
				return terminal.Mistakef("%s: --max or --min is missing: without a limit there is nothing to repair", cmd.CommandPath())
			}
			r, err := f.feasible(t, args[0])
			if err != nil {
				return err
			}
			a, err := r.Space().Parse(args[1])
			if err != nil {
				return terminal.Mistake(err)
			}
			b, changed, err := r.Repair(a)
			if err != nil {
				return tooLarge(terminal.Mistake(err))
			}
			out := repaired{Changed: changed, Changes: differences(r.Space(), a, b)}
			if out.Architecture, err = explain.Describe(r, b); err != nil {
				return err
			}
			out.Before.Arch = r.Space().Format(a)
			if out.Before.Params, err = r.Lattice().Cost(a, lattice.Params); err != nil {
				return err
			}
			if out.Before.MACs, err = r.Lattice().Cost(a, lattice.MACs); err != nil {
				return err
			}
			return t.Print(out, out.write)
		},
	}
	f.add(cmd)
	return cmd
}

// repaired is an architecture with what it was before.
type repaired struct {
	explain.Architecture
	Changed int      `json:"changed"`
	Changes []change `json:"changes"`
	Before  struct {
		Arch   string `json:"arch"`
		Params int64  `json:"params"`
		MACs   int64  `json:"macs"`
	} `json:"before"`
}

// change is a decision that two architectures take differently. An option is empty where the decision is not met.
type change struct {
	Decision string `json:"decision"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
}

// differences returns the decisions of b that differ from a's, in their order, and then those that only a meets.
func differences(s *space.Space, a, b space.Arch) []change {
	out := []change{}
	before, after := s.Decisions(a), s.Decisions(b)
	find := func(in []space.Decision, name string) string {
		for _, d := range in {
			if d.Name == name {
				return d.Options[d.Chosen]
			}
		}
		return ""
	}
	for _, d := range after {
		if from, to := find(before, d.Name), d.Options[d.Chosen]; from != to {
			out = append(out, change{d.Name, from, to})
		}
	}
	for _, d := range before {
		if find(after, d.Name) == "" {
			out = append(out, change{d.Name, d.Options[d.Chosen], ""})
		}
	}
	return out
}

func (r repaired) write(w io.Writer) error {
	fmt.Fprintf(w, "%s\n\n", r.Arch)
	if len(r.Changes) == 0 {
		_, err := fmt.Fprintln(w, "nothing changed: it keeps the limits as it is")
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "%s changed\n", several(r.Changed, "decision"))
	or := func(option string) string {
		if option == "" {
			return "–"
		}
		return option
	}
	for _, c := range r.Changes {
		fmt.Fprintf(tw, "  %s\t%s\t→ %s\n", c.Decision, or(c.From), or(c.To))
	}
	fmt.Fprintf(tw, "  params\t%d\t→ %d\n  macs\t%d\t→ %d\n", r.Before.Params, r.Params, r.Before.MACs, r.MACs)
	return tw.Flush()
}
