package search

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// proposer makes the proposals of a strategy that never waits. Each has a random stream of its own, so that what it is made of does not depend on how
// many random numbers others took.
type proposer struct {
	name  string // of the streams
	asked uint64
}

// key returns the key of the next proposal: they are 1, 2, 3… in the order of asking.
func (p *proposer) key() trial.Key { return trial.Key(p.asked + 1) }

// ask returns up to n proposals as propose makes them; it is Done when nothing is left.
func (p *proposer) ask(n int, seed uint64, left *unproposed, propose func(*rand.Rand) trial.Proposal) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		if left.empty() {
			return out, Done
		}
		next := propose(stream.New(seed, p.name, p.asked))
		next.Key = p.key()
		out = append(out, next)
		p.asked++
	}
	return out, Ready
}

// unproposed is what is left of a region: the architectures that have not been proposed yet, pending ones counted as
// proposed. Memory grows with the number proposed, never with the size of the region.
type unproposed struct {
	region Region
	vary   variation
	count  *big.Int
	seen   map[space.Arch]struct{}
	// rest holds all that is left once that is no more than what was seen; entries seen since then are dropped when drawn.
	rest   []space.Arch
	listed bool
}

func newUnproposed(r Region) *unproposed {
	return &unproposed{region: r, vary: variationOf(r), count: r.Count(), seen: map[space.Arch]struct{}{}}
}

// holds reports whether a is feasible and was not proposed.
func (u *unproposed) holds(a space.Arch) bool {
	return !u.proposed(a) && u.region.Contains(a)
}

// proposed reports whether a was proposed or observed.
func (u *unproposed) proposed(a space.Arch) bool {
	_, seen := u.seen[a]
	return seen
}

// some returns up to n different architectures of the region without taking them: all of a region of no more, else a uniform sample,
// which may be a few short.
func (u *unproposed) some(n int, r *rand.Rand) []space.Arch {
	var out []space.Arch
	if u.count.Cmp(big.NewInt(int64(n))) <= 0 {
		for i := range u.count.Int64() {
			out = append(out, u.at(i))
		}
		return out
	}
	drawn := make(map[space.Arch]bool, n)
	for range n {
		if a := u.region.Sample(r); !drawn[a] {
			drawn[a] = true
			out = append(out, a)
		}
	}
	return out
}

// at returns the architecture of a rank.
func (u *unproposed) at(rank int64) space.Arch {
	a, err := u.region.Unrank(big.NewInt(rank))
	if err != nil {
		panic(fmt.Sprintf("search: a region of %v architectures has none of rank %d: %v", u.count, rank, err))
	}
	return a
}

// take marks an architecture, one that holds, as proposed.
func (u *unproposed) take(a space.Arch) { u.seen[a] = struct{}{} }

// exclude marks an architecture of which there is a result already, which need not be feasible, as proposed.
func (u *unproposed) exclude(a space.Arch) {
	if u.region.Contains(a) {
		u.take(a)
	}
}

func (u *unproposed) empty() bool {
	return u.count.Cmp(big.NewInt(int64(len(u.seen)))) <= 0
}

// draw takes one uniformly, which must not be called when it is empty.
func (u *unproposed) draw(r *rand.Rand) space.Arch {
	a := u.peek(r)
	u.take(a)
	return a
}

// peek draws one uniformly and does not take it. While less than half of the region was seen it
// draws from the whole and rejects, at two draws in the mean; then it lists what is left, which is no longer than
// what was seen, and draws from the list.
func (u *unproposed) peek(r *rand.Rand) space.Arch {
	if !u.listed && u.count.Cmp(big.NewInt(2*int64(len(u.seen)))) <= 0 {
		u.list()
	}
	for {
		var a space.Arch
		if u.listed {
			i := r.IntN(len(u.rest))
			a = u.rest[i]
			if u.proposed(a) {
				last := len(u.rest) - 1
				u.rest[i] = u.rest[last]
				u.rest = u.rest[:last]
				continue
			}
			return a
		}
		a = u.region.Sample(r)
		if !u.proposed(a) {
			return a
		}
	}
}

func (u *unproposed) list() {
	u.listed = true
	for i := range u.count.Int64() {
		if a := u.at(i); !u.proposed(a) {
			u.rest = append(u.rest, a)
		}
	}
}
