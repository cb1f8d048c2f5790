package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
)

// operatorUse is an operator as space operators prints it.
type operatorUse struct {
	Block         string         `json:"block"`
	In            string         `json:"in"`
	Out           string         `json:"out"`
	Attrs         map[string]any `json:"attributes,omitempty"` // numbers, texts and truth values
	MACs          int64          `json:"macs"`
	Params        int64          `json:"params"`
	Architectures string         `json:"architectures"` // a string: it may have hundreds of digits
	Times         figure         `json:"times"`         // in an architecture, on average

	operator space.Operator
	share    float64 // of all architectures
}

func newSpaceOperators(t *terminal.Terminal) *cobra.Command {
	var (
		set   []string
		asCSV bool
	)
	cmd := &cobra.Command{
		Use:   "operators SPACE",
		Short: "List the operators that networks of a space are made of, to be measured on a device",
		Long: `Operators lists every block with all attributes and shapes that architectures of a space have, with its MACs and params, the
share of the architectures that have it, and how often one has it on average. Measure these on a device, and a table of their latencies makes
latency a cost of the lattice: see docs/formats/cost-file.md. With --csv the list is such a table but for the column mean.`,
		Example: `  trellis space operators mobile
  trellis space operators ofa-mbv3 --set multiplier=1.2 --csv > operators.csv
  trellis space operators nb201 --json`,
		Args: terminal.Takes("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asCSV && t.JSON {
				return terminal.Mistakef("%s: --csv and --json exclude each other", cmd.CommandPath())
			}
			l, err := openLattice(args[0], set)
			if err != nil {
				return err
			}
			uses, err := l.Operators()
			if err != nil {
				return err
			}
			all := l.Count()
			out := make([]operatorUse, len(uses))
			for i, u := range uses {
				out[i] = usedOperator(u, all)
			}
			if asCSV {
				t.StopWaiting()
				return writeOperators(t.Out, out)
			}
			return t.Print(out, func(w io.Writer) error { return listOperators(w, out) })
		},
	}
	addSet(cmd, &set)
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print a CSV file with a column for each attribute")
	return cmd
}

func usedOperator(u lattice.Use, all *big.Int) operatorUse {
	o := u.Operator
	out := operatorUse{
		Block: o.Block, In: o.In.String(), Out: o.Out.String(), Attrs: map[string]any{}, MACs: o.Graph.MACs(), Params: o.Graph.Params(),
		Architectures: u.In.String(), operator: o,
	}
	for _, a := range o.Attrs {
		out.Attrs[a.Name] = a.Value.Scalar()
	}
	out.share, _ = new(big.Rat).SetFrac(u.In, all).Float64()
	times, _ := new(big.Rat).SetFrac(u.Times, all).Float64()
	out.Times = figure(times)
	return out
}

// listOperators prints a line for each operator. What operators of a kind have in common is said once, behind them.
func listOperators(w io.Writer, uses []operatorUse) error {
	common := commonAttrs(uses)
	l := layout.List{Gap: " "}
	l.Text("ATTRIBUTES", "BLOCK", "IN", "OUT", "MACS", "PARAMS", "SHARE", "TIMES")
	for _, u := range uses {
		var attrs []string
		for _, a := range u.operator.Attrs {
			if !slices.Contains(common[u.Block], a) && !idleAttr(a) {
				attrs = append(attrs, a.Name+"="+a.Value.String())
			}
		}
		l.Add(attrs, u.Block, u.In, u.Out, fmt.Sprint(u.MACs), fmt.Sprint(u.Params), report.Percent(u.share), fmt.Sprintf("%.3g", u.Times))
	}
	if err := l.Write(w, terminal.Width(w)); err != nil {
		return err
	}
	notes := layout.List{Gap: " "}
	notes.Text("SHARE is that of the architectures that have the operator, TIMES how often one has it on average.")
	notes.Text("Attributes that do nothing (0, false, none, a stride of 1) are left out, and those that are the same in all rows of a block:")
	fmt.Fprintln(w)
	if err := notes.Write(w, terminal.Width(w)); err != nil {
		return err
	}
	same := layout.List{Gap: " "}
	var listed []string
	for _, u := range uses {
		if len(common[u.Block]) == 0 || slices.Contains(listed, u.Block) {
			continue
		}
		listed = append(listed, u.Block)
		var attrs []string
		for _, a := range common[u.Block] {
			attrs = append(attrs, a.Name+"="+a.Value.String())
		}
		same.Add(attrs, "  "+u.Block)
	}
	return same.Write(w, terminal.Width(w))
}

// commonAttrs are, by block, the attributes that have one value in all operators that have them.
func commonAttrs(uses []operatorUse) map[string][]space.Named {
	all := map[string][]space.Named{}
	for _, u := range uses {
		for _, a := range u.operator.Attrs {
			if !slices.Contains(all[u.Block], a) {
				all[u.Block] = append(all[u.Block], a)
			}
		}
	}
	for block, attrs := range all {
		all[block] = slices.DeleteFunc(slices.Clone(attrs), func(a space.Named) bool {
			return slices.ContainsFunc(attrs, func(b space.Named) bool { return a.Name == b.Name && a != b })
		})
	}
	return all
}

// idleAttr reports whether an attribute is one that does nothing.
func idleAttr(a space.Named) bool {
	switch a.Name {
	case "stride", "dilation", "groups":
		return a.Value == space.ValueOf(1)
	}
	return slices.Contains([]space.Value{space.ValueOf(0), space.ValueOf(false), space.ValueOf("none")}, a.Value)
}

// writeOperators writes CSV with a column for every attribute that some operator has.
func writeOperators(w io.Writer, uses []operatorUse) error {
	var attrs []string
	for _, u := range uses {
		for _, a := range u.operator.Attrs {
			if !slices.Contains(attrs, a.Name) {
				attrs = append(attrs, a.Name)
			}
		}
	}
	c := csv.NewWriter(w)
	header := append([]string{"block", "in", "out"}, attrs...)
	if err := c.Write(append(header, "macs", "params", "architectures", "times")); err != nil {
		return err
	}
	for _, u := range uses {
		line := []string{u.Block, u.In, u.Out}
		for _, a := range attrs {
			text := ""
			if v, ok := u.operator.Attr(a); ok {
				text = v.String()
			}
			line = append(line, text)
		}
		line = append(line, strconv.FormatInt(u.MACs, 10), strconv.FormatInt(u.Params, 10), u.Architectures, number(u.Times))
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
