package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// Origins of proposals, for reports.
const (
	OriginRandom   = "random"   // drawn uniformly
	OriginMutation = "mutation" // a parent with one decision changed
)

// Evolution is regularised evolution (Real et al., "Regularized Evolution for Image Classifier Architecture Search",
// 2019). The first Population proposals are drawn uniformly. After that every proposal is a mutation of the winner of a tournament
// among Sample different members of the population; when a result joins a full population, the oldest member leaves it,
// however good it is.
//
// Where the paper leaves room:
//
//   - The population are results; proposals under way are not members yet. If it is still empty, because the
//     window is wide or everything failed, a proposal is drawn uniformly.
//   - Failed trials, and those that lack an objective, never join, and nobody leaves for them.
//   - With several objectives a tournament is won by the lower non-domination rank within the population, then by
//     the larger crowding distance within that front (Deb et al., "A fast and elitist multiobjective genetic
//     algorithm: NSGA-II", 2002). With one objective that is its value.
//   - A member that breaks a constraint loses to one that keeps them; of two that break, the smaller violation wins
//     (constraint-domination in the same paper).
//   - A mutation that has a result is not trained again: it joins the population with that result, as young as any other, and the next
//     tournament is held. So the good stay while others keep leading back to them.
//   - After many of those, or if a mutation leaves the region or is under way, it is drawn again a few times, then drawn uniformly
//     from all neighbours that are feasible and new; if the winner has none, the proposal is drawn uniformly from the
//     region. So nothing is proposed twice, and the strategy is Done only when the region is exhausted.
type Evolution struct {
	EvolutionConfig
	proposer
	history
	begun      int // initial uniform draws made, or spared by observed results
	left       *unproposed
	population []observation // oldest first
	ranks      []rank
	order      []int // room for a tournament
	stale      bool  // ranks are of an earlier population
}

// EvolutionConfig holds the settings of Evolution.
type EvolutionConfig struct {
	Population int // members; 0 means 20
	Sample     int // members drawn for a tournament; 0 means 5, or the population if that is smaller
}

// NewEvolution returns an evolution. It is an error if there is no objective or a setting is out of range.
func NewEvolution(p Problem, c EvolutionConfig) (*Evolution, error) {
	if c.Population == 0 {
		c.Population = 20
	}
	if c.Sample == 0 {
		c.Sample = min(5, c.Population)
	}
	switch {
	case c.Population < 1:
		return nil, fmt.Errorf("evolution: a population of %d is too small; it needs 1 at least", c.Population)
	case c.Sample < 1 || c.Sample > c.Population:
		return nil, fmt.Errorf("evolution: a sample of %d does not fit a population of %d; choose 1 to %d", c.Sample, c.Population, c.Population)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("evolution: %w", err)
	}
	return &Evolution{EvolutionConfig: c, proposer: proposer{name: "evolution"}, history: newHistory(p), left: newUnproposed(p.Region), stale: true}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *Evolution) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, s.propose)
}

func (s *Evolution) propose(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Population && len(s.population) > 0 {
		parent := s.tournament(r)
		child := s.left.vary.Mutate(parent.arch, r)
		for range manyReturns {
			again, known := s.successOf(child)
			if !known {
				break
			}
			s.join(again)
			parent = s.tournament(r)
			child = s.left.vary.Mutate(parent.arch, r)
		}
		ok := s.left.holds(child)
		if ok {
			s.left.take(child)
		} else {
			child, ok = s.left.mutation(parent.arch, r)
		}
		if ok {
			return trial.Proposal{Arch: child, Origin: OriginMutation, Parents: parents(parent)}
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginRandom}
}

// manyReturns bounds how often results join again before one proposal.
const manyReturns = 100

// tournament draws Sample different members and returns the best; of equals the one drawn first.
func (s *Evolution) tournament(r *rand.Rand) observation {
	if s.stale {
		s.ranks, s.stale = ranksOf(s.population), false
	}
	left := s.order[:0]
	for i := range s.population {
		left = append(left, i)
	}
	s.order = left
	best := -1
	for drawn := range min(s.Sample, len(left)) {
		at := drawn + r.IntN(len(left)-drawn)
		left[drawn], left[at] = left[at], left[drawn]
		if i := left[drawn]; best < 0 || s.ranks[i].before(s.ranks[best]) {
			best = i
		}
	}
	return s.population[best]
}

// Tell lets the successful results join the population, in the given order.
func (s *Evolution) Tell(results []trial.Result) {
	for o := range s.tellAll(results) {
		s.join(o)
	}
}

// Observe implements WarmStarter: observed results join the population like any others, and stand for uniform draws.
func (s *Evolution) Observe(results []trial.Result) {
	for o := range s.observeAll(s.left, results) {
		s.begun++
		s.join(o)
	}
}

func (s *Evolution) join(o observation) {
	s.population = append(s.population, o)
	if len(s.population) > s.Population {
		s.population = s.population[1:]
	}
	s.stale = true
}
