package lattice

import (
	"errors"
	"fmt"
	"math"
)

// Tally is a counter that the items of a lattice know; see [Lattice.Counted].
type Tally struct {
	Metric Metric // [Depth] or one made by [Count]
	UpTo   int64  // from here on numbers are not told apart; 0 is nowhere
	// Total says that nothing is asked but how the number grows, as a score of the total does: where no step behind an item can change it,
	// the item forgets it. Otherwise it is known to the last step.
	Total bool
}

// Recall is the last option taken of some decisions, which the items of a lattice know; see [Lattice.Recalling].
type Recall struct {
	Rule string // of decisions: a name, a star and the end of names, or a star alone
	For  string // the decisions that ask for it, by the same rules: it is known to these only
}

// Counted returns a lattice of the same paths in which every step knows counters, [Step.Counter], so that scores may depend on them: on how
// many options of a kind there are in all, or so far. A score f(total) is the sum of f(after) − f(before) over the steps and f(0) of the
// fixed one. All that a lattice and its regions answer it answers about such scores. It has an item for each item of this one and each
// number that beginnings lead there with, and is a [*TooLargeError] if these are more than two million. Numbers that nothing tells apart,
// because of [Tally.UpTo] or [Tally.Total], share an item. A lattice that knows a counter already may be asked for all of its numbers.
func (l *Lattice) Counted(of ...Tally) (*Lattice, error) {
	for _, t := range of {
		c, ok := t.Metric.counter()
		if !ok && t.Metric != Depth {
			return nil, fmt.Errorf("%q is no counter; there are %s and %s", string(t.Metric), Depth, Count("", "OPTION"))
		}
		if !l.counts(t.Metric.share()) {
			return nil, l.blameCounter(t.Metric, c)
		}
		if most := l.most(t.Metric); most > math.MaxInt32 || t.UpTo > math.MaxInt32 {
			return nil, fmt.Errorf("%q is up to %d: items have no room for numbers above %d", string(t.Metric), max(most, t.UpTo), math.MaxInt32)
		}
	}
	return l.knowing(of, nil, maxItems)
}

// Recalling returns a lattice of the same paths in which steps know the last option taken before them of some decisions, [Step.Last], so that
// scores may depend on pairs of decisions that do not follow each other at once: the kernels of two neighbouring blocks. An
// option is known from where it is taken to the last step that asks for it, and no further. It is a [*TooLargeError] as
// [Lattice.Counted] is.
func (l *Lattice) Recalling(of ...Recall) (*Lattice, error) {
	for _, r := range of {
		for _, rule := range []string{r.Rule, r.For} {
			if len(l.named(rule)) == 0 {
				return nil, errors.New(l.noDecision(rule))
			}
		}
	}
	return l.knowing(nil, of, maxItems)
}

// most returns the greatest number of a counter.
func (l *Lattice) most(m Metric) int64 {
	share := m.share()
	return int64(Fold(l, MaxPlus{}, func(s Step) float64 { return float64(share(s)) }))
}

// share returns what counts the steps of a counter.
func (m Metric) share() func(Step) int64 {
	if c, ok := m.counter(); ok {
		return c.share
	}
	return depthShare
}
