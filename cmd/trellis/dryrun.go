package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/trial"
)

// printDryRun prints what a study would run, from its plan alone.
func printDryRun(ctx context.Context, t *terminal.Terminal, plan *spec.Plan, workers int) error {
	o, err := terminal.Await(ctx, t, "estimating the cost of the study", plan.DryRun)
	if err != nil {
		return err
	}
	return t.Print(o, func(w io.Writer) error {
		fmt.Fprintf(w, "study %s: %s\n\n", plan.Name, plan.Outline())
		l := layout.List{Gap: " "}
		say := func(about, format string, args ...any) { l.Text(fmt.Sprintf(format, args...), about) }
		say("architectures", "%s in the space, %s within the limits", report.BigCount(o.Architectures), report.BigCount(o.Feasible))
		for _, r := range o.Ranges {
			say(r.Cost, "%s to %s within the limits; %s", r.Least, exactly(r, r.Greatest), limitOf(r))
		}
		say("objectives", "%s", strings.Join(targets(o, plan.Metrics()), ", "))
		for _, k := range o.Prior {
			say("prior", "%s", k)
		}
		for i := range plan.Stages {
			s, about := &plan.Stages[i], "strategy"
			if len(plan.Stages) > 1 {
				about = s.Name
			}
			say(about, "%s, window of %d", s, plan.Window)
		}
		say("evaluation", "%s", plan.Evaluation)
		say("finalists", "%s and %s: %s", several(plan.Finalists.Count, "finalist"), several(len(plan.Networks), "baseline"), plan.Finalists.Evaluation)
		say("budget", "%s", o.Budget)
		if o.MACs > 0 {
			say("estimated", "about %s MACs to train (from %d architectures drawn uniformly), about %s of processor time, %s with %s, assuming %s",
				trial.ShortCount(float64(o.MACs)), o.Drawn, seconds(o.CPUSeconds), seconds(o.CPUSeconds/float64(workers)), several(workers, "worker"), assumed(o))
			if o.Money > 0 {
				say("money", "about %.4f %s", o.Money, plan.Rates.Currency)
			}
		}
		if err := l.Write(w, terminal.Width(w)); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w, "\nnothing was run or written (--dry-run)")
		return err
	})
}

// targets prints the objectives with their targets.
func targets(o spec.DryRun, infos trial.MetricInfos) []string {
	var out []string
	for _, w := range o.Objectives {
		text := trial.Objective{Metric: w.Metric, Maximise: w.Maximise}.String()
		if w.Target > 0 {
			hard := ""
			if w.Hard {
				hard = " where it is missed"
			}
			text += fmt.Sprintf(" (target %s, exponent %v%s)", infos.Of(w.Metric).Format(w.Target), w.Exponent, hard)
		}
		out = append(out, text)
	}
	return out
}

// assumed is what the estimate of the time rests on.
func assumed(o spec.DryRun) string {
	if o.Pace == 0 {
		return "15G MACs trained a second and core, the usual pace of mobile networks: a step takes too long to be measured here"
	}
	return fmt.Sprintf("%s MACs trained a second and core, as measured just now on three of them for a fifth of a second; whole cores, and every training to its end",
		trial.ShortCount(o.Pace))
}

// exactly prints an amount of a cost with all its digits.
func exactly(r spec.Range, x json.Number) string { return strings.TrimSpace(x.String() + " " + r.Unit) }

// limitOf describes the limits on a cost, and the tightest that can be met.
func limitOf(r spec.Range) string {
	short := func(x json.Number) string {
		n, err := x.Float64()
		if err != nil || !trial.CostInfos().Has(r.Cost) {
			return exactly(r, x)
		}
		return trial.CostInfos().Of(r.Cost).Format(n)
	}
	var out []string
	if r.Limit != "" {
		out = append(out, fmt.Sprintf("limit %s; tightest possible %s", short(r.Limit), exactly(r, r.Tightest)))
	}
	if r.AtLeast != "" {
		out = append(out, fmt.Sprintf("at least %s; most possible %s", short(r.AtLeast), exactly(r, r.TightestAtLeast)))
	}
	if len(out) == 0 {
		return "no limit"
	}
	return strings.Join(out, "; ")
}
