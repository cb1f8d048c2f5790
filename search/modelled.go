package search

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// modelled is what strategies that follow a model have in common: uniform draws to begin with, then what choose says, over a ledger of
// what is known and a field of what is left.
type modelled struct {
	turns
	start int
	begun int // uniform draws made, or known already
	left  *undiscovered
	field *field
	ledger
	// choose returns the next architecture, one that the left holds, and how it came about; false if it knows none.
	choose func(r *rand.Rand) (a space.Arch, origin string, ok bool)
	first  func() (space.Arch, bool) // what to begin with, if it returns anything; nil is nothing
	spread bool                      // the draws to begin with are far from each other
}

const (
	defaultStart   = 8 // uniform draws before there is a model
	incumbentCount = 4 // architectures around which candidates are gathered
)

func newModelled(name string, p Problem, start int) (*modelled, error) {
	if start == 0 {
		start = defaultStart
	}
	if start < 1 {
		return nil, fmt.Errorf("%s: %d uniform draws are too few to begin with; it needs 1 at least", name, start)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	left := newUndiscovered(p.Region)
	return &modelled{turns: turns{name: name}, start: start, left: left, field: newField(p, left), ledger: ledger{problem: p}}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *modelled) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem, s.left, func(r *rand.Rand) trial.Proposal {
		a, origin := s.next(r)
		s.left.take(a)
		s.field.close(a)
		s.propose(a)
		return trial.Proposal{Arch: a, Budget: s.problem.Budget, Origin: origin}
	})
}

// next returns what to propose, and how it came about.
func (s *modelled) next(r *rand.Rand) (a space.Arch, origin string) {
	s.field.open(r)
	ok := false
	if s.first != nil && s.begun == 0 {
		if a, ok = s.first(); ok {
			origin = OriginCostliest
			s.begun++
		}
	} else if s.begun >= s.start && s.succeeded > 1 {
		a, origin, ok = s.choose(r)
	}
	if !ok {
		a, origin = s.draw(r), OriginRandom
		s.begun++
	}
	return a, origin
}

// draw draws uniformly. Where the beginning is to be spread, the draw is the one of some that differs from its nearest among the entries in
// the most decisions (the maximin design of Johnson, Moore & Ylvisaker, 1990), of equals the first: a handful of draws can
// agree in a decision by chance, and nothing is learnt of that decision then.
func (s *modelled) draw(r *rand.Rand) space.Arch {
	const draws = 16
	chosen := s.field.draw(r)
	if !s.spread || s.begun >= s.start || len(s.entries) == 0 {
		return chosen
	}
	farthest := s.nearest(chosen)
	for range draws {
		a := s.field.draw(r)
		if d := s.nearest(a); d > farthest {
			chosen, farthest = a, d
		}
	}
	return chosen
}

// nearest returns the number of decisions in which the nearest entry differs from an architecture.
func (s *modelled) nearest(a space.Arch) float64 {
	p, least := s.field.atlas.point(a), math.Inf(1)
	for _, e := range s.entries {
		least = min(least, predict.Hamming{}.Distance(p, s.pointOf(e)))
	}
	return least
}

// Tell takes in results in the given order.
func (s *modelled) Tell(results []trial.Result) { s.tell(results) }

// Known implements Seeded: what is known is data, and stands for uniform draws that need not be made.
func (s *modelled) Known(results []trial.Result) {
	for _, r := range results {
		s.field.atlas.chart()
		s.left.know(r.Arch)
		s.field.close(r.Arch)
		s.know(r)
		s.begun++
	}
}

func (s *modelled) pointOf(e entry) *predict.Point { return s.field.atlas.point(e.arch) }

// data returns the points and the values of entries that are not under way.
func (s *modelled) data(z []float64) (points []*predict.Point, values []float64) {
	for i, e := range s.entries {
		if !math.IsNaN(z[i]) {
			points, values = append(points, s.pointOf(e)), append(values, z[i])
		}
	}
	return points, values
}

// incumbents returns the architectures around which candidates are gathered.
func (s *modelled) incumbents() []space.Arch {
	var best []space.Arch
	for _, e := range s.ledger.best(incumbentCount) {
		best = append(best, s.entries[e].arch)
	}
	return best
}

// offers returns what can be proposed now: everything that is free of a region that the atlas has, up to a number of them in
// random order, so that of equals the first is any, or what is gathered of a larger one.
func (s *modelled) offers(most int, r *rand.Rand) ([]space.Arch, []*predict.Point) {
	if !s.field.atlas.whole() {
		archs, points := s.field.gathered(s.incumbents(), r)
		return archs, points
	}
	var archs []space.Arch
	var points []*predict.Point
	for _, i := range r.Perm(len(s.field.all)) {
		place := s.field.all[i]
		if len(archs) < most && s.field.free(place) {
			archs, points = append(archs, s.field.atlas.archs[place]), append(points, s.field.atlas.points[place])
		}
	}
	return archs, points
}

// greatest returns the architecture of the greatest value that is another network than all that were proposed; of equals the first.
func (s *modelled) greatest(archs []space.Arch, values []float64) (space.Arch, bool) {
	tried := make([]bool, len(values))
	for range values {
		at := -1
		for i, v := range values {
			if !tried[i] && (at < 0 || v > values[at]) {
				at = i
			}
		}
		if s.field.fresh(archs[at]) {
			return archs[at], true
		}
		tried[at] = true
	}
	return space.Arch{}, false
}
