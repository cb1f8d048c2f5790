package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Basis is what a strategy of one's own may be built on. Embedded in a type it leaves Ask to be written, and [Basis.Propose] answers that:
// it gives keys, keeps the contract of [Strategy] (within the region, nothing twice, Done when nothing is left), and remembers what was told.
type Basis struct {
	proposer
	history
	left *unproposed
	best *told
	now  made // by the last of Sample and Mutate
}

// told is a result and what it is worth.
type told struct {
	trial.Result
	fitness fitness
}

// made is an architecture and where it comes from.
type made struct {
	arch    space.Arch
	origin  string
	parents []trial.Key
}

// NewBasis returns the basis of a strategy for a problem. Without an objective there is never a best result.
func NewBasis(p Problem) *Basis {
	return &Basis{proposer: proposer{name: "basis"}, history: newHistory(p), left: newUnproposed(p.Region)}
}

// Problem returns what the strategy is made for.
func (b *Basis) Problem() Problem { return b.problem }

// Propose answers Ask: up to n proposals of the architectures that choose returns, each time with a random stream of its own. In the place of
// one outside the region, or proposed before, another is drawn uniformly. The state is Done when nothing is left.
func (b *Basis) Propose(n int, choose func(*rand.Rand) space.Arch) ([]trial.Proposal, State) {
	return b.ask(n, b.problem.Seed, b.left, func(r *rand.Rand) trial.Proposal {
		b.now = made{}
		a := choose(r)
		if !b.left.holds(a) {
			a = b.Sample(r)
		}
		b.left.take(a)
		p := trial.Proposal{Arch: a}
		if b.now.arch == a {
			p.Origin, p.Parents = b.now.origin, b.now.parents
		}
		return p
	})
}

// Sample draws uniformly from what was not proposed, of which there must be some, as there is within Propose.
func (b *Basis) Sample(r *rand.Rand) space.Arch {
	b.now = made{arch: b.left.peek(r), origin: OriginRandom}
	return b.now.arch
}

// Mutate draws an architecture that differs from another in one decision and was not proposed; where there is none, it is Sample. So it is for the
// zero architecture, as that of Best before there is one.
func (b *Basis) Mutate(a space.Arch, r *rand.Rand) space.Arch {
	if a == (space.Arch{}) {
		return b.Sample(r)
	}
	child, ok := b.left.mutant(a, r)
	if !ok {
		return b.Sample(r)
	}
	b.now = made{arch: child, origin: OriginMutation}
	if parent, ok := b.successOf(a); ok {
		b.now.parents = parents(parent)
	}
	return child
}

// Best returns the best result so far, and false while there is none: the one that breaks the constraints least, of equals the best in the first
// objective, of equals the first that was told.
func (b *Basis) Best() (trial.Result, bool) {
	if b.best == nil {
		return trial.Result{}, false
	}
	return b.best.Result, true
}

// Tell implements Strategy.
func (b *Basis) Tell(results []trial.Result) {
	for _, r := range results {
		b.learn(r, b.tell(r))
	}
}

// Observe implements WarmStarter.
func (b *Basis) Observe(results []trial.Result) {
	for _, r := range results {
		b.left.exclude(r.Arch)
		b.learn(r, b.observe(r))
	}
}

// learn compares a result that stands at a place with the best.
func (b *Basis) learn(r trial.Result, at int) {
	o := b.all[at]
	if o.status == succeeded && len(o.objectives) > 0 && (b.best == nil || o.fitness().over(b.best.fitness)) {
		b.best = &told{r, o.fitness()}
	}
}
