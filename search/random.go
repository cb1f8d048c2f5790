package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// Random proposes the architectures of a region uniformly and without repetition, and is Done when it has proposed
// them all. It learns nothing from results.
type Random struct {
	turns
	problem Problem
	left    *undiscovered
}

// NewRandom returns a random search of the problem's region. Every proposal has the problem's budget.
func NewRandom(p Problem) *Random {
	return &Random{turns: turns{name: "random"}, problem: p, left: newUndiscovered(p.Region)}
}

// Ask draws up to n architectures. It never waits.
func (s *Random) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem, s.left, func(r *rand.Rand) trial.Proposal {
		return trial.Proposal{Arch: s.left.draw(r), Budget: s.problem.Budget, Origin: OriginRandom}
	})
}

// Known implements Seeded: what is known is not drawn.
func (s *Random) Known(results []trial.Result) {
	for _, r := range results {
		s.left.know(r.Arch)
	}
}

// Tell does nothing.
func (s *Random) Tell([]trial.Result) {}
