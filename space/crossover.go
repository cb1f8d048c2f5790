package space

import (
	"math/rand/v2"
	"slices"
)

// crossoverDraws is how often Crossover draws all decisions anew before it goes one decision at a time.
const crossoverDraws = 32

// Crossover draws a child of a and b: decisions are matched by name, and where both parents have met one, the child takes the option of
// either with equal probability; where only one parent has, it takes that one's. Should no such draw be of the space, because decisions
// only fit together, the child is a with those options of b, tried in random order, that leave it in the space. It panics if a parent is
// not of this space.
func (s *Space) Crossover(a, b Arch, r *rand.Rand) Arch {
	mother, father := s.Decisions(a), s.Decisions(b)
	ofMother, ofFather := labelsByName(mother), labelsByName(father)
	for range crossoverDraws {
		child, err := s.derive(func(p Point) (int, error) {
			name := p.FullName()
			label, ok := ofMother[name]
			if other, both := ofFather[name]; both && (!ok || r.IntN(2) == 1) {
				label = other
			}
			return optionOf(p, label), nil
		})
		if err == nil {
			return child
		}
	}
	child := a
	for _, i := range r.Perm(len(father)) {
		if d := father[i]; r.IntN(2) == 1 {
			child = s.adopt(child, d)
		}
	}
	return child
}

// adopt returns a with the decision made as d has made it, or a itself if that is not of the space or a does not meet the decision.
func (s *Space) adopt(a Arch, d Decision) Arch {
	decisions := s.Decisions(a)
	i := slices.IndexFunc(decisions, func(own Decision) bool { return own.Name == d.Name })
	if i < 0 {
		return a
	}
	option := slices.Index(decisions[i].Options, d.Options[d.Chosen])
	if option < 0 || option == decisions[i].Chosen {
		return a
	}
	if changed, err := s.change(decisions, i, option); err == nil {
		return changed
	}
	return a
}

// labelsByName returns the label of the option that each decision has taken.
func labelsByName(decisions []Decision) map[string]string {
	labels := make(map[string]string, len(decisions))
	for _, d := range decisions {
		labels[d.Name] = d.Options[d.Chosen]
	}
	return labels
}

// optionOf returns the option with a label, or the first one if there is none.
func optionOf(p Point, label string) int {
	for i := range p.Count {
		if p.Label(i) == label {
			return i
		}
	}
	return 0
}
