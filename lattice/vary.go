package lattice

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// takenBy returns the decisions of an architecture in their order, appended to buffer. It panics if the architecture is not of the space.
func (l *Lattice) takenBy(a space.Arch, buffer []taken) []taken {
	err := l.follow(a, func(item int32, at int) {
		buffer = append(buffer, taken{l.decisionOf[item], l.steps[at].choice})
	})
	if err != nil {
		panic(fmt.Sprintf("lattice: %v", err))
	}
	return buffer
}

// manyDecisions is the number of decisions up to which variation needs no memory of its own.
const manyDecisions = 64

// Mutate draws a neighbour of a: a decision of a, uniformly, and another option of it, uniformly; drawn again if the result is not of
// the space. If a has no neighbour, it returns a. It panics if a is not of the space.
//
// It returns what [space.Space.Mutate] does for the same random numbers, and takes a walk through the lattice instead of derivations: about
// a microsecond.
func (l *Lattice) Mutate(a space.Arch, random *rand.Rand) space.Arch {
	var buffer [manyDecisions]taken
	own := l.takenBy(a, buffer[:0])
	if len(own) == 0 {
		return a
	}
	i := random.IntN(len(own))
	j := random.IntN(l.others(own[i]))
	if b, ok := l.changed(own, i, own[i].another(j)); ok {
		return b
	}
	left := make([][]int32, len(own)) // options not tried yet, of each decision
	for at, c := range own {
		for option := range l.others(c) {
			left[at] = append(left[at], c.another(option))
		}
	}
	where := make([]int, len(own)) // decisions with options not tried yet
	for at := range where {
		where[at] = at
	}
	for {
		of := where[i]
		left[of] = slices.Delete(left[of], j, j+1)
		if len(left[of]) == 0 {
			where = slices.Delete(where, i, i+1)
		}
		if len(where) == 0 {
			return a
		}
		i = random.IntN(len(where))
		j = random.IntN(len(left[where[i]]))
		if b, ok := l.changed(own, where[i], left[where[i]][j]); ok {
			return b
		}
	}
}

// others returns how many other options the decision of a choice has.
func (l *Lattice) others(c taken) int { return len(l.decisions[c.decision].Options) - 1 }

// another returns the j-th of the other options.
func (c taken) another(j int) int32 {
	if int32(j) >= c.choice {
		return int32(j) + 1
	}
	return int32(j)
}

// Neighbours returns all architectures that differ from a in one decision, in the order of decisions and options, as
// [space.Space.Neighbours] does. It panics if a is not of the space.
func (l *Lattice) Neighbours(a space.Arch) iter.Seq[space.Arch] {
	own := l.takenBy(a, nil)
	return func(yield func(space.Arch) bool) {
		for i, c := range own {
			for j := range l.others(c) {
				if b, ok := l.changed(own, i, c.another(j)); ok && !yield(b) {
					return
				}
			}
		}
	}
}

// changed returns the architecture that takes another option at decision i and else keeps what was chosen, decisions being matched by
// name and options by label; what is newly met takes the first option. It reports false if that is not of the space.
func (l *Lattice) changed(own []taken, i int, option int32) (space.Arch, bool) {
	kept := own[i].choice
	own[i].choice = option
	b, ok := l.built(func(decision int32, met int) int32 { return l.optionFrom(own, decision, met) })
	own[i].choice = kept
	return b, ok
}

// built follows the steps that pick chooses, given the decision and how many came before. It reports false if there is no such step.
func (l *Lattice) built(pick func(decision int32, met int) int32) (space.Arch, bool) {
	var buffer [manyDecisions]int
	choices := buffer[:0]
	for item := l.root(); item != end; {
		option := pick(l.decisionOf[item], len(choices))
		if option == none {
			option = 0
		}
		at, ok := l.find(item, int(option))
		if !ok {
			return space.Arch{}, false
		}
		choices = append(choices, int(option))
		item = l.steps[at].next
	}
	return space.NewArch(choices...), true
}

// none stands for the option of a decision that an architecture does not meet.
const none = -1

// optionFrom returns the option of a decision that bears the label that own gives to the decision of that name, 0 if no option does, and
// none if own does not meet the decision. The search begins at place hint, where the decision stands if everything before is alike.
func (l *Lattice) optionFrom(own []taken, decision int32, hint int) int32 {
	for k := range own {
		at := (hint + k) % len(own)
		if own[at].decision == decision {
			return own[at].choice
		}
	}
	if !l.ambiguous {
		return none
	}
	d := &l.decisions[decision]
	for _, c := range own {
		if other := &l.decisions[c.decision]; other.Name == d.Name {
			return int32(max(0, slices.Index(d.Options, other.Options[c.choice])))
		}
	}
	return none
}

// crossoverDraws is how often Crossover draws all decisions anew before it goes one decision at a time.
const crossoverDraws = 32

// Crossover draws a child of a and b, distributed as that of [space.Space.Crossover]: where both parents have met a decision the child
// takes the option of either with equal probability, where only one has, that one's. Should no such draw be of the space, the child is
// a with those options of b, tried in random order, that leave it in the space. It panics if a parent is not of the space.
func (l *Lattice) Crossover(a, b space.Arch, random *rand.Rand) space.Arch {
	var bufferA, bufferB [manyDecisions]taken
	mother, father := l.takenBy(a, bufferA[:0]), l.takenBy(b, bufferB[:0])
	for range crossoverDraws {
		child, ok := l.built(func(decision int32, met int) int32 {
			option := l.optionFrom(mother, decision, met)
			if other := l.optionFrom(father, decision, met); other != none && (option == none || random.IntN(2) == 1) {
				option = other
			}
			return option
		})
		if ok {
			return child
		}
	}
	child := a
	for _, i := range random.Perm(len(father)) {
		if random.IntN(2) == 1 {
			child = l.adopt(child, father[i])
		}
	}
	return child
}

// adopt returns a with the decision made as c has made it, or a itself if that is not of the space or a does not meet the decision.
func (l *Lattice) adopt(a space.Arch, c taken) space.Arch {
	own := l.takenBy(a, nil)
	given := &l.decisions[c.decision]
	i := slices.IndexFunc(own, func(o taken) bool { return l.decisions[o.decision].Name == given.Name })
	if i < 0 {
		return a
	}
	option := slices.Index(l.decisions[own[i].decision].Options, given.Options[c.choice])
	if option < 0 || int32(option) == own[i].choice {
		return a
	}
	if b, ok := l.changed(own, i, int32(option)); ok {
		return b
	}
	return a
}
