package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
)

// explained is a score over a region as it is printed.
type explained struct {
	Space     string              `json:"space"`
	Limits    []string            `json:"limits,omitempty"`
	Count     string              `json:"count"` // a string: it may have hundreds of digits
	Objective string              `json:"objective,omitempty"`
	Fit       *explain.Fit        `json:"fit,omitempty"`
	Surrogate string              `json:"surrogate,omitempty"` // the kind of score that was fitted
	Instead   *instead            `json:"instead,omitempty"`   // the other one
	Mean      float64             `json:"mean"`
	Deviation float64             `json:"deviation"`
	Decisions []explainedDecision `json:"decisions"`
	Counters  []explainedCounter  `json:"counters,omitempty"`
	Best      explainedBest       `json:"best"`
	Cost      string              `json:"cost"`
	Prices    []explainedPrice    `json:"prices"`
}

// instead is a surrogate that was fitted too and predicts worse.
type instead struct {
	Surrogate string      `json:"surrogate"`
	Fit       explain.Fit `json:"fit"`
}

// fittedKinds name the kinds of surrogates in a sentence.
var fittedKinds = map[string]string{"additive": "of options one by one", "pairs": "of pairs of neighbouring decisions"}

type explainedDecision struct {
	Decision string            `json:"decision"`
	Share    float64           `json:"share"` // of the variance: the Shapley value in parts of it
	Options  []explainedOption `json:"options"`
}

type explainedOption struct {
	Option      string  `json:"option"`
	Before      string  `json:"before,omitempty"`
	Probability float64 `json:"probability"`
	Effect      float64 `json:"effect"`
}

// explainedCounter is what a counter does: no decision's own, but its total's.
type explainedCounter struct {
	Counter string  `json:"counter"`
	Share   float64 `json:"share"`
}

type explainedBest struct {
	scored
	Contributions []explain.Contribution `json:"contributions"`
}

// explainedPrice is what a budget is worth.
type explainedPrice struct {
	Limit json.Number `json:"limit"`
	Best  float64     `json:"best"`
	More  json.Number `json:"more,omitempty"` // what the next better one costs more
	Buys  float64     `json:"buys,omitempty"` // and by how much it is better
	Slope float64     `json:"slope"`          // per unit, along the concave hull of the front
}

// priced is the number of budgets whose price is printed.
const priced = 8

// explainScore explains a score, of options and pairs by weight and of parts; value turns sums of weights into scores.
func explainScore(r *lattice.Region, m lattice.Metric, weight func(lattice.Step) float64, value func(float64) float64, parts ...explain.Part) (explained, []lattice.Trade, error) {
	out := explained{Space: r.Space().Name(), Limits: limitsOf(r), Count: r.Count().String(), Cost: string(m)}
	s := explain.Effects(r, weight, parts...)
	share := func(shapley float64) float64 {
		if s.Variance > 0 {
			return shapley / s.Variance
		}
		return 0
	}
	out.Mean, out.Deviation = value(s.Mean), value(math.Sqrt(s.Variance))
	for _, d := range s.Decisions {
		e := explainedDecision{Decision: d.Name, Share: share(d.Shapley)}
		for _, o := range d.Options {
			before := ""
			if o.Before.Decision != "" {
				before = o.Before.Decision + "=" + o.Before.Option
			}
			e.Options = append(e.Options, explainedOption{o.Option, before, min(1, o.Probability), value(o.Mean)})
		}
		out.Decisions = append(out.Decisions, e)
	}
	for _, p := range s.Parts {
		out.Counters = append(out.Counters, explainedCounter{p.Name, share(p.Shapley)})
	}
	whole := weight
	if len(parts) > 0 {
		whole = func(step lattice.Step) float64 {
			sum := weight(step)
			for _, p := range parts {
				sum += p.Of(step)
			}
			return sum
		}
	}
	for b := range r.Best(whole) {
		var err error
		if out.Best.scored, err = describeScored(r, b.Arch, value(b.Score)); err != nil {
			return out, nil, err
		}
		contributions, err := explain.Contributions(r, weight, b.Arch, parts...)
		if err != nil {
			return out, nil, err
		}
		for i := range contributions {
			contributions[i].Shapley = value(contributions[i].Shapley)
		}
		out.Best.Contributions = contributions
		break
	}
	front, err := explain.Budget(r, m, whole)
	if err != nil {
		return out, nil, wrong(err)
	}
	for i := range front {
		front[i].Score = value(front[i].Score)
	}
	out.price(r, m, front)
	return out, front, nil
}

// price fills in the prices of evenly spaced budgets, and of the limit that there is.
func (e *explained) price(r *lattice.Region, m lattice.Metric, front []lattice.Trade) {
	low, high := front[0].Cost, front[len(front)-1].Cost
	var limits []int64
	for i := range int64(priced) {
		limits = append(limits, low+(high-low)/(priced-1)*i)
	}
	for _, l := range r.Limits() {
		if l.Metric == m && l.Max < lattice.Unlimited {
			limits = append(limits, l.Max)
		}
	}
	slices.Sort(limits)
	for _, limit := range slices.Compact(limits) {
		p, ok := explain.PriceAt(front, m, limit)
		if !ok {
			continue
		}
		unit, _ := decimal(r, m, 1).Float64()
		x := explainedPrice{Limit: decimal(r, m, limit), Best: p.Best.Score, Slope: p.Slope / unit}
		if p.More {
			x.More, x.Buys = decimal(r, m, p.Next.Cost-limit), p.Next.Score-p.Best.Score
		}
		e.Prices = append(e.Prices, x)
	}
}

// effectsWidth is how many columns the effects of the options of a decision take at most: those of pairs are many.
const effectsWidth = 80

// write prints tables: the fit first, for nothing below is truer than that.
func (e explained) write(w io.Writer) error {
	if e.Fit != nil {
		fmt.Fprintf(w, "surrogate      of %s, fitted to %d trials: R² %.3f, Spearman %.3f, leave-one-out R² %.3f, ridge %g\n",
			e.Objective, e.Fit.Trials, e.Fit.R2, e.Fit.Spearman, e.Fit.LeaveOneOut, e.Fit.Ridge)
		fmt.Fprintf(w, "               %s", fittedKinds[e.Surrogate])
		if e.Instead != nil {
			fmt.Fprintf(w, "; one %s has leave-one-out R² %.3f", fittedKinds[e.Instead.Surrogate], e.Instead.Fit.LeaveOneOut)
		}
		fmt.Fprintln(w)
		if e.Fit.LeaveOneOut <= 0 {
			fmt.Fprintln(w, "               it predicts a trial from the others no better than their mean does: do not believe what follows")
		}
	}
	fmt.Fprintf(w, "score          %s on average, standard deviation %s\n", number(e.Mean), number(e.Deviation))
	fmt.Fprintf(w, "best           %s  %s\n\n", number(e.Best.Score), e.Best.Arch)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "DECISION\tSHARE OF VARIANCE\tEFFECTS OF ITS OPTIONS")
	for _, d := range e.Decisions {
		var options []string
		for _, o := range d.Options {
			name := o.Option
			if o.Before != "" {
				name = o.Before + ">" + name
			}
			if o.Probability > 0 {
				options = append(options, name+" "+signed(o.Effect))
			}
		}
		decision, share := d.Decision, fmt.Sprintf("%.1f%%", 100*d.Share)
		for _, line := range lines(options, "  ", effectsWidth) {
			fmt.Fprintf(tw, "%s\t%s\t%s\n", decision, share, line)
			decision, share = "", ""
		}
	}
	if len(e.Counters) > 0 {
		fmt.Fprintln(tw, "\nCOUNTER\tSHARE OF VARIANCE")
		for _, c := range e.Counters {
			fmt.Fprintf(tw, "%s\t%.1f%%\n", c.Counter, 100*c.Share)
		}
	}
	fmt.Fprintf(tw, "\nBUDGET (%s)\tBEST\tTHE NEXT BETTER\tONE MORE BUYS\n", e.Cost)
	for _, p := range e.Prices {
		next := "nothing is better"
		if p.More != "" {
			next = fmt.Sprintf("%s for %s more", signed(p.Buys), p.More)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", p.Limit, number(p.Best), next, number(p.Slope))
	}
	return tw.Flush()
}

// signed prints an effect with its sign and three digits.
func signed(x float64) string { return fmt.Sprintf("%+.3g", x) }
