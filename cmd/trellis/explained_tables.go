package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/lattice"
)

// writePairs prints what neighbouring options do together, those first that add most to the variance.
func (e explained) writePairs(w io.Writer) {
	type line struct {
		explainedPair
		decision string
	}
	var all []line
	for _, d := range e.Decisions {
		for _, p := range d.Pairs {
			if p.Probability > 0 {
				all = append(all, line{p, d.Decision})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b line) int {
		return cmp.Compare(b.Probability*b.Interaction*b.Interaction, a.Probability*a.Interaction*a.Interaction)
	})
	few := all
	if !e.all && len(few) > fewPairs+1 {
		few = few[:fewPairs]
	}
	fmt.Fprintf(w, "\nPAIR OF NEIGHBOURS\t%s\tINTERACTION\n", e.measure.in("EFFECT"))
	decimals := e.precision()
	for _, p := range few {
		fmt.Fprintf(w, "%s > %s=%s\t%s\t%s\n", p.Before, p.decision, p.Option, e.measure.effect(p.Effect, p.Error, decimals), e.measure.effect(p.Interaction, p.InteractionError, decimals))
	}
	if n := len(all) - len(few); n > 0 {
		fmt.Fprintf(w, "%d others matter less; --all shows them\n", n)
	}
	fmt.Fprintln(w, "INTERACTION: what of the effect is beyond what the two options do without each other.")
}

// writeCounters prints what the numbers of counters do: without --all those that most architectures have.
func (e explained) writeCounters(w io.Writer) {
	for _, c := range e.Counters {
		share := ""
		if c.Share != nil {
			share = "\tSHARE " + e.share(*c.Share, 0)
		}
		fmt.Fprintf(w, "\nNUMBER OF %s\tARCHITECTURES\t%s%s\n", c.Counter, e.measure.in("EFFECT"), share)
		if c.Missing != "" {
			for _, line := range lines(strings.Fields("not known: "+c.Missing), " ", textWidth) {
				fmt.Fprintln(w, line)
			}
			continue
		}
		least, greatest := e.commonest(c.Numbers), figure(0)
		for _, n := range c.Numbers {
			greatest = max(greatest, n.Effect.size())
		}
		left := 0
		for _, n := range c.Numbers {
			if n.Probability < least {
				left++
				continue
			}
			fmt.Fprintf(w, "%d\t%s\t%s\n", n.Number, percent(float64(n.Probability)), e.measure.effect(n.Effect, 0, e.measure.decimals(greatest, 3)))
		}
		if left > 0 {
			fmt.Fprintf(w, "%d others\trarer\t--all shows them\n", left)
		}
	}
}

// commonest is the probability from which on numbers of a counter are printed.
func (e explained) commonest(numbers []explainedNumber) figure {
	if e.all || len(numbers) <= fewNumbers+1 {
		return 0
	}
	var all []figure
	for _, n := range numbers {
		all = append(all, n.Probability)
	}
	slices.Sort(all)
	return all[len(all)-fewNumbers]
}

// writePrices prints what budgets are worth.
func (e explained) writePrices(w io.Writer) {
	amount, _ := e.Amount.Float64()
	cost := e.Cost
	if cost == string(lattice.MACs) {
		cost = "MACs"
	}
	fmt.Fprintf(w, "\nBUDGET (%s)\tBEST\t%s\t%s\n", cost, e.measure.in("THE NEXT BETTER"), e.measure.in(e.budget(amount)+" MORE BUYS"))
	for _, p := range e.Prices {
		budget := e.budget(p.limit)
		if p.Given {
			budget += " (limit)"
		}
		best := e.measure.value(p.Best)
		if p.Error > 0 {
			best += " ± " + e.measure.error(p.Error)
		}
		if p.More == "" {
			fmt.Fprintf(w, "%s\t%s\tnothing is better\n", budget, best)
			continue
		}
		more, _ := p.More.Float64()
		fmt.Fprintf(w, "%s\t%s\t%s for %s more\t%s\n", budget, best, e.measure.change(p.Buys), e.budget(more), e.measure.change(p.Gain))
	}
}

// budget writes an amount of the cost for people.
func (e explained) budget(x float64) string { return e.units.Format(e.Cost, x) }
