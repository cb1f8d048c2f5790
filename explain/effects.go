package explain

import (
	"cmp"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
)

// Effect is what an option does on average.
type Effect struct {
	Option      string
	Probability float64 // that it is taken
	Mean        float64 // the mean score where it is taken, less the mean of all
	Error       float64 // the standard error of Mean, of a surrogate; else 0
}

// Pair is what two neighbouring options do on average, in a chained lattice.
type Pair struct {
	Before      lattice.Taken // the option before
	Effect                    // of both together
	Beyond      float64       // what of Mean is beyond the sum of the effects of both alone
	BeyondError float64       // the standard error of Beyond, of a surrogate; else 0
}

// Decision is what a decision does to the score.
type Decision struct {
	Name       string
	Shapley    float64  // its part of the variance; all of them add up to it
	Error      float64  // the standard error of Shapley/variance, of a surrogate; else 0
	Alone      float64  // the variance of the mean scores of its options
	AloneError float64  // the standard error of Alone/variance, of a surrogate; else 0
	Options    []Effect // in the order of the decision
	Pairs      []Pair   // with the options before it; none where the lattice is not chained
	term       float64  // the mean of what it adds to the score
}

// Part is a part of a score that is no decision's own, such as what a counter scores: a player of its own.
type Part struct {
	Name string
	Of   func(lattice.Step) float64 // adds up along paths, the fixed step included
}

// Share is the share of a part in the variance of a score.
type Share struct {
	Name    string
	Shapley float64
	term    float64 // the mean of what its steps add to the score
}

// Summary is what a score does over a region.
type Summary struct {
	Mean, Variance float64    // the variance is the sum of all Shapley values
	Error          float64    // the standard error of Mean, of a surrogate; else 0
	Decisions      []Decision // by falling Shapley value
	Parts          []Share    // as they were given

	lattice *lattice.Lattice
	weight  func(lattice.Step) float64
	parts   []Part
}

// Effects explains a score over all architectures of a region, each with the same probability. The score is the sum of weight, the share
// of every step in it, which is that of the step's decision, and of the parts.
//
// The main effect of an option is E[score | option taken] − E[score], exactly: an option that leaves less of a limit for others is
// charged for that. What a decision explains alone is the variance of these where it is met, times the probability of that: of a decision that is
// always met Var(E[score | option]), which divided by the variance of the score is the first-order index of Sobol (1993). The interaction of two
// neighbouring options is E[score | both] − E[score | the first] − E[score | the second] + E[score], all given that the two decisions are neighbours.
//
// The Shapley value (Shapley, 1953) of a decision is that of the game whose players are the decisions and the parts and in which a coalition
// S is worth
//
//	v(S) = Var(Σ of the terms of the players in S),
//
// the variance over the region of what S contributes to the score; a term that depends on two neighbouring decisions is that of the later
// one. As v is a sum over pairs of terms, the value of player d is Cov(term of d, score): its own variance and half of what it shares with
// each other player, twice. This is the covariance decomposition of variance (Li et al., 2010) for dependent decisions, which
// they are under a limit; a value may be negative, where a decision mostly offsets others. A decision without a term of its own, such as a
// depth of which only the blocks score, has the value 0, however much it explains alone.
func Effects(r *lattice.CountedRegion, weight func(lattice.Step) float64, parts ...Part) Summary {
	return sorted(effects(r, weight, parts...))
}

// effects is [Effects], with decisions in the order of the parameters.
func effects(r *lattice.CountedRegion, weight func(lattice.Step) float64, parts ...Part) Summary {
	out := newAccumulator(r.Lattice().Parameters())
	out.lattice, out.weight, out.parts = r.Lattice(), weight, parts
	for _, part := range parts {
		out.Parts = append(out.Parts, Share{Name: part.Name})
	}
	score := func(s lattice.Step) float64 {
		sum := weight(s)
		for _, p := range parts {
			sum += p.Of(s)
		}
		return sum
	}
	g := r.GibbsOf(make([]float64, len(out.place)))
	out.Mean = g.EachStepGrad(score, func(s lattice.Step, p, slope float64) {
		out.add(lattice.Parameter{Before: s.Before, Decision: s.Decision, Option: s.Option}, p, slope, weight(s))
		for i, part := range parts {
			x := part.Of(s)
			out.Parts[i].Shapley += slope * x
			out.Parts[i].term += p * x
		}
	})
	out.finish()
	return out.Summary
}

// part is a part of the variance, as a share in it.
func (s Summary) part(of float64) float64 {
	if s.Variance > 0 {
		return of / s.Variance
	}
	return 0
}

func sorted(s Summary) Summary {
	slices.SortStableFunc(s.Decisions, func(a, b Decision) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return s
}

// accumulator sums up a summary.
type accumulator struct {
	Summary
	place map[lattice.Parameter]position
}

// position is where the decision, the option and the pair of a parameter stand; pair is -1 where there is none.
type position struct{ decision, option, pair int }

func newAccumulator(parameters []lattice.Parameter) *accumulator {
	out := &accumulator{place: make(map[lattice.Parameter]position, len(parameters))}
	decisions, options := map[string]int{}, map[lattice.Taken]int{}
	for _, p := range parameters {
		d, ok := decisions[p.Decision]
		if !ok {
			d = len(out.Decisions)
			decisions[p.Decision] = d
			out.Decisions = append(out.Decisions, Decision{Name: p.Decision})
		}
		of := &out.Decisions[d]
		o, ok := options[lattice.Taken{Decision: p.Decision, Option: p.Option}]
		if !ok {
			o = len(of.Options)
			options[lattice.Taken{Decision: p.Decision, Option: p.Option}] = o
			of.Options = append(of.Options, Effect{Option: p.Option})
		}
		at := position{d, o, -1}
		if p.Before.Decision != "" {
			at.pair = len(of.Pairs)
			of.Pairs = append(of.Pairs, Pair{Before: p.Before, Effect: Effect{Option: p.Option}})
		}
		out.place[p] = at
	}
	return out
}

// add adds steps of a parameter: their probability, their covariance with the score, and their own term.
func (o *accumulator) add(of lattice.Parameter, p, slope, term float64) {
	at := o.place[of]
	d := &o.Decisions[at.decision]
	d.Shapley += slope * term
	d.term += p * term
	d.Options[at.option].Probability += p
	d.Options[at.option].Mean += slope
	if at.pair >= 0 {
		d.Pairs[at.pair].Probability += p
		d.Pairs[at.pair].Mean += slope
	}
}

// finish divides sums into means.
func (o *accumulator) finish() {
	for i := range o.Decisions {
		d := &o.Decisions[i]
		o.Variance += d.Shapley
		var any Effect // that the decision is met
		for k := range d.Options {
			any.Probability += d.Options[k].Probability
			any.Mean += d.Options[k].Mean
			d.Options[k].divide()
		}
		any.divide()
		for _, e := range d.Options {
			d.Alone += e.Probability * (e.Mean - any.Mean) * (e.Mean - any.Mean)
		}
	}
	for i := range o.Decisions {
		interact(o.Decisions[i].Pairs)
	}
	for _, part := range o.Parts {
		o.Variance += part.Shapley
	}
	o.Variance = math.Max(0, o.Variance)
}

// interact divides the sums of the pairs of a decision into means, and finds what is beyond the means of both options.
func interact(pairs []Pair) {
	type margin struct{ before, option lattice.Taken } // of all pairs of two decisions where both are empty
	margins := map[margin]*Effect{}
	of := func(p Pair) [3]margin {
		before, option := lattice.Taken{Decision: p.Before.Decision}, lattice.Taken{Option: p.Option}
		return [3]margin{{before: p.Before}, {before, option}, {before: before}}
	}
	for _, p := range pairs {
		for _, m := range of(p) {
			if margins[m] == nil {
				margins[m] = &Effect{}
			}
			margins[m].Probability += p.Probability
			margins[m].Mean += p.Mean
		}
	}
	for _, m := range margins {
		m.divide()
	}
	for i := range pairs {
		if p := &pairs[i]; p.Probability > 0 {
			p.divide()
			m := of(*p)
			p.Beyond = p.Mean - margins[m[0]].Mean - margins[m[1]].Mean + margins[m[2]].Mean
		}
	}
}

// divide divides the sum of an effect into its mean.
func (e *Effect) divide() {
	if e.Probability > 0 {
		e.Mean /= e.Probability
	}
}
