package search

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// modelBased is what strategies that follow a model have in common: uniform draws to begin with, then what choose says, over a history of
// observations and the set of candidates that are left.
type modelBased struct {
	proposer
	initial int
	begun   int // uniform draws made, or spared by observed results
	left    *unproposed
	set     *candidateSet
	history
	// choose returns the next architecture, one that the left holds, and how it came about; false if it knows none.
	choose func(r *rand.Rand) (a space.Arch, origin string, ok bool)
	first  func() (space.Arch, bool) // what to begin with, if it returns anything; nil is nothing
	spread bool                      // the draws to begin with are far from each other
}

const (
	defaultInitial = 8 // uniform draws before there is a model
	incumbentCount = 4 // architectures around which candidates are gathered
)

func newModelBased(name string, p Problem, initial int) (*modelBased, error) {
	if initial == 0 {
		initial = defaultInitial
	}
	if initial < 1 {
		return nil, fmt.Errorf("%s: %d uniform draws are too few to begin with; it needs 1 at least", name, initial)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	left := newUnproposed(p.Region)
	return &modelBased{proposer: proposer{name: name}, initial: initial, left: left, set: newCandidateSet(p, left), history: newHistory(p)}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *modelBased) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, func(r *rand.Rand) trial.Proposal {
		a, origin := s.next(r)
		s.left.take(a)
		s.set.close(a)
		s.propose(observation{arch: a, key: s.key()})
		return trial.Proposal{Arch: a, Origin: origin}
	})
}

// next returns what to propose, and how it came about.
func (s *modelBased) next(r *rand.Rand) (a space.Arch, origin string) {
	s.set.open(r)
	ok := false
	if s.first != nil && s.begun == 0 {
		if a, ok = s.first(); ok {
			origin = OriginCostliest
			s.begun++
		}
	} else if s.begun >= s.initial && s.success > 1 {
		a, origin, ok = s.choose(r)
	}
	if !ok {
		a, origin = s.draw(r), OriginRandom
		s.begun++
	}
	return a, origin
}

// draw draws uniformly. Where the beginning is to be spread, the draw is the one of some that differs from its nearest among the observations in
// the most decisions (the maximin design of Johnson, Moore & Ylvisaker, 1990), of equals the first: a handful of draws can
// agree in a decision by chance, and nothing is learnt of that decision then.
func (s *modelBased) draw(r *rand.Rand) space.Arch {
	const draws = 16
	chosen := s.set.draw(r)
	if !s.spread || s.begun >= s.initial || len(s.all) == 0 {
		return chosen
	}
	farthest := s.nearest(chosen)
	for range draws {
		a := s.set.draw(r)
		if d := s.nearest(a); d > farthest {
			chosen, farthest = a, d
		}
	}
	return chosen
}

// nearest returns the number of decisions in which the nearest observation differs from an architecture.
func (s *modelBased) nearest(a space.Arch) float64 {
	p, least := s.set.index.point(a), math.Inf(1)
	for i := range s.all {
		least = min(least, predict.Hamming{}.Distance(p, s.pointOf(i)))
	}
	return least
}

// Tell takes in results in the given order.
func (s *modelBased) Tell(results []trial.Result) {
	for _, r := range results {
		s.tell(r)
	}
}

// Observe implements WarmStarter: observed results are data, and stand for uniform draws that need not be made.
func (s *modelBased) Observe(results []trial.Result) {
	for _, r := range results {
		s.set.index.build()
		s.left.exclude(r.Arch)
		s.set.close(r.Arch)
		s.observe(r)
		s.begun++
	}
}

// pointOf returns the encoding of the observation at a place.
func (s *modelBased) pointOf(place int) *predict.Point {
	o := &s.all[place]
	if o.point == nil {
		o.point = s.set.index.point(o.arch)
	}
	return o.point
}

// data returns the points and the values of observations that are not under way.
func (s *modelBased) data(z []float64) (points []*predict.Point, values []float64) {
	for i, x := range z {
		if !math.IsNaN(x) {
			points, values = append(points, s.pointOf(i)), append(values, x)
		}
	}
	return points, values
}

// incumbents returns the architectures around which candidates are gathered.
func (s *modelBased) incumbents() []space.Arch {
	var best []space.Arch
	for _, at := range s.best(incumbentCount) {
		best = append(best, s.all[at].arch)
	}
	return best
}

// offers returns what can be proposed now: everything that is free of a region that the index has, up to a number of them in
// random order, so that of equals the first is any, or what is gathered of a larger one.
func (s *modelBased) offers(most int, r *rand.Rand) ([]space.Arch, []*predict.Point) {
	if !s.set.index.whole() {
		archs, points := s.set.gathered(s.incumbents(), r)
		return archs, points
	}
	var archs []space.Arch
	var points []*predict.Point
	for _, i := range r.Perm(len(s.set.all)) {
		place := s.set.all[i]
		if len(archs) < most && s.set.free(place) {
			archs, points = append(archs, s.set.index.archs[place]), append(points, s.set.index.points[place])
		}
	}
	return archs, points
}

// greatest returns the architecture of the greatest value that is another network than all that were proposed; of equals the first.
func (s *modelBased) greatest(archs []space.Arch, values []float64) (space.Arch, bool) {
	tried := make([]bool, len(values))
	for range values {
		at := -1
		for i, v := range values {
			if !tried[i] && (at < 0 || v > values[at]) {
				at = i
			}
		}
		if s.set.fresh(archs[at]) {
			return archs[at], true
		}
		tried[at] = true
	}
	return space.Arch{}, false
}

// expectedImprovement is E[max(0, f − best)] of f normal with this mean and variance (Jones, Schonlau & Welch, "Efficient Global
// Optimization of Expensive Black-Box Functions", 1998).
func expectedImprovement(mean, variance, best float64) float64 {
	deviation := math.Sqrt(variance)
	u := (mean - best) / deviation
	return deviation * (u*0.5*math.Erfc(-u/math.Sqrt2) + math.Exp(-u*u/2)/math.Sqrt(2*math.Pi))
}

// upperBound is mean + β·deviation (Srinivas et al., "Gaussian Process Optimization in the Bandit Setting", 2010).
func upperBound(mean, variance, beta float64) float64 { return mean + beta*math.Sqrt(variance) }
