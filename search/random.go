package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/trial"
)

// Random proposes the architectures of a region uniformly and without repetition, and is Done when it has proposed
// them all. It learns nothing from results.
type Random struct {
	proposer
	problem Problem
	left    *unproposed
}

// NewRandom returns a random search of the problem's region.
func NewRandom(p Problem) *Random {
	return &Random{proposer: proposer{name: "random"}, problem: p, left: newUnproposed(p.Region)}
}

// Ask draws up to n architectures. It never waits.
func (s *Random) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, func(r *rand.Rand) trial.Proposal {
		return trial.Proposal{Arch: s.left.draw(r), Origin: OriginRandom}
	})
}

// Observe implements WarmStarter: what was observed is not drawn.
func (s *Random) Observe(results []trial.Result) {
	for _, r := range results {
		s.left.exclude(r.Arch)
	}
}

// Tell does nothing.
func (s *Random) Tell([]trial.Result) {}
