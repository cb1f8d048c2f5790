package explain

import (
	"cmp"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

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
func (s Summary) Contributions(a space.Arch) ([]Contribution, error) {
	steps, err := s.lattice.Steps(a)
	if err != nil {
		return nil, err
	}
	var out []Contribution
	at := map[string]int{}
	for _, d := range s.Decisions {
		at[d.Name] = len(out)
		out = append(out, Contribution{Decision: d.Name, Shapley: -d.term})
	}
	for _, p := range s.Parts {
		out = append(out, Contribution{Decision: p.Name, Shapley: -p.term})
	}
	parts := out[len(s.Decisions):]
	for _, step := range steps[1:] {
		for i, part := range s.parts {
			parts[i].Shapley += part.Of(step)
		}
		if _, ok := at[step.Decision]; !ok { // a limit on memory leaves the decision out
			at[step.Decision] = len(out)
			out = append(out, Contribution{Decision: step.Decision})
		}
		c := &out[at[step.Decision]]
		c.Option = step.Option
		c.Shapley += s.weight(step)
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(b.Shapley, a.Shapley) })
	return out, nil
}
