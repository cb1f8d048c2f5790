package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginInitial is the origin of a place where a climb begins, drawn uniformly.
const OriginInitial = "initial"

// Local is local search with restarts (White, Nolen & Savani, "Exploring the Loss Landscape in Neural Architecture Search",
// 2021): from a uniform draw it climbs to better neighbours until there is none, and begins again elsewhere. Neighbours differ in one
// decision and are tried in random order. The climb goes on from the first that is better, or, with Best, from the best of all of
// them.
//
// Where the paper leaves room:
//
//   - Neighbours that were tried in an earlier climb are compared by their results, not tried again.
//   - While results are outstanding that the climb depends on, starts of later climbs are drawn, so proposals never wait. If
//     such a start turns out better than where the climb is, the climb goes on from there.
//   - Only the first objective counts, and constraints before it: see fitness.
type Local struct {
	LocalConfig
	proposer
	history
	left   *unproposed
	climb  *climb               // nil between two climbs
	start  *observation         // the best of the observed results, where no climb began yet
	around map[trial.Key]*climb // outstanding neighbours
}

// LocalConfig holds the settings of Local.
type LocalConfig struct {
	Best bool // go on from the best of all neighbours, not from the first that is better
}

// climb is where a climb is, and what there is around it.
type climb struct {
	at      observation
	queue   []space.Arch // neighbours not compared yet, in random order
	better  *observation // the best of those compared, if it is better than at; used by best improvement
	pending int          // neighbours under way
}

// NewLocal returns a local search. It is an error if there is no objective.
func NewLocal(p Problem, c LocalConfig) (*Local, error) {
	if err := p.Objectives.Check(); err != nil {
		return nil, err
	}
	return &Local{
		LocalConfig: c, proposer: proposer{name: "local"}, history: newHistory(p), left: newUnproposed(p.Region),
		around: map[trial.Key]*climb{},
	}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *Local) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, s.propose)
}

func (s *Local) propose(r *rand.Rand) trial.Proposal {
	if s.climb == nil && s.start != nil {
		s.begin(*s.start)
		s.start = nil
	}
	if s.climb != nil {
		if a, ok := s.next(); ok {
			s.left.take(a)
			s.climb.pending++
			s.around[s.key()] = s.climb
			return trial.Proposal{Arch: a, Origin: OriginMutation, Parents: parents(s.climb.at)}
		}
		if s.climb.pending == 0 {
			s.climb = nil // a local optimum
		}
	}
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginInitial}
}

// next returns the next neighbour that was never proposed, and climbs meanwhile over those that were.
func (s *Local) next() (space.Arch, bool) {
	for {
		for len(s.climb.queue) > 0 {
			a := s.climb.queue[0]
			s.climb.queue = s.climb.queue[1:]
			if s.left.holds(a) {
				return a, true
			}
			if o, ok := s.successOf(a); ok {
				s.compare(o)
			}
		}
		if s.climb.pending > 0 || s.climb.better == nil {
			return space.Arch{}, false
		}
		s.begin(*s.climb.better)
	}
}

// begin goes on from a result, with its neighbours in an order that depends on nothing but the seed and the architecture.
func (s *Local) begin(at observation) {
	queue := s.left.around(at.arch)
	r := stream.New(s.problem.Seed, "local around "+at.arch.String())
	r.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	s.climb = &climb{at: at, queue: queue}
}

// compare takes a result into account that may be better than where the climb is.
func (s *Local) compare(o observation) {
	switch {
	case !o.fitness().over(s.climb.at.fitness()):
	case !s.Best:
		s.begin(o)
	case s.climb.better == nil || o.fitness().over(s.climb.better.fitness()):
		s.climb.better = &o
	}
}

// Tell lets the climb go on.
func (s *Local) Tell(results []trial.Result) {
	for _, res := range results {
		if c := s.around[res.Key]; c != nil {
			c.pending--
			delete(s.around, res.Key)
		}
		o := s.all[s.tell(res)]
		switch {
		case o.status != succeeded:
		case s.climb == nil:
			s.begin(o)
		default:
			s.compare(o)
		}
	}
}

// Observe implements WarmStarter: the first climb begins at the best observed architecture, and observed neighbours are not tried again.
func (s *Local) Observe(results []trial.Result) {
	for o := range s.observeAll(s.left, results) {
		if s.start == nil || o.fitness().over(s.start.fitness()) {
			s.start = &o
		}
	}
}
