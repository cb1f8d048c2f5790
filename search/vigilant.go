package search

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginBurst is the origin of a uniform draw in answer to a collapse.
const OriginBurst = "burst"

// Vigilant watches another strategy and answers its collapse: when it is stuck, the next proposals are drawn uniformly, and the
// strategy learns their results as known ones. Then it has Patience results' time again.
type Vigilant struct {
	problem Problem
	inner   Seeded
	watch   *Watch
	burst   int
	left    *undiscovered
	asked   uint64
	outer   []trial.ID            // of the inner strategy's proposals, by its own numbers
	inners  map[trial.ID]trial.ID // the numbers that the inner strategy knows outstanding proposals by
	twice   map[space.Arch][]trial.ID
	draws   int // left of a burst
	bursts  int
}

// NewVigilant watches a strategy for the problem that was made for it, and draws burst architectures when it is stuck. It
// is an error if the strategy cannot learn what is known, or burst is less than 1.
func NewVigilant(p Problem, s Strategy, burst int) (*Vigilant, error) {
	inner, ok := s.(Seeded)
	switch {
	case !ok:
		return nil, fmt.Errorf("a strategy that cannot learn from what is known cannot be helped out of a collapse")
	case burst < 1:
		return nil, fmt.Errorf("a burst of %d is too small; it needs 1 at least", burst)
	}
	return &Vigilant{
		problem: p, inner: inner, watch: NewCollapse(p.Region).Watch(), burst: burst, left: newUndiscovered(p.Region),
		inners: map[trial.ID]trial.ID{}, twice: map[space.Arch][]trial.ID{},
	}, nil
}

// Ask proposes what the inner strategy does, or a uniform draw while a burst lasts.
func (s *Vigilant) Ask(n int) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		p, state := s.propose()
		if state != Ready {
			return out, state
		}
		s.watch.Proposed(p.Arch)
		s.asked++
		out = append(out, p)
	}
	return out, Ready
}

func (s *Vigilant) propose() (trial.Proposal, State) {
	if s.left.empty() {
		return trial.Proposal{}, Done
	}
	if s.draws > 0 {
		s.draws--
		a := s.left.draw(stream.New(s.problem.Seed, "vigilant", s.asked))
		return trial.Proposal{Arch: a, Budget: s.problem.Budget, Origin: OriginBurst}, Ready
	}
	for {
		all, state := s.inner.Ask(1)
		if len(all) == 0 {
			return trial.Proposal{}, state
		}
		p, id := all[0], trial.ID(len(s.outer))
		s.outer = append(s.outer, trial.ID(s.asked))
		if !s.left.holds(p.Arch) { // a burst drew it, and its result is outstanding
			s.twice[p.Arch] = append(s.twice[p.Arch], id)
			continue
		}
		s.left.take(p.Arch)
		s.inners[trial.ID(s.asked)] = id
		var parents []trial.ID
		for _, parent := range p.Parents {
			parents = append(parents, s.outer[parent])
		}
		p.Parents = parents
		return p, Ready
	}
}

// Tell hands the results on, under the numbers that the inner strategy knows.
func (s *Vigilant) Tell(results []trial.Result) {
	for _, r := range results {
		id, own := s.inners[r.Trial]
		delete(s.inners, r.Trial)
		again := s.twice[r.Arch]
		delete(s.twice, r.Arch)
		switch {
		case own:
			s.inner.Tell([]trial.Result{numbered(r, id)})
		case len(again) == 0:
			s.inner.Known([]trial.Result{r})
		}
		for _, id := range again {
			s.outer[id] = r.Trial
			s.inner.Tell([]trial.Result{numbered(r, id)})
		}
		s.answer(r)
	}
}

func numbered(r trial.Result, id trial.ID) trial.Result {
	r.Trial = id
	return r
}

// answer begins a burst if the search is stuck.
func (s *Vigilant) answer(r trial.Result) {
	m, _ := memberOf(s.problem, r)
	s.watch.Heard(m.vector, m.violation)
	if s.watch.Stuck() {
		s.watch.answered()
		s.draws = s.burst
		s.bursts++
	}
}

// Bursts returns how often the search was found stuck.
func (s *Vigilant) Bursts() int { return s.bursts }

// Known implements Seeded.
func (s *Vigilant) Known(results []trial.Result) {
	for _, r := range results {
		s.left.know(r.Arch)
	}
	s.inner.Known(results)
}
