package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/layout"
	"github.com/trellis-nas/trellis/trial"
)

// writePairs prints what neighbouring options do together, those first that add most to the variance.
func (e explanation) writePairs(w io.Writer) {
	type line struct {
		explain.PairEffect
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
func (e explanation) writeCounters(w io.Writer) {
	for _, c := range e.Counters {
		share := ""
		if c.Share != nil {
			share = "\tSHARE " + e.share(*c.Share, 0)
		}
		fmt.Fprintf(w, "\nNUMBER OF %s\tARCHITECTURES\t%s%s\n", c.Counter, e.measure.in("EFFECT"), share)
		if c.Missing != "" {
			for _, line := range layout.Lines(strings.Fields("not computed: "+c.Missing), " ", textWidth) {
				fmt.Fprintln(w, line)
			}
			continue
		}
		least, greatest := e.commonest(c.Numbers), explain.Figure(0)
		for _, n := range c.Numbers {
			greatest = max(greatest, n.Effect.Size())
		}
		left := 0
		for _, n := range c.Numbers {
			if n.Probability < least {
				left++
				continue
			}
			fmt.Fprintf(w, "%d\t%s\t%s\n", n.Number, Percent(n.Probability), e.measure.effect(n.Effect, 0, e.measure.decimals(greatest, 3)))
		}
		if left > 0 {
			fmt.Fprintf(w, "%d others\trarer\t--all shows them\n", left)
		}
	}
}

// commonest is the probability from which on numbers of a counter are printed.
func (e explanation) commonest(numbers []explain.NumberEffect) explain.Figure {
	if e.all || len(numbers) <= fewNumbers+1 {
		return 0
	}
	var all []explain.Figure
	for _, n := range numbers {
		all = append(all, n.Probability)
	}
	slices.Sort(all)
	return all[len(all)-fewNumbers]
}

// writeLimits prints what limits on the cost are worth.
func (e explanation) writeLimits(w io.Writer) {
	amount, _ := e.Amount.Float64()
	fmt.Fprintf(w, "\nLIMIT (%s)\tBEST\t%s\t%s\n", costName(e.Cost), e.measure.in("NEXT BETTER"), e.measure.in("GAIN OF "+e.cost(amount)+" MORE"))
	for _, v := range e.Values {
		x, _ := v.Limit.Float64()
		limit := e.cost(x)
		if v.Given {
			limit += " (given)"
		}
		best := e.measure.value(v.Best)
		if v.Error > 0 {
			best += " ± " + e.measure.error(v.Error)
		}
		if v.More == "" {
			fmt.Fprintf(w, "%s\t%s\tnothing is better\n", limit, best)
			continue
		}
		more, _ := v.More.Float64()
		fmt.Fprintf(w, "%s\t%s\t%s for %s more\t%s\n", limit, best, e.measure.change(v.Buys), e.cost(more), e.measure.change(v.Gain))
	}
}

// cost writes an amount of the cost for people.
func (e explanation) cost(x float64) string {
	if known := trial.CostInfos(); known.Has(e.Cost) {
		return known.Of(e.Cost).Format(x)
	}
	return trial.MetricInfo{Name: e.Cost, Unit: e.Unit}.Format(x)
}

// costName is the name of a cost in tables and pictures.
func costName(cost string) string {
	if cost == trial.MACs {
		return "MACs"
	}
	return cost
}
