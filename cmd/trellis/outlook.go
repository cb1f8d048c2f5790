package main

import (
	"fmt"
	"io"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
)

func printOutlook(t *terminal, plan *spec.Plan, workers int) error {
	o, err := plan.Outlook()
	if err != nil {
		return err
	}
	return t.print(o, func(w io.Writer) error {
		fmt.Fprintf(w, "study %s: %s\n\n", plan.Name, plan.Outline())
		fmt.Fprintf(w, "architectures   %s in the space, %s within the limits\n", report.BigCount(o.Architectures), report.BigCount(o.Feasible))
		for _, r := range o.Ranges {
			limit := "no limit"
			if r.Limit > 0 {
				limit = fmt.Sprintf("limit %s; the tightest that something meets is %d", report.ShortCount(float64(r.Limit)), r.Tightest)
			}
			fmt.Fprintf(w, "%-15s %d to %d within the limits; %s\n", r.Metric, r.Least, r.Greatest, limit)
		}
		fmt.Fprintf(w, "strategy        %s, window of %d\n", plan.Strategy, plan.Window)
		fmt.Fprintf(w, "training        %s\n", plan.Evaluation)
		fmt.Fprintf(w, "finalists       %s and %s: %s\n", several(plan.Finalists.Count, "finalist"), several(len(plan.Networks), "baseline"), plan.Finalists.Settings)
		fmt.Fprintf(w, "budget          %s\n", o.Budget)
		if o.MACs > 0 {
			fmt.Fprintf(w, "estimated       about %s MACs to train (from %d architectures drawn uniformly), about %s of processor time, %s with %s\n",
				report.ShortCount(float64(o.MACs)), o.Drawn, seconds(o.CPUSeconds), seconds(o.CPUSeconds/float64(workers)), several(workers, "worker"))
			if o.Money > 0 {
				fmt.Fprintf(w, "money           about %.4f %s\n", o.Money, plan.Price.Currency)
			}
		}
		fmt.Fprintln(w, "\nnothing was run or written (--dry-run)")
		return nil
	})
}
