package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Annealing is simulated annealing (Kirkpatrick, Gelatt & Vecchi, "Optimization by Simulated Annealing", 1983): a walk from
// neighbour to neighbour that always takes a step to a better one, and one to a worse one with probability exp(−Δ/T), Δ being how much
// worse it is.
//
// The temperature is relative, so that objectives of any unit do: T = Start · spread · 2^(−steps/HalfLife), where spread is
// the median of how much the results so far differ from their median, and steps counts the results since the walk began.
//
// Where the paper leaves room:
//
//   - The walk begins at the best of Begin uniform draws.
//   - A step to an architecture that was tried before uses its result: it is free. When a long walk meets nothing new, it begins again
//     at a uniform draw with the temperature of the beginning.
//   - While results are outstanding, more neighbours of where the walk is are proposed; each is judged when it is told.
//   - Only the first objective counts. A step that breaks constraints more is never taken, one that breaks them less always.
type Annealing struct {
	AnnealingConfig
	turns
	problem Problem
	begun   int
	left    *undiscovered
	known   map[space.Arch]member
	values  []float64 // of the first objective of all successful results, ascending
	at      *member   // where the walk is
	steps   int       // results since the walk began
	restart bool      // the walk found nothing new: it begins again with the result of trial from
	from    trial.ID
}

// AnnealingConfig holds the settings of Annealing.
type AnnealingConfig struct {
	Begin    int     // uniform draws before the walk; 0 means 10
	Start    float64 // temperature at the beginning, in spreads of the results; 0 means 0.5
	HalfLife float64 // results until the temperature has halved; 0 means 10
}

// NewAnnealing returns a simulated annealing. It is an error if there is no objective or a setting is out of range.
func NewAnnealing(p Problem, c AnnealingConfig) (*Annealing, error) {
	if c.Begin == 0 {
		c.Begin = 10
	}
	if c.Start == 0 {
		c.Start = 0.5
	}
	if c.HalfLife == 0 {
		c.HalfLife = 10
	}
	if c.Begin < 1 || !(c.Start > 0) || !(c.HalfLife > 0) {
		return nil, fmt.Errorf("annealing: %d draws, a start of %v and a half-life of %v must all be above 0", c.Begin, c.Start, c.HalfLife)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("annealing: %w", err)
	}
	return &Annealing{AnnealingConfig: c, turns: turns{name: "annealing"}, problem: p, left: newUndiscovered(p.Region), known: map[space.Arch]member{}}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *Annealing) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem, s.left, s.propose)
}

// longWalk bounds the free steps between two proposals.
const longWalk = 64

func (s *Annealing) propose(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Begin && s.at != nil {
		for range longWalk {
			near := s.step(r)
			if s.left.holds(near) {
				s.left.take(near)
				return trial.Proposal{Arch: near, Budget: s.problem.Budget, Origin: OriginMutation, Parents: parents(*s.at)}
			}
			if m, ok := s.known[near]; ok && s.accepts(m.worth(), r) {
				s.at = &m
			}
		}
		if !s.restart {
			s.restart, s.from = true, trial.ID(s.asked)
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Budget: s.problem.Budget, Origin: OriginStart}
}

// step draws a neighbour of where the walk is; it may be outside the region.
func (s *Annealing) step(r *rand.Rand) space.Arch {
	if region, ok := s.left.region.(Neighbourhood); ok {
		if near := region.Near(s.at.arch); len(near) > 0 {
			return near[r.IntN(len(near))]
		}
		return s.at.arch
	}
	return s.left.vary.Mutate(s.at.arch, r)
}

func (s *Annealing) accepts(to worth, r *rand.Rand) bool {
	from := s.at.worth()
	if to.violation != from.violation {
		return to.violation < from.violation
	}
	if to.value <= from.value {
		return true
	}
	return r.Float64() < math.Exp(-(to.value-from.value)/s.temperature())
}

// temperature is 0 while all results are equal: then no step is worse.
func (s *Annealing) temperature() float64 {
	middle := s.values[len(s.values)/2]
	off := make([]float64, len(s.values))
	for i, v := range s.values {
		off[i] = math.Abs(v - middle)
	}
	slices.Sort(off)
	return s.Start * off[len(off)/2] * math.Exp2(-float64(s.steps)/s.HalfLife)
}

// Tell takes the steps to the results, in the given order, or not.
func (s *Annealing) Tell(results []trial.Result) {
	for _, res := range results {
		begins := s.restart && res.Trial == s.from
		s.restart = s.restart && !begins
		m, ok := memberOf(s.problem, res)
		if !ok {
			continue
		}
		s.learn(m)
		s.steps++
		switch {
		case s.at == nil || begins:
			s.at, s.steps = &m, 0
		case s.begun <= s.Begin && len(s.known) <= s.Begin: // still beginning
			if m.worth().over(s.at.worth()) {
				s.at = &m
			}
			s.steps = 0
		case s.accepts(m.worth(), stream.New(s.problem.Seed, "annealing step", uint64(res.Trial))):
			s.at = &m
		}
	}
}

// Known implements Seeded: the walk begins at the best known architecture, and every known one stands for a draw.
func (s *Annealing) Known(results []trial.Result) {
	for m := range beforehand(s.problem, s.left, results) {
		s.begun++
		s.learn(m)
		if s.at == nil || m.worth().over(s.at.worth()) {
			s.at = &m
		}
	}
}

func (s *Annealing) learn(m member) {
	s.known[m.arch] = m
	i, _ := slices.BinarySearch(s.values, m.vector[0])
	s.values = slices.Insert(s.values, i, m.vector[0])
}
