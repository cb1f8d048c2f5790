package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/trial"
)

func printOutlook(ctx context.Context, t *terminal, plan *spec.Plan, workers int) error {
	o, err := await(ctx, t, plan.Outlook)
	if err != nil {
		return err
	}
	return t.print(o, func(w io.Writer) error {
		fmt.Fprintf(w, "study %s: %s\n\n", plan.Name, plan.Outline())
		l := list{gap: " "}
		say := func(about, format string, args ...any) { l.text(fmt.Sprintf(format, args...), about) }
		say("architectures", "%s in the space, %s within the limits", report.BigCount(o.Architectures), report.BigCount(o.Feasible))
		for _, r := range o.Ranges {
			say(r.Cost, "%s to %s within the limits; %s", r.Least, exactly(r, r.Greatest), limitOf(r))
		}
		say("objectives", "%s", strings.Join(wishes(o, report.Units(plan.Units)), ", "))
		for _, k := range o.Known {
			say("known", "%s", k)
		}
		say("strategy", "%s, window of %d", plan.Strategy, plan.Window)
		say("training", "%s", plan.Evaluation)
		say("finalists", "%s and %s: %s", several(plan.Finalists.Count, "finalist"), several(len(plan.Networks), "baseline"), plan.Finalists.Settings)
		say("budget", "%s", o.Budget)
		if o.MACs > 0 {
			say("estimated", "about %s MACs to train (from %d architectures drawn uniformly), about %s of processor time, %s with %s, assuming %s",
				report.ShortCount(float64(o.MACs)), o.Drawn, seconds(o.CPUSeconds), seconds(o.CPUSeconds/float64(workers)), several(workers, "worker"), assumed(o))
			if o.Money > 0 {
				say("money", "about %.4f %s", o.Money, plan.Price.Currency)
			}
		}
		if err := l.write(w); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w, "\nnothing was run or written (--dry-run)")
		return err
	})
}

// wishes prints the objectives with their targets.
func wishes(o spec.Outlook, units report.Units) []string {
	var out []string
	for _, w := range o.Objectives {
		text := trial.Objective{Metric: w.Metric, Maximise: w.Maximise}.String()
		if w.Target > 0 {
			hard := ""
			if w.Hard {
				hard = " where it is missed"
			}
			text += fmt.Sprintf(" (target %s, exponent %v%s)", units.Format(w.Metric, w.Target), w.Exponent, hard)
		}
		out = append(out, text)
	}
	return out
}

// assumed says what the estimate of the time rests on.
func assumed(o spec.Outlook) string {
	if o.Pace == 0 {
		return "15G MACs trained a second and core, the usual pace of mobile networks: a step takes too long to be measured here"
	}
	return fmt.Sprintf("%s MACs trained a second and core, as measured just now on three of them for a fifth of a second; whole cores, and every training to its end",
		report.ShortCount(o.Pace))
}

// exactly prints an amount of a cost with all its digits.
func exactly(r spec.Range, x json.Number) string { return strings.TrimSpace(x.String() + " " + r.Unit) }

// limitOf says what a cost is limited to, and to what it could be.
func limitOf(r spec.Range) string {
	short := func(x json.Number) string {
		n, err := x.Float64()
		if err != nil || !slices.Contains([]string{trial.Params, trial.MACs, trial.Memory}, r.Cost) {
			return exactly(r, x)
		}
		return report.Units{}.Format(r.Cost, n)
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
