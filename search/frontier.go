package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// Frontier is what [NewAuto] takes for several objectives: every second proposal is that of [EHVI], or of [ParEGO] for more than three
// objectives, and the others are those of [MOTPE]. Processes find what the front lacks from the first results on; the densities, which assume
// nothing about scales and correlations, spread what is good where the processes are wrong: neither is as good alone
// (docs/strategies.md). Both know all results, and nothing is proposed twice.
type Frontier struct {
	*guided
	densities *MOTPE
}

// NewFrontier returns the mixture. It is an error if there is no objective or a setting is out of range.
func NewFrontier(p Problem, c GuidedConfig) (*Frontier, error) {
	model, err := newHalf(p, c)
	if err != nil {
		return nil, err
	}
	densities, err := NewMOTPE(p, MOTPEConfig{})
	if err != nil {
		return nil, err
	}
	densities.left = model.left
	return &Frontier{guided: model, densities: densities}, nil
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
	return s.ask(n, s.problem, s.left, func(r *rand.Rand) trial.Proposal {
		p := s.next(r)
		s.densities.note(trial.ID(s.asked), p.Arch)
		return p
	})
}

func (s *Frontier) next(r *rand.Rand) trial.Proposal {
	if s.asked%2 == 1 && s.begun >= s.begin {
		if p, ok := s.densities.likely(r); ok {
			p.Budget = s.problem.Budget
			return p
		}
	}
	return s.propose(r)
}

// Tell hands results to both halves.
func (s *Frontier) Tell(results []trial.Result) {
	s.guided.Tell(results)
	s.densities.Tell(results)
}

// Known implements Seeded.
func (s *Frontier) Known(results []trial.Result) {
	s.guided.Known(results)
	s.densities.Known(results)
}
