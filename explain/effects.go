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

// Part is a part of a score that is no decision's own, such as what a counter scores: a player of its own.
type Part struct {
	Name string
	Of   func(lattice.Step) float64 // adds up along paths, the fixed step included
}

// Share is what a part of a score does to it.
type Share struct {
	Name    string
	Shapley float64
}

// Summary is what a score does over a region.
type Summary struct {
	Mean, Variance float64    // the variance is the sum of all Shapley values
	Decisions      []Decision // by falling Shapley value
	Parts          []Share    // as they were given
}

// Effects explains a score over all architectures of a region, each with the same probability. The score is the sum of weight, the share
// of every step in it, which is that of the step's decision, and of the parts.
//
// The main effect of an option is E[score | option taken] − E[score], exactly: an option that leaves less of the budget for others is
// charged for that.
//
// The Shapley value (Shapley, 1953) of a decision is that of the game whose players are the decisions and the parts and in which a coalition
// S is worth
//
//	v(S) = Var(Σ of the terms of the players in S),
//
// the variance over the region of what S contributes to the score; a term that depends on two neighbouring decisions is that of the later
// one. As v is a sum over pairs of terms, the value of player d is Cov(term of d, score): its own variance and half of what it shares with
// each other player, twice. This is the covariance decomposition of variance (Li et al., 2010) for dependent decisions, which
// they are under a budget; a value may be negative, where a decision mostly offsets others.
func Effects(r *lattice.Region, weight func(lattice.Step) float64, parts ...Part) Summary {
	var out Summary
	place := map[lattice.Parameter][2]int{} // of decision and option
	at := map[string]int{}
	parameters := r.Lattice().Parameters()
	for _, p := range parameters {
		k, ok := at[p.Decision]
		if !ok {
			k = len(out.Decisions)
			at[p.Decision] = k
			out.Decisions = append(out.Decisions, Decision{Name: p.Decision})
		}
		d := &out.Decisions[k]
		place[p] = [2]int{k, len(d.Options)}
		d.Options = append(d.Options, Effect{Option: p.Option, Before: p.Before})
	}
	for _, part := range parts {
		out.Parts = append(out.Parts, Share{Name: part.Name})
	}
	g := r.GibbsOf(make([]float64, len(parameters)))
	score := func(s lattice.Step) float64 {
		sum := weight(s)
		for _, p := range parts {
			sum += p.Of(s)
		}
		return sum
	}
	out.Mean = g.Slopes(score, func(s lattice.Step, p, slope float64) {
		at := place[lattice.Parameter{Before: s.Before, Decision: s.Decision, Option: s.Option}]
		d := &out.Decisions[at[0]]
		d.Shapley += slope * weight(s)
		d.Options[at[1]].Probability += p
		d.Options[at[1]].Mean += slope
		for i, part := range parts {
			out.Parts[i].Shapley += slope * part.Of(s)
		}
	})
	for _, d := range out.Decisions {
		out.Variance += d.Shapley
		for i := range d.Options {
			if o := &d.Options[i]; o.Probability > 0 {
				o.Mean /= o.Probability
			}
		}
	}
	for _, part := range out.Parts {
		out.Variance += part.Shapley
	}
	out.Variance = math.Max(0, out.Variance)
	slices.SortStableFunc(out.Decisions, func(a, b Decision) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return out
}

// Contribution is what a decision of an architecture, or a part of the score, adds to its score.
type Contribution struct {
	Decision string // or the name of the part
	Option   string // empty where the architecture does not meet the decision, and of a part
	Shapley  float64
}

// Contributions explains the score of one architecture: the Shapley values of its decisions in the game in which a coalition S is worth
// E[score of the architecture's options in S with all other options drawn together from the region], as SHAP has it with interventional
// expectations (Lundberg & Lee, 2017; Janzing et al., 2020). For a score that is a sum of terms it is exactly the term of the architecture less
// the mean of that term over the region. The contributions, those of the parts among them, add up to its score less the mean of all. They
// come greatest first. It is an error if the architecture is not of the space.
func Contributions(r *lattice.Region, weight func(lattice.Step) float64, a space.Arch, parts ...Part) ([]Contribution, error) {
	steps, err := r.Lattice().Steps(a)
	if err != nil {
		return nil, err
	}
	parameters := r.Lattice().Parameters()
	g := r.GibbsOf(make([]float64, len(parameters)))
	var out []Contribution
	at := map[string]int{}
	of := func(decision string) *Contribution {
		if _, ok := at[decision]; !ok {
			at[decision] = len(out)
			out = append(out, Contribution{Decision: decision})
		}
		return &out[at[decision]]
	}
	for _, p := range parameters {
		of(p.Decision)
	}
	g.EachStep(func(s lattice.Step, p float64) { of(s.Decision).Shapley -= p * weight(s) })
	for _, s := range steps {
		if !s.Fixed { // the decision is not of the region where a limit on memory leaves it out
			c := of(s.Decision)
			c.Option = s.Option
			c.Shapley += weight(s)
		}
	}
	for _, part := range parts {
		c := Contribution{Decision: part.Name, Shapley: -g.Mean(part.Of)}
		for _, s := range steps {
			c.Shapley += part.Of(s)
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return out, nil
}
