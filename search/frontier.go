package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// Frontier is what [NewAuto] takes for several objectives: every second proposal is that of [EHVI], or of [ParEGO] for more than three
// objectives, and the others are children of the front, as of [NSGA2]. Models find what the front lacks from the first results on, and
// where they are wrong, in a corner that looks like nothing else, the children find it: neither is as good alone (docs/strategies.md).
// Both know all results, and nothing is proposed twice.
type Frontier struct {
	*guided
	children *NSGA2
}

// NewFrontier returns the mixture. It is an error if there is no objective or a setting is out of range.
func NewFrontier(p Problem, c GuidedConfig) (*Frontier, error) {
	model, err := newHalf(p, c)
	if err != nil {
		return nil, err
	}
	children, err := NewNSGA2(p, BreedingConfig{})
	if err != nil {
		return nil, err
	}
	children.left = model.left
	return &Frontier{guided: model, children: children}, nil
}

// newHalf returns the model-based half.
func newHalf(p Problem, c GuidedConfig) (*guided, error) {
	if len(p.Objectives) > 3 {
		s, err := NewParEGO(p, c)
		if err != nil {
			return nil, err
		}
		return s.guided, nil
	}
	s, err := NewEHVI(p, c)
	if err != nil {
		return nil, err
	}
	return s.guided, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *Frontier) Ask(n int) ([]trial.Proposal, State) {
	return s.askBy(n, func(r *rand.Rand) trial.Proposal {
		if s.asked%2 == 1 && s.begun >= s.begin {
			if p, ok := s.child(r); ok {
				return p
			}
		}
		return s.propose(r)
	})
}

// child breeds a child of the front, if anything was told yet.
func (s *Frontier) child(r *rand.Rand) (trial.Proposal, bool) {
	if len(s.children.population) == 0 {
		s.children.selectSurvivors()
	}
	if len(s.children.population) == 0 {
		return trial.Proposal{}, false
	}
	return s.children.breed(r)
}

// Tell hands results to both halves.
func (s *Frontier) Tell(results []trial.Result) {
	s.guided.Tell(results)
	s.children.Tell(results)
}

// Known implements Seeded.
func (s *Frontier) Known(results []trial.Result) {
	s.guided.Known(results)
	s.children.Known(results)
}
