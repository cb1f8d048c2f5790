package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginModel is the origin of a proposal that a model of the results so far expects most of.
const OriginModel = "model"

// GuidedConfig holds the settings of the model-based strategies for several objectives.
type GuidedConfig struct {
	Begin      int // uniform draws before there is a model; 0 means 10
	Candidates int // drawn uniformly to choose among, beside the neighbours of the front; 0 means 1,000
}

// guided is the life of a model-based strategy for several objectives: uniform draws to begin with, then what the models expect most
// of among the candidates. The candidates are listed anew when the front was extended (of many results, not before a fiftieth of them are new), at the latest
// after a tenth of the results, and then the hyper-parameters are tuned.
type guided struct {
	evidence
	turns
	begin  int
	begun  int // uniform draws made, or known already
	model  *model
	archs  []space.Arch // candidates
	listed int          // results when the candidates were listed
	fronts int          // fronts then
	tuned  int          // results when the hyper-parameters were tuned
	// choose returns the candidate of which most is expected, false if there is none.
	choose func(r *rand.Rand) (belief, bool)
}

func newGuided(name string, p Problem, c GuidedConfig) (*guided, error) {
	if c.Begin == 0 {
		c.Begin = 10
	}
	if c.Candidates == 0 {
		c.Candidates = 1000
	}
	switch {
	case c.Begin < 2:
		return nil, fmt.Errorf("%s: %d uniform draws to begin with are too few; a model needs 2 at least", name, c.Begin)
	case c.Candidates < 2:
		return nil, fmt.Errorf("%s: %d candidates are too few; it needs 2 at least", name, c.Candidates)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &guided{evidence: newEvidence(p, c.Candidates), turns: turns{name: name}, begin: c.Begin}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *guided) Ask(n int) ([]trial.Proposal, State) { return s.ask(n, s.problem, s.left, s.propose) }

func (s *guided) propose(r *rand.Rand) trial.Proposal {
	p := trial.Proposal{Budget: s.problem.Budget, Origin: OriginRandom}
	if s.begun >= s.begin && s.told >= 2 {
		if b, ok := s.choose(r); ok {
			s.left.take(b.arch)
			s.believe(trial.ID(s.asked), b)
			p.Arch, p.Origin = b.arch, OriginModel
			return p
		}
	}
	s.begun++
	p.Arch = s.left.draw(r)
	return p
}

// Tell takes in results.
func (s *guided) Tell(results []trial.Result) {
	for _, r := range results {
		s.tell(r, false)
	}
}

// Known implements Seeded: what is known stands for uniform draws that need not be made.
func (s *guided) Known(results []trial.Result) {
	for _, r := range results {
		s.left.know(r.Arch)
		s.begun++
		if s.problem.Region.Space().Check(r.Arch) == nil {
			s.tell(r, true)
		}
	}
}

// every is the share of the results after which candidates are listed and hyper-parameters tuned anew, and the least number.
const every, atLeast = 10, 5

// refresh lists the candidates anew if it is time, hands what is new to the model, and says whether it is time to tune.
func (s *guided) refresh() (tune bool) {
	if s.model == nil {
		s.model = newModel(s.pointsOf(s.fixed()))
	}
	due := max(atLeast, s.told/every)
	extended := s.fronts != s.evidence.fronts && s.told >= s.listed+s.told/(5*every)
	if s.archs == nil || extended || s.told >= s.listed+due {
		s.archs = s.candidates(s.tuned)
		s.model.pool.Replace(s.pointsOf(s.archs))
		s.listed, s.fronts = s.told, s.evidence.fronts
	}
	if s.tuned == 0 || s.told >= s.tuned+due {
		s.tuned, tune = s.told, true
	}
	s.model.learn(s.observed, tune)
	return tune
}
