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
	Initial    int // uniform draws before there is a model; 0 means 10
	Candidates int // drawn uniformly to choose among, beside the neighbours of the front; 0 means 1,000
}

// guided is the life of a model-based strategy for several objectives: uniform draws to begin with, then what the models expect most
// of among the candidates. The candidates are listed anew when the front was extended (of many results, not before a fiftieth of them are new), at the latest
// after a tenth of the results, and then the hyper-parameters are tuned.
type guided struct {
	history
	frontCandidates
	proposer
	initial int
	begun   int // uniform draws made, or spared by observed results
	model   *model
	archs   []space.Arch // candidates
	listed  int          // results when the candidates were listed
	fronts  int          // times that the front was extended
	seen    int          // of those, when the candidates were listed
	tuned   int          // results when the hyper-parameters were tuned
	// choose returns the candidate of which most is expected, false if there is none.
	choose func(r *rand.Rand) (observation, bool)
}

func newGuided(name string, p Problem, c GuidedConfig) (*guided, error) {
	if c.Initial == 0 {
		c.Initial = 10
	}
	if c.Candidates == 0 {
		c.Candidates = 1000
	}
	switch {
	case c.Initial < 2:
		return nil, fmt.Errorf("%s: %d uniform draws to begin with are too few; a model needs 2 at least", name, c.Initial)
	case c.Candidates < 2:
		return nil, fmt.Errorf("%s: %d candidates are too few; it needs 2 at least", name, c.Candidates)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &guided{history: newHistory(p), frontCandidates: newFrontCandidates(p, c.Candidates), proposer: proposer{name: name}, initial: c.Initial}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *guided) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, s.proposal)
}

func (s *guided) proposal(r *rand.Rand) trial.Proposal {
	p := trial.Proposal{Origin: OriginRandom}
	if s.begun >= s.initial && s.success >= 2 {
		if o, ok := s.choose(r); ok {
			s.left.take(o.arch)
			o.key, o.point = s.key(), s.pointOf(o.arch)
			s.propose(o)
			p.Arch, p.Origin = o.arch, OriginModel
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
		s.note(s.tell(r))
	}
}

// Observe implements WarmStarter: observed results stand for uniform draws that need not be made.
func (s *guided) Observe(results []trial.Result) {
	for _, r := range results {
		s.left.exclude(r.Arch)
		s.begun++
		if s.problem.Region.Space().Check(r.Arch) == nil {
			s.note(s.observe(r))
		}
	}
}

// note takes the result at a place into account.
func (s *guided) note(at int) {
	if o := &s.all[at]; o.point == nil {
		o.point = s.pointOf(o.arch)
	}
	if s.extendsFront(at) {
		s.fronts++
	}
}

func (s *guided) archsOf(places []int) []space.Arch {
	out := make([]space.Arch, len(places))
	for i, at := range places {
		out[i] = s.all[at].arch
	}
	return out
}

// every is the share of the results after which candidates are listed and hyper-parameters tuned anew, and the least number.
const every, atLeast = 10, 5

// refresh lists the candidates anew if it is time, hands what is new to the model, and says whether it is time to tune.
func (s *guided) refresh() (tune bool) {
	if s.model == nil {
		s.model = newModel(s.pointsOf(s.fixed()))
	}
	due := max(atLeast, s.success/every)
	extended := s.seen != s.fronts && s.success >= s.listed+s.success/(5*every)
	if s.archs == nil || extended || s.success >= s.listed+due {
		s.archs = s.candidates(s.archsOf(s.front()), s.tuned)
		s.model.pool.Replace(s.pointsOf(s.archs))
		s.listed, s.seen = s.success, s.fronts
	}
	if s.tuned == 0 || s.success >= s.tuned+due {
		s.tuned, tune = s.success, true
	}
	s.model.learn(s.all, tune)
	return tune
}
