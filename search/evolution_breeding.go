package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// OriginCrossover is the origin of a child of two parents, mutated or not.
const OriginCrossover = "crossover"

// BreedingConfig holds the settings that the genetic algorithms share.
type BreedingConfig struct {
	Population int     // members that survive a selection; 0 means 20
	Brood      int     // results between two selections; 0 means 1, the steady state; the papers select once a population
	Crossover  float64 // probability that a child has two parents, 0 to 1; 0 means 0.9
	Mutation   float64 // probability that a child of two parents is mutated too, 0 to 1; 0 means 0.5
}

// breeding is what the genetic algorithms share: a population, its children, and a selection among both. The first Population
// proposals are drawn uniformly. After that a child is bred of the winners of tournaments in the population; when Brood results
// have come in, the best of population and children together survive. Proposals never wait: children are bred from the last
// population while results are outstanding, and of the results so far where there was no selection yet.
type breeding struct {
	BreedingConfig
	proposer
	history
	begun      int // uniform draws made, or spared by observed results
	left       *unproposed
	population []observation
	children   []observation // results since the last selection
	// survivors returns the places in pool of the n best, and compete the winner of two places of the population.
	survivors func(pool []observation, n int) []int
	compete   func(i, j int) int
	sample    int // members drawn for a tournament
}

func newBreeding(name string, p Problem, c BreedingConfig) (*breeding, error) {
	if c.Population == 0 {
		c.Population = 20
	}
	if c.Brood == 0 {
		c.Brood = 1
	}
	if c.Crossover == 0 {
		c.Crossover = 0.9
	}
	if c.Mutation == 0 {
		c.Mutation = 0.5
	}
	switch {
	case c.Population < 2:
		return nil, fmt.Errorf("%s: a population of %d is too small; it needs 2 at least", name, c.Population)
	case c.Brood < 1:
		return nil, fmt.Errorf("%s: a brood of %d is too small; it needs 1 at least", name, c.Brood)
	case !(c.Crossover >= 0 && c.Crossover <= 1):
		return nil, fmt.Errorf("%s: a crossover probability of %v is not between 0 and 1", name, c.Crossover)
	case !(c.Mutation >= 0 && c.Mutation <= 1):
		return nil, fmt.Errorf("%s: a mutation probability of %v is not between 0 and 1", name, c.Mutation)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &breeding{BreedingConfig: c, proposer: proposer{name: name}, history: newHistory(p), left: newUnproposed(p.Region), sample: 2}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *breeding) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, s.propose)
}

func (s *breeding) propose(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Population {
		if len(s.population) == 0 {
			s.selectSurvivors()
		}
		if len(s.population) > 0 {
			if p, ok := s.breed(r); ok {
				return p
			}
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginRandom}
}

// quickChildren bounds how often a child that was proposed before is bred again.
const quickChildren = 8

func (s *breeding) breed(r *rand.Rand) (trial.Proposal, bool) {
	one := s.population[s.tournament(r)]
	for range quickChildren {
		two := s.population[s.tournament(r)]
		child, origin, from := one.arch, OriginMutation, parents(one)
		if two.arch != one.arch && r.Float64() < s.Crossover {
			child, origin, from = s.left.vary.Crossover(one.arch, two.arch, r), OriginCrossover, parents(one, two)
		}
		if origin == OriginMutation || r.Float64() < s.Mutation {
			child = s.left.vary.Mutate(child, r)
		}
		if s.left.holds(child) {
			s.left.take(child)
			return trial.Proposal{Arch: child, Origin: origin, Parents: from}, true
		}
	}
	if child, ok := s.left.mutation(one.arch, r); ok {
		return trial.Proposal{Arch: child, Origin: OriginMutation, Parents: parents(one)}, true
	}
	return trial.Proposal{}, false
}

// tournament returns the winner of some members drawn with replacement.
func (s *breeding) tournament(r *rand.Rand) int {
	best := r.IntN(len(s.population))
	for range s.sample - 1 {
		best = s.compete(best, r.IntN(len(s.population)))
	}
	return best
}

// Tell lets the successful results join the children, in the given order, and selects when there are enough.
func (s *breeding) Tell(results []trial.Result) {
	for o := range s.tellAll(results) {
		s.join(o)
	}
}

// Observe implements WarmStarter: observed results join as children do, and stand for uniform draws that need not be made.
func (s *breeding) Observe(results []trial.Result) {
	for o := range s.observeAll(s.left, results) {
		s.begun++
		s.join(o)
	}
}

func (s *breeding) join(o observation) {
	s.children = append(s.children, o)
	if len(s.population) > 0 && len(s.children) >= s.Brood || len(s.children) >= s.Population {
		s.selectSurvivors()
	}
}

func (s *breeding) selectSurvivors() {
	pool := append(s.population, s.children...)
	if len(pool) == 0 {
		return
	}
	keep := s.survivors(pool, min(s.Population, len(pool)))
	next := make([]observation, len(keep))
	for i, at := range keep {
		next[i] = pool[at]
	}
	s.population, s.children = next, s.children[:0]
}
