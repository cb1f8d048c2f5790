package explain

import (
	"cmp"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Effect is what an option does on average.
type Effect struct {
	Option      string
	Before      lattice.Taken // the option before it, in a chained lattice
	Probability float64       // that it is taken
	Mean        float64       // the mean score where it is taken, less the mean of all
}

// Decision is what a decision does to the score.
type Decision struct {
	Name    string
	Shapley float64 // its part of the variance; all of them add up to it
	Options []Effect
}

// Summary is what a score does over a region.
type Summary struct {
	Mean, Variance float64
	Decisions      []Decision // by falling Shapley value
}

// Effects explains a score over all architectures of a region, each with the same probability. weight is the score's share of a step by its
// decision, its option and, in a chained lattice, what was taken before.
//
// The main effect of an option is E[score | option taken] − E[score], exactly: an option that leaves less of the budget for others is
// charged for that.
//
// The Shapley value (Shapley, 1953) of a decision is that of the game whose players are the decisions and in which a coalition S is worth
//
//	v(S) = Var(Σ of the terms of the decisions in S),
//
// the variance over the region of what S contributes to the score; a term that depends on two neighbouring decisions is that of the later
// one. As v is a sum over pairs of terms, the value of decision d is Cov(term of d, score): its own variance and half of what it shares with
// each other decision, twice. This is the covariance decomposition of variance (Li et al., 2010) for dependent decisions, which
// they are under a budget; a value may be negative, where a decision mostly offsets others.
func Effects(r *lattice.Region, weight func(lattice.Step) float64) Summary {
	parameters := r.Lattice().Parameters()
	g := r.GibbsOf(make([]float64, len(parameters)))
	taken := g.LogPartitionGrad()
	mean, slope := g.ExpectationGrad(weight)
	out := Summary{Mean: mean}
	at := map[string]int{}
	for i, p := range parameters {
		if _, ok := at[p.Decision]; !ok {
			at[p.Decision] = len(out.Decisions)
			out.Decisions = append(out.Decisions, Decision{Name: p.Decision})
		}
		d := &out.Decisions[at[p.Decision]]
		d.Shapley += slope[i] * weightOf(weight, p)
		e := Effect{Option: p.Option, Before: p.Before, Probability: taken[i]}
		if taken[i] > 0 {
			e.Mean = slope[i] / taken[i]
		}
		d.Options = append(d.Options, e)
	}
	for _, d := range out.Decisions {
		out.Variance += d.Shapley
	}
	out.Variance = math.Max(0, out.Variance)
	slices.SortStableFunc(out.Decisions, func(a, b Decision) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return out
}

func weightOf(weight func(lattice.Step) float64, p lattice.Parameter) float64 {
	return weight(lattice.Step{Decision: p.Decision, Option: p.Option, Before: p.Before})
}

// Contribution is what a decision of an architecture adds to its score.
type Contribution struct {
	Decision string
	Option   string // empty where the architecture does not meet the decision
	Shapley  float64
}

// Contributions explains the score of one architecture: the Shapley values of its decisions in the game in which a coalition S is worth
// E[score of the architecture's options in S with all other options drawn together from the region], as SHAP has it with interventional
// expectations (Lundberg & Lee, 2017; Janzing et al., 2020). For a score that is a sum of terms it is exactly the term of the architecture less
// the mean of that term over the region. The contributions add up to its score less the mean of all. They come greatest first. It is an
// error if the architecture is not of the space.
func Contributions(r *lattice.Region, weight func(lattice.Step) float64, a space.Arch) ([]Contribution, error) {
	parameters := r.Lattice().Parameters()
	taken := r.GibbsOf(make([]float64, len(parameters))).LogPartitionGrad()
	features, err := r.Lattice().Features(a)
	if err != nil {
		return nil, err
	}
	var out []Contribution
	at := map[string]int{}
	for i, p := range parameters {
		k, ok := at[p.Decision]
		if !ok {
			k = len(out)
			at[p.Decision] = k
			out = append(out, Contribution{Decision: p.Decision})
		}
		w := weightOf(weight, p)
		out[k].Shapley -= taken[i] * w
		if slices.Contains(features, i) {
			out[k].Option = p.Option
			out[k].Shapley += w
		}
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return out, nil
}
