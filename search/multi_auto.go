package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// MultiAuto is what [NewAuto] takes for several objectives: every second proposal is that of [EHVI], or of [ParEGO] for more than three
// objectives, and the others are those of [MOTPE]. Processes find what the front lacks from the first results on; the densities, which assume
// nothing about scales and correlations, spread what is good where the processes are wrong: neither is as good alone
// (docs/strategies.md). Both learn from all results, and nothing is proposed twice.
type MultiAuto struct {
	*guided
	densities *MOTPE
}

// NewMultiAuto returns the mixture. It is an error if there is no objective or a setting is out of range.
func NewMultiAuto(p Problem, c GuidedConfig) (*MultiAuto, error) {
	model, err := newHalf(p, c)
	if err != nil {
		return nil, err
	}
	densities, err := NewMOTPE(p, MOTPEConfig{})
	if err != nil {
		return nil, err
	}
	densities.left = model.left
	return &MultiAuto{guided: model, densities: densities}, nil
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
func (s *MultiAuto) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, func(r *rand.Rand) trial.Proposal {
		p := s.next(r)
		s.densities.note(s.key(), p.Arch)
		return p
	})
}

func (s *MultiAuto) next(r *rand.Rand) trial.Proposal {
	if s.asked%2 == 1 && s.begun >= s.initial {
		if p, ok := s.densities.likely(r); ok {
			return p
		}
	}
	return s.proposal(r)
}

// Tell hands results to both halves.
func (s *MultiAuto) Tell(results []trial.Result) {
	s.guided.Tell(results)
	s.densities.Tell(results)
}

// Observe implements WarmStarter.
func (s *MultiAuto) Observe(results []trial.Result) {
	s.guided.Observe(results)
	s.densities.Observe(results)
}
