package lattice

import "math"

// Taken is an option of a decision that was taken.
type Taken struct{ Decision, Option string }

// taken is Taken in numbers.
type taken struct{ decision, choice int32 }

// WithPrevious returns a lattice of the same paths in which every step has the one before it, [Step.Before], so that scores may depend on
// pairs of decisions that follow each other: the kernel and the expansion of a layer, say. All that a lattice and its regions answer, Best
// and Gibbs too, it answers about such scores. It has an item for each item of this one and each option that leads there, so it is larger
// by about the options of a decision. Of such a lattice it returns that lattice. For pairs with others between them
// see [Lattice.Remember].
func (l *Lattice) WithPrevious() *Lattice {
	if l.previous != nil {
		return l
	}
	after := func(_ taken, item, at int32) taken { return taken{l.decisionOf[item], l.steps[at].choice} }
	u, err := unfold(l, nothingTaken, after, taken.compare, math.MaxInt32)
	if err != nil {
		panic(err) // of two thousand million items
	}
	u.lattice.previous = u.contexts
	return u.lattice
}

// previousOf returns what was taken before an item.
func (l *Lattice) previousOf(item int32) Taken {
	if l.previous == nil {
		return Taken{}
	}
	return l.taken(l.previous[item])
}

// taken returns an option in words.
func (l *Lattice) taken(t taken) Taken {
	if t.decision < 0 {
		return Taken{}
	}
	d := &l.decisions[t.decision]
	return Taken{d.Name, d.Options[t.choice]}
}
