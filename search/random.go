package search

import (
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/trial"
)

// Random proposes the architectures of a region uniformly and without repetition, and is Done when it has proposed
// them all. It learns nothing from results.
type Random struct {
	problem Problem
	asked   uint64
	left    *undiscovered
}

// NewRandom returns a random search of the problem's region. Every proposal has the problem's budget.
func NewRandom(p Problem) *Random { return &Random{problem: p, left: newUndiscovered(p.Region)} }

// Ask draws up to n architectures. It never waits.
func (s *Random) Ask(n int) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		if s.left.empty() {
			return out, Done
		}
		a := s.left.draw(stream.New(s.problem.Seed, "random", s.asked))
		s.asked++
		out = append(out, trial.Proposal{Arch: a, Budget: s.problem.Budget, Origin: OriginRandom})
	}
	return out, Ready
}

// Known implements Seeded: what is known is not drawn.
func (s *Random) Known(results []trial.Result) {
	for _, r := range results {
		s.left.know(r.Arch)
	}
}

// Tell does nothing.
func (s *Random) Tell([]trial.Result) {}
