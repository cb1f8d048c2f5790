package lattice

import (
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Joint is what a distribution says about one option of a decision together with every other decision.
type Joint struct {
	Option string
	With   []Marginal // of all decisions; the probabilities are those of both options, and add up to that of Option where With is met
}

// Joints returns the pairwise marginals of a decision, option by option, in the order of [Lattice.Decisions] and their options. With itself
// an option has its own marginal; those of a decision that a limit on memory leaves out are all 0. It is an error if no derivation meets such
// a decision. It costs about as much as [Gibbs.Marginals] for each option and once more. The rounding of float64 is absolute, not relative:
// what cannot be together may have 10⁻¹⁵ and not 0 if the decision is not always met.
//
// The distribution is conditioned by forbidding the other options. That leaves the architectures that do not meet the decision, and these
// are what is left if all options are forbidden.
func (g *Gibbs) Joints(decision string) ([]Joint, error) {
	var options, names []string
	for _, d := range g.region.lattice.complete().decisions {
		names = append(names, d.Name)
		for _, o := range d.Options {
			if d.Name == decision && !slices.Contains(options, o) {
				options = append(options, o)
			}
		}
	}
	if options == nil {
		return nil, fmt.Errorf("space %q has no decision %q; %s", g.region.Space().Name(), decision, nearest.Advice(decision, names))
	}
	without := g.share(func(s Step) bool { return s.Decision != decision })
	out := make([]Joint, len(options))
	for i, option := range options {
		with := g.share(func(s Step) bool { return s.Decision != decision || s.Option == option })
		for d := range with {
			for k, p := range without[d].Probability {
				with[d].Probability[k] = max(0, with[d].Probability[k]-p)
			}
		}
		out[i] = Joint{option, with}
	}
	return out, nil
}

// share returns the probabilities of all options together with all steps being allowed.
func (g *Gibbs) share(allowed func(Step) bool) []Marginal {
	part := g.region.Gibbs(func(s Step) float64 {
		switch {
		case s.Fixed:
			return g.fixed
		case allowed(s):
			return g.weights[s.at]
		}
		return math.Inf(-1)
	})
	if math.IsInf(part.LogPartition(), -1) {
		return g.region.lattice.marginals()
	}
	out, share := part.Marginals(), math.Exp(part.LogPartition()-g.LogPartition())
	for _, m := range out {
		for k := range m.Probability {
			m.Probability[k] *= share
		}
	}
	return out
}
