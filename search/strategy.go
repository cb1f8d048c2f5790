package search

import (
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Strategy decides what to try next.
//
// The life of a strategy: the driver asks and tells until it is Done or the study's limits are reached. Every proposal has a key that the
// strategy chose, unique among its own and 1 or more, and every result echoes the key of its proposal as Result.Key: nobody renumbers.
// Every proposal gets one result, failed or not, in the order of the driver's choosing; Tell hands over nothing that was
// not asked for. A strategy does no I/O, starts no goroutines, reads no clock, and is not safe for concurrent use.
//
// The contract, which internal/conform tests:
//
//   - The same seed and the same calls give the same proposals. Neither seconds nor workers of a result matter, nor does Result.Trial.
//   - Ask(n) proposes what n calls of Ask(1) would; Tell(a, b) does what Tell(a) and Tell(b) would.
//   - Only feasible architectures are proposed, none twice at the same fidelity while there are others. A proposal with From
//     has the architecture of that one, whose result is there and did not fail, and a larger amount.
//   - Failed results are borne, even if every result is one.
//   - Resume needs no snapshot: a new strategy with the same seed, given the same calls, is in the same state.
type Strategy interface {
	// Ask returns up to n proposals. State says what to make of fewer: see there. n is at least 1.
	Ask(n int) ([]trial.Proposal, State)
	// Tell hands over results of earlier proposals.
	Tell([]trial.Result)
}

// WarmStarter is an optional ability of a Strategy: it learns from results that it has not asked for, such as those of an earlier study
// of the same space, before the first Ask, or those of another strategy on the same problem, at any time.
//
// The contract, which internal/conform tests:
//
//   - Observe(a, b) does what Observe(a) and Observe(b) would.
//   - Observed results count like those of proposals, in the order given: they stand for draws that need not be made. But they are of no
//     proposal of this strategy: Result.Key and Result.Trial mean nothing, even where they are those of an outstanding proposal, and no proposal
//     names one as its parent.
//   - An observed architecture is not proposed any more, failed or not. So the Count of the region less the observed ones in it can
//     be proposed before the strategy is Done. One outside the region is learnt from where that makes sense.
type WarmStarter interface {
	Strategy
	// Observe hands over results that were not asked for.
	Observe([]trial.Result)
}

// State says whether asking again makes sense.
type State int

const (
	// Ready means that Ask returned all it was asked for, and may have more.
	Ready State = iota
	// Wait means that there are no further proposals until there are more results. At least one is outstanding.
	Wait
	// Done means that there will never be another proposal.
	Done
)

// String returns "ready", "wait" or "done".
func (s State) String() string {
	switch s {
	case Ready:
		return "ready"
	case Wait:
		return "wait"
	}
	return "done"
}

// Region is the set of feasible architectures a strategy draws from; *lattice.CountedRegion is one.
type Region interface {
	Space() *space.Space
	// Count returns the number of architectures in the region.
	Count() *big.Int
	// Contains reports whether an architecture is in the region.
	Contains(a space.Arch) bool
	// Sample draws an architecture uniformly.
	Sample(r *rand.Rand) space.Arch
	// Unrank returns the i-th architecture, 0 ≤ i < Count, in an order that never changes.
	Unrank(i *big.Int) (space.Arch, error)
}
