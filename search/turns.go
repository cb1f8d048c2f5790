package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/trial"
)

// turns are the proposals of a strategy that never waits. Each has a random stream of its own, so that what it is made of does not depend on how
// many random numbers others took.
type turns struct {
	name  string // of the streams
	asked uint64
}

// ask returns up to n proposals as propose makes them; it is Done when nothing is left.
func (t *turns) ask(n int, p Problem, left *undiscovered, propose func(*rand.Rand) trial.Proposal) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		if left.empty() {
			return out, Done
		}
		out = append(out, propose(stream.New(p.Seed, t.name, t.asked)))
		t.asked++
	}
	return out, Ready
}
