package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/trial"
)

// Columns are the metrics of a table: the objectives first, then what else is the better the greater, MACs and params, and what is known of every architecture and
// has a unit of its own.
func Columns(objectives trial.Objectives, infos trial.MetricInfos) []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, o := range objectives {
		add(o.Metric)
	}
	for _, m := range infos {
		if m.Direction == trial.Maximise {
			add(m.Name)
		}
	}
	for _, name := range []string{trial.MACs, trial.Params} {
		if infos.Has(name) {
			add(name)
		}
	}
	var costs []string
	for _, m := range infos {
		if m.Direction == "" && m.Unit != "" {
			costs = append(costs, m.Name)
		}
	}
	slices.Sort(costs)
	for _, name := range costs {
		add(name)
	}
	return out
}

// Quality is the objective that says how good a network is, where one figure has to: the first that is maximised, or the first.
func Quality(objectives trial.Objectives) trial.Objective {
	for _, o := range objectives {
		if o.Maximise {
			return o
		}
	}
	return objectives[0]
}

// quality is that of the study.
func (s Summary) quality() trial.Objective { return Quality(s.Objectives) }

// cell writes a metric as a table has it.
func (s Summary) cell(ms trial.Metrics, name string) string { return s.Metrics.Of(name).Cell(ms) }

// costColumns are the columns of a table beside the quality.
func (s Summary) costColumns() []string {
	return slices.DeleteFunc(Columns(s.Objectives, s.Metrics), func(name string) bool { return name == s.quality().Metric })
}

// WriteFront prints the front as a table: a line an architecture. Of an empty front it says so.
func (s Summary) WriteFront(w io.Writer) error {
	if len(s.Front) == 0 {
		_, err := fmt.Fprintln(w, "nothing yet: no trial has finished that keeps the constraints")
		return err
	}
	cols := Columns(s.Objectives, s.Metrics)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "TRIAL\t%s\tARCHITECTURE\n", strings.ToUpper(strings.Join(cols, "\t")))
	for _, r := range s.Front {
		fmt.Fprintf(tw, "%d\t", r.Trial)
		for _, c := range cols {
			fmt.Fprintf(tw, "%s\t", s.cell(r.Metrics, c))
		}
		fmt.Fprintf(tw, "%s\n", r.Arch)
	}
	return tw.Flush()
}

// WriteFinals prints finalists and baselines with their figures on validation and test, and how the comparisons end.
func (s Summary) WriteFinals(w io.Writer) error {
	if len(s.Finals) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	cols := s.costColumns()
	fmt.Fprintf(tw, "NETWORK\tVALIDATION\tTEST\t%s\n", strings.ToUpper(strings.Join(cols, "\t")))
	for _, f := range s.Finals {
		test := s.cell(f.Test, s.quality().Metric)
		if f.Spread > 0 {
			test += " ± " + s.points(f.Spread)
		}
		note := ""
		if f.Failed > 0 {
			note = fmt.Sprintf("\t%d of %d trainings failed", f.Failed, len(f.Trials))
		}
		fmt.Fprintf(tw, "%s\t%s\t%s", f.Name, s.cell(f.Valid, s.quality().Metric), test)
		for _, c := range cols {
			fmt.Fprintf(tw, "\t%s", s.cell(f.Valid, c))
		}
		fmt.Fprintln(tw, note)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, c := range s.Comparisons {
		fmt.Fprintf(w, "\n%s", c.Sentence(s))
	}
	if len(s.Comparisons) > 0 {
		fmt.Fprintln(w)
	}
	return nil
}

// Sentence says which is better, by how much, at which cost.
func (c Comparison) Sentence(s Summary) string {
	b := s.final(c.Baseline)
	if c.Finalist == "" {
		return fmt.Sprintf("%s: no finalist has at most its %s MACs, so there is nothing to compare.", c.Baseline, s.cell(b.Valid, trial.MACs))
	}
	f := s.final(c.Finalist)
	verdict := "wins against"
	switch {
	case c.Margin < 0 == s.quality().Maximise && c.Margin != 0:
		verdict = "loses to"
	case c.Margin == 0:
		verdict = "ties with"
	}
	name := s.quality().Metric
	return fmt.Sprintf("The network of %s %s %s: test %s %s against %s (%s), with %s MACs against %s.",
		c.Finalist, verdict, c.Baseline, name, s.cell(f.Test, name), s.cell(b.Test, name), s.margin(c.Margin),
		s.cell(f.Valid, trial.MACs), s.cell(b.Valid, trial.MACs))
}

// points writes a difference of the quality without its unit: shares in points of a percent.
func (s Summary) points(x float64) string {
	if s.Metrics.Of(s.quality().Metric).Show == trial.ShowPercent {
		return fmt.Sprintf("%.2f", 100*x)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// margin writes a difference of the quality with its sign and unit.
func (s Summary) margin(x float64) string {
	sign := "+"
	if x < 0 {
		sign = "-"
	}
	text := sign + s.points(math.Abs(x))
	switch m := s.Metrics.Of(s.quality().Metric); {
	case m.Show == trial.ShowPercent:
		return text + " points"
	case m.Unit != "":
		return text + " " + m.Unit
	}
	return text
}

func (s Summary) final(name string) Final {
	for _, f := range s.Finals {
		if f.Name == name {
			return f
		}
	}
	return Final{}
}
