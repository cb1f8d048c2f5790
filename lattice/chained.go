package lattice

import "slices"

// Taken is an option of a decision that was taken.
type Taken struct{ Decision, Option string }

// taken is Taken in numbers.
type taken struct{ decision, choice int32 }

// Chained returns a lattice of the same paths in which every step knows the one before it, [Step.Before], so that scores may depend on
// pairs of decisions that follow each other: the kernels of two neighbouring layers, say. All that a lattice and its regions answer, Best and Gibbs
// too, it answers about such scores. It has an item for each item of this one and each option that leads there, so it is larger by about
// the options of a decision. Chained of a chained lattice is that lattice.
func (l *Lattice) Chained() *Lattice {
	if l.before != nil {
		return l
	}
	ways := make([][]taken, len(l.decisionOf)) // that lead to an item
	ways[end] = []taken{{}}
	ways[l.root()] = []taken{nothingTaken}
	for item := l.root(); item > end; item-- {
		for _, s := range l.after(item) {
			if s.next != end {
				ways[s.next] = append(ways[s.next], taken{l.decisionOf[item], s.choice})
			}
		}
	}
	number := make([]int32, len(ways)) // of the first way to an item
	n := int32(0)
	for item, to := range ways {
		slices.SortFunc(to, taken.compare)
		ways[item] = slices.Compact(to)
		number[item] = n
		n += int32(len(ways[item]))
	}
	out := &Lattice{space: l.space, meters: l.meters, decisions: l.decisions, ambiguous: l.ambiguous, decisionOf: []int32{-1}, first: []int32{0, 0}, fixed: l.fixed, highest: []costs{{}}, before: []taken{nothingTaken}}
	for item := int32(end + 1); item <= l.root(); item++ {
		for _, way := range ways[item] {
			for _, s := range l.after(item) {
				if s.next != end {
					at := slices.Index(ways[s.next], taken{l.decisionOf[item], s.choice})
					s.next = number[s.next] + int32(at)
				}
				out.steps = append(out.steps, s)
			}
			out.decisionOf = append(out.decisionOf, l.decisionOf[item])
			out.first = append(out.first, int32(len(out.steps)))
			out.highest = append(out.highest, l.highest[item])
			out.before = append(out.before, way)
		}
	}
	return out
}

// takenBefore returns what was taken before an item.
func (l *Lattice) takenBefore(item int32) Taken {
	if l.before == nil {
		return Taken{}
	}
	return l.taken(l.before[item])
}

// taken returns an option in words.
func (l *Lattice) taken(t taken) Taken {
	if t.decision < 0 {
		return Taken{}
	}
	d := &l.decisions[t.decision]
	return Taken{d.Name, d.Options[t.choice]}
}
