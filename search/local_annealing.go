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
// The temperature is relative, so that objectives of any unit do: T = Temperature · spread · 2^(−steps/HalfLife), where spread is
// the median of how much the results so far differ from their median, and steps counts the results since the walk began.
//
// Where the paper leaves room:
//
//   - The walk begins at the best of Initial uniform draws.
//   - A step to an architecture that was tried before uses its result: it is free. When a long walk meets nothing new, it begins again
//     at a uniform draw with the temperature of the beginning.
//   - While results are outstanding, more neighbours of where the walk is are proposed; each is judged when its result is there.
//   - Only the first objective counts. A step that breaks constraints more is never taken, one that breaks them less always.
type Annealing struct {
	AnnealingConfig
	proposer
	history
	begun   int
	left    *unproposed
	values  []float64    // of the first objective of all successful results, ascending
	at      *observation // where the walk is
	steps   int          // results since the walk began
	restart bool         // the walk found nothing new: it begins again with the result of proposal from
	from    trial.Key
}

// AnnealingConfig holds the settings of Annealing.
type AnnealingConfig struct {
	Initial     int     // uniform draws before the walk; 0 means 10
	Temperature float64 // temperature at the beginning, in spreads of the results; 0 means 0.5
	HalfLife    float64 // results until the temperature has halved; 0 means 10
}

// NewAnnealing returns a simulated annealing. It is an error if there is no objective or a setting is out of range.
func NewAnnealing(p Problem, c AnnealingConfig) (*Annealing, error) {
	if c.Initial == 0 {
		c.Initial = 10
	}
	if c.Temperature == 0 {
		c.Temperature = 0.5
	}
	if c.HalfLife == 0 {
		c.HalfLife = 10
	}
	if c.Initial < 1 || !(c.Temperature > 0) || !(c.HalfLife > 0) {
		return nil, fmt.Errorf("annealing: %d draws, a temperature of %v and a half-life of %v must all be above 0", c.Initial, c.Temperature, c.HalfLife)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("annealing: %w", err)
	}
	return &Annealing{AnnealingConfig: c, proposer: proposer{name: "annealing"}, history: newHistory(p), left: newUnproposed(p.Region)}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *Annealing) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, s.propose)
}

// longWalk bounds the free steps between two proposals.
const longWalk = 64

func (s *Annealing) propose(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Initial && s.at != nil {
		for range longWalk {
			near := s.step(r)
			if s.left.holds(near) {
				s.left.take(near)
				return trial.Proposal{Arch: near, Origin: OriginMutation, Parents: parents(*s.at)}
			}
			if o, ok := s.successOf(near); ok && s.accepts(o.fitness(), r) {
				s.at = &o
			}
		}
		if !s.restart {
			s.restart, s.from = true, s.key()
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginInitial}
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

func (s *Annealing) accepts(to fitness, r *rand.Rand) bool {
	from := s.at.fitness()
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
	return s.Temperature * off[len(off)/2] * math.Exp2(-float64(s.steps)/s.HalfLife)
}

// Tell takes the steps to the results, in the given order, or not.
func (s *Annealing) Tell(results []trial.Result) {
	for _, res := range results {
		begins := s.restart && res.Key == s.from
		s.restart = s.restart && !begins
		o := s.all[s.tell(res)]
		if o.status != succeeded {
			continue
		}
		s.note(o)
		s.steps++
		switch {
		case s.at == nil || begins:
			s.at, s.steps = &o, 0
		case s.begun <= s.Initial && s.archs <= s.Initial: // still in the initial draws
			if o.fitness().over(s.at.fitness()) {
				s.at = &o
			}
			s.steps = 0
		case s.accepts(o.fitness(), stream.New(s.problem.Seed, "annealing step", uint64(res.Key-1))):
			s.at = &o
		}
	}
}

// Observe implements WarmStarter: the walk begins at the best observed architecture, and every observed one stands for a draw.
func (s *Annealing) Observe(results []trial.Result) {
	for o := range s.observeAll(s.left, results) {
		s.begun++
		s.note(o)
		if s.at == nil || o.fitness().over(s.at.fitness()) {
			s.at = &o
		}
	}
}

func (s *Annealing) note(o observation) {
	i, _ := slices.BinarySearch(s.values, o.objectives[0])
	s.values = slices.Insert(s.values, i, o.objectives[0])
}
