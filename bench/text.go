package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/search"
)

// Write prints the outcome as tables for people: a line a strategy, a column a checkpoint.
func (o Outcome) Write(w io.Writer) error {
	fmt.Fprintf(w, "%s\n", o.Title())
	for _, part := range o.parts() {
		fmt.Fprintf(w, "\n%s after so many distinct evaluations\n", part.title)
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprint(tw, "STRATEGY")
		for _, n := range o.Checkpoints {
			fmt.Fprintf(tw, "\t%d", n)
		}
		fmt.Fprintln(tw)
		for _, p := range o.Results {
			fmt.Fprint(tw, p.Strategy)
			for _, c := range p.Checkpoints {
				fmt.Fprint(tw, "\t", part.cell(c))
			}
			fmt.Fprintln(tw)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// Title says in a line what was run.
func (o Outcome) Title() string {
	about := o.Table
	if o.About != "" {
		about += ": " + o.About
	}
	limits := ""
	if len(o.Limits) > 0 {
		limits = " with " + strings.Join(o.Limits, ", ")
	}
	return fmt.Sprintf("%s; %d architectures%s, %d seeds, window of %d", about, o.Architectures, limits, o.Seeds, o.Window)
}

// part is one table of an outcome.
type part struct {
	title string
	cell  func(Checkpoint) string
}

func (o Outcome) parts() []part {
	all := []part{
		{fmt.Sprintf("Mean %s ± standard error", o.Measure), func(c Checkpoint) string {
			return o.Measure.format(c.Mean) + " ± " + o.Measure.format(c.Error)
		}},
		{"Share of the seeds that found the optimum", func(c Checkpoint) string { return fmt.Sprintf("%.0f%%", 100*c.Optimum) }},
	}
	if o.Measure == Regret {
		all = append(all, part{"Median rank of the incumbent", func(c Checkpoint) string { return fmt.Sprintf("%g", c.Rank) }})
	}
	return append(all, part{
		fmt.Sprintf("Distance of the last %d proposals (%.2f if drawn uniformly), and share of the seeds that stagnate,", search.Recent, o.Uniform),
		func(c Checkpoint) string { return fmt.Sprintf("%.2f, %.0f%%", c.Diversity.Distance, 100*c.Stagnant) },
	})
}
