package lattice

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Parameter is one number of an additive score: that of an option of a decision. In a lattice with previous options it is that of an option that
// follows another one, Before.
type Parameter struct {
	Before   Taken
	Decision string
	Option   string
}

// Parameters returns the parameters of additive scores over the lattice, so that scores and their gradients are vectors of numbers
// in that order: by the order of [Lattice.Decisions] and their options, all of them; in a lattice with previous options, within one option, by what is
// taken before it, as far as a path takes both.
func (l *Lattice) Parameters() []Parameter {
	keys, _ := l.parameters()
	out := make([]Parameter, len(keys))
	for i, k := range keys {
		d := &l.decisions[k.now.decision]
		out[i] = Parameter{l.taken(k.before), d.Name, d.Options[k.now.choice]}
	}
	return out
}

// parameterKey is a Parameter in numbers.
type parameterKey struct{ now, before taken }

// nothingTaken stands before the first decision, and before all where it does not matter.
var nothingTaken = taken{-1, -1}

// parameters returns the parameters and, for every step, the position of its own.
func (l *Lattice) parameters() ([]parameterKey, []int32) {
	l.numbered.Do(func() { l.keys, l.parameterOf = l.number() })
	return l.keys, l.parameterOf
}

func (l *Lattice) number() ([]parameterKey, []int32) {
	of := make([]int32, len(l.steps))
	var keys []parameterKey
	if l.previous == nil {
		first := make([]int32, len(l.decisions))
		for d, decision := range l.decisions {
			first[d] = int32(len(keys))
			for o := range decision.Options {
				keys = append(keys, parameterKey{taken{int32(d), int32(o)}, nothingTaken})
			}
		}
		l.eachStep(func(item, at int32) { of[at] = first[l.decisionOf[item]] + l.steps[at].choice })
		return keys, of
	}
	number := map[parameterKey]int32{}
	key := func(item, at int32) parameterKey {
		return parameterKey{taken{l.decisionOf[item], l.steps[at].choice}, l.previous[item]}
	}
	l.eachStep(func(item, at int32) {
		if k := key(item, at); number[k] == 0 {
			number[k] = 1
			keys = append(keys, k)
		}
	})
	slices.SortFunc(keys, func(a, b parameterKey) int { return cmp.Or(a.now.compare(b.now), a.before.compare(b.before)) })
	for i, k := range keys {
		number[k] = int32(i)
	}
	l.eachStep(func(item, at int32) { of[at] = number[key(item, at)] })
	return keys, of
}

func (a taken) compare(b taken) int {
	return cmp.Or(cmp.Compare(a.decision, b.decision), cmp.Compare(a.choice, b.choice))
}

// Features returns the positions in [Lattice.Parameters] of the parameters that an architecture takes, in the order of its decisions: its
// row of a linear model. It is an error if it is not of the space.
func (l *Lattice) Features(a space.Arch) ([]int, error) {
	_, of := l.parameters()
	var out []int
	err := l.follow(a, func(_ int32, at int) { out = append(out, int(of[at])) })
	return out, err
}

// eachStep visits all steps of the lattice with their items.
func (l *Lattice) eachStep(visit func(item, at int32)) {
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			visit(item, at)
		}
	}
}

// GibbsOf returns the distribution whose logarithmic weights are scores, one for each of [Lattice.Parameters]: a policy over the
// architectures of the region, to be trained with [Gibbs.LogProbGrad] and its like. It panics if there are more or fewer.
func (r *CountedRegion) GibbsOf(scores []float64) *Gibbs {
	keys, of := r.lattice.parameters()
	if len(scores) != len(keys) {
		panic(fmt.Sprintf("lattice: %d scores for the %d parameters of space %q", len(scores), len(keys), r.Space().Name()))
	}
	weights := make([]float64, len(of))
	for at, p := range of {
		weights[at] = scores[p]
	}
	return r.gibbs(weights, 0)
}
