package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/trial"
)

// Columns are the metrics of a table: the objectives first, then what people ask for next, and what has a unit of its own.
func Columns(objectives trial.Objectives, units Units) []string {
	var out []string
	add := func(name string) {
		for _, have := range out {
			if have == name {
				return
			}
		}
		out = append(out, name)
	}
	for _, o := range objectives {
		add(o.Metric)
	}
	for _, name := range []string{accuracy, trial.MACs, trial.Params} {
		add(name)
	}
	for _, name := range slices.Sorted(maps.Keys(units)) {
		add(name)
	}
	return out
}

// Cell prints a metric as a table has it: a dash if it is not known.
func (u Units) Cell(ms trial.Metrics, name string) string {
	x, ok := ms.Get(name)
	if !ok {
		return "–"
	}
	return u.Format(name, x)
}

// costColumns are the columns of a table beside accuracy.
func (s Summary) costColumns() []string {
	return slices.DeleteFunc(Columns(s.Objectives, s.Units), func(name string) bool { return name == accuracy })
}

// WriteFront prints the front as a table: a line an architecture. Of an empty front it says so.
func (s Summary) WriteFront(w io.Writer) error {
	if len(s.Front) == 0 {
		_, err := fmt.Fprintln(w, "nothing yet: no trial has finished that keeps the constraints")
		return err
	}
	cols := Columns(s.Objectives, s.Units)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "TRIAL\t%s\tARCHITECTURE\n", strings.ToUpper(strings.Join(cols, "\t")))
	for _, r := range s.Front {
		fmt.Fprintf(tw, "%d\t", r.Trial)
		for _, c := range cols {
			fmt.Fprintf(tw, "%s\t", s.Units.Cell(r.Metrics, c))
		}
		fmt.Fprintf(tw, "%s\n", r.Arch)
	}
	return tw.Flush()
}

// WriteFinals prints finalists and baselines with their figures on validation and test, and how the contests ended.
func (s Summary) WriteFinals(w io.Writer) error {
	if len(s.Finals) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	cols := s.costColumns()
	fmt.Fprintf(tw, "NETWORK\tVALIDATION\tTEST\t%s\n", strings.ToUpper(strings.Join(cols, "\t")))
	for _, f := range s.Finals {
		test := s.Units.Cell(f.Test, accuracy)
		if f.Spread > 0 {
			test += fmt.Sprintf(" ± %.2f", 100*f.Spread)
		}
		note := ""
		if f.Failed > 0 {
			note = fmt.Sprintf("\t%d of %d trainings failed", f.Failed, len(f.Trials))
		}
		fmt.Fprintf(tw, "%s\t%s\t%s", f.Name, s.Units.Cell(f.Valid, accuracy), test)
		for _, c := range cols {
			fmt.Fprintf(tw, "\t%s", s.Units.Cell(f.Valid, c))
		}
		fmt.Fprintln(tw, note)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, c := range s.Contests {
		fmt.Fprintf(w, "\n%s", c.Sentence(s))
	}
	if len(s.Contests) > 0 {
		fmt.Fprintln(w)
	}
	return nil
}

// Sentence says who won the contest, by how much, at which cost.
func (c Contest) Sentence(s Summary) string {
	b := s.final(c.Baseline)
	if c.Finalist == "" {
		return fmt.Sprintf("%s: no finalist has at most its %s MACs, so nothing is to be compared.", c.Baseline, s.Units.Cell(b.Valid, trial.MACs))
	}
	f := s.final(c.Finalist)
	verdict := "wins against"
	switch {
	case c.Margin < 0:
		verdict = "loses to"
	case c.Margin == 0:
		verdict = "ties with"
	}
	return fmt.Sprintf("The network of %s %s %s: test accuracy %s against %s (%+.2f points), with %s MACs against %s.",
		c.Finalist, verdict, c.Baseline, s.Units.Cell(f.Test, accuracy), s.Units.Cell(b.Test, accuracy), 100*c.Margin,
		s.Units.Cell(f.Valid, trial.MACs), s.Units.Cell(b.Valid, trial.MACs))
}

func (s Summary) final(name string) Final {
	for _, f := range s.Finals {
		if f.Name == name {
			return f
		}
	}
	return Final{}
}
