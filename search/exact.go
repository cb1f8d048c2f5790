package search

import (
	"iter"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginBest is the origin of a proposal that is the best of what is left under a score.
const OriginBest = "best"

// Exact proposes the architectures of a region from the best to the worst under a score that is given, as a surrogate of an earlier study,
// and is Done when it has proposed them all. With the order of a lattice (lattice.CountedRegion.Best) no architecture of the region that scores
// more is ever left out, however large the region is. It learns nothing from results, and its seed decides nothing.
type Exact struct {
	problem Problem
	order   iter.Seq[space.Arch]
	ahead   []space.Arch // the beginning of the order that was looked at
	next    int          // place in it
	all     bool         // the order ends where ahead does
	asked   trial.Key    // the key of the latest proposal
	skipped map[space.Arch]struct{}
}

// NewExact returns a search through the problem's region in an order, which holds each of its architectures once, the best first, and is the
// same whenever it is walked through. It is begun anew each time that twice as much of it is needed, so that no iterator is left open.
func NewExact(p Problem, order iter.Seq[space.Arch]) *Exact {
	return &Exact{problem: p, order: order, skipped: map[space.Arch]struct{}{}}
}

// look finds the first n architectures of the order, or all if there are fewer.
func (s *Exact) look(n int) {
	s.ahead, s.all = s.ahead[:0], true
	for a := range s.order {
		if len(s.ahead) == n {
			s.all = false
			return
		}
		s.ahead = append(s.ahead, a)
	}
}

// best returns the best architecture that was neither proposed nor observed, or false if there is none left.
func (s *Exact) best() (space.Arch, bool) {
	const first = 32
	for {
		for ; s.next < len(s.ahead); s.next++ {
			if _, known := s.skipped[s.ahead[s.next]]; !known {
				s.next++
				return s.ahead[s.next-1], true
			}
		}
		if s.all {
			return space.Arch{}, false
		}
		s.look(max(first, 2*len(s.ahead)))
	}
}

// Ask proposes up to n architectures. It never waits.
func (s *Exact) Ask(n int) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		a, ok := s.best()
		if !ok {
			return out, Done
		}
		s.asked++
		out = append(out, trial.Proposal{Key: s.asked, Arch: a, Origin: OriginBest})
	}
	return out, Ready
}

// Tell does nothing.
func (s *Exact) Tell([]trial.Result) {}

// Observe implements WarmStarter: what was observed is left out.
func (s *Exact) Observe(results []trial.Result) {
	for _, r := range results {
		s.skipped[r.Arch] = struct{}{}
	}
}
