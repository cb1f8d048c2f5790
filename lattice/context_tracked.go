package lattice

import (
	"fmt"
	"math"
)

// TrackedCounter is a counter whose number so far every item of a lattice stores; see [Lattice.TrackCounters].
type TrackedCounter struct {
	Metric Metric // [Depth] or one made by [OptionCount]
	UpTo   int64  // numbers from here on are treated alike; 0 is ignored
	// Total says that only the growth of the number matters, as for a score of the total: an item behind which no step can change the
	// number does not store it. Otherwise it is stored up to the last step.
	Total bool
}

// RememberedOption is the last option taken of some decisions, which the items of a lattice store; see [Lattice.Remember].
type RememberedOption struct {
	Rule string // of decisions: a name, a star and the end of names, or a star alone
	For  string // the decisions that read it, by the same rules: only their steps can
}

// TrackCounters returns a lattice of the same paths in which every step has the numbers of counters, [Step.Counter], so that scores may depend on them: on how
// many options of a kind there are in all, or so far. A score f(total) is the sum of f(after) − f(before) over the steps and f(0) of the
// fixed one. All that a lattice and its regions answer it answers about such scores. It has an item for each item of this one and each
// number that prefixes lead there with, and is a [*TooLargeError] if these are more than two million. Numbers that are alike
// because of [TrackedCounter.UpTo] or [TrackedCounter.Total], share an item. A lattice that tracks a counter already may be asked for all of its numbers.
func (l *Lattice) TrackCounters(of ...TrackedCounter) (*Lattice, error) {
	for _, t := range of {
		_, most, err := l.CounterRange(t.Metric)
		if err != nil {
			return nil, err
		}
		if most > math.MaxInt32 || t.UpTo > math.MaxInt32 {
			return nil, fmt.Errorf("%q is up to %d; items hold numbers up to %d", string(t.Metric), max(most, t.UpTo), math.MaxInt32)
		}
	}
	return l.withContext(of, nil, maxItems)
}

// Remember returns a lattice of the same paths in which steps have the last option taken before them of some decisions, [Step.Last], so that
// scores may depend on pairs of decisions that do not follow each other at once: the kernels of two neighbouring blocks. An
// option is stored from where it is taken to the last step that reads it. It is a [*TooLargeError] as
// [Lattice.TrackCounters] is.
func (l *Lattice) Remember(of ...RememberedOption) (*Lattice, error) {
	for _, r := range of {
		for _, rule := range []string{r.Rule, r.For} {
			if _, err := l.DecisionsOf(rule); err != nil {
				return nil, err
			}
		}
	}
	return l.withContext(nil, of, maxItems)
}

// share returns what counts the steps of a counter.
func (m Metric) share() func(Step) int64 {
	if c, ok := m.counter(); ok {
		return c.share
	}
	return depthShare
}
