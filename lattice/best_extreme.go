package lattice

import (
	"errors"
	"fmt"
	"slices"
)

// Least returns the least cost of all within the limits, exactly. It is a [*TooLargeError] where [FeasibleSet.Best] ends with one, and an error for a
// metric that the lattice does not have. That of [Memory] is found by counting (see [CountedRegion.MemoryRange]).
func (o *FeasibleSet) Least(m Metric) (int64, error) {
	if m == Memory {
		least, _, err := o.memoryRange()
		return least, err
	}
	o, component, err := o.component(m)
	if err != nil {
		return 0, err
	}
	best, err := o.extreme(component, -1)
	return -best, err
}

// Greatest returns the greatest cost of all within the limits, as Least does.
func (o *FeasibleSet) Greatest(m Metric) (int64, error) {
	if m == Memory {
		_, greatest, err := o.memoryRange()
		return greatest, err
	}
	o, component, err := o.component(m)
	if err != nil {
		return 0, err
	}
	return o.extreme(component, 1)
}

func (o *FeasibleSet) memoryRange() (least, greatest int64, err error) {
	r, err := o.Counted()
	if err != nil {
		return 0, 0, err
	}
	return r.MemoryRange()
}

// component returns the feasible set with a metric of its lattice, and which one it is.
func (o *FeasibleSet) component(m Metric) (*FeasibleSet, int, error) {
	o, err := o.withComponent(m)
	if err != nil {
		return nil, 0, err
	}
	at, err := o.lattice.index(m)
	return o, at, err
}

// extreme returns the greatest product of a component and 1 or −1. Fronts of a cost against itself are all of its sums, so that a limit on the
// component does not get any: it bounds what is left of it, down to a sum that some completion has.
func (o *FeasibleSet) extreme(component int, times int64) (int64, error) {
	l := o.lattice
	if len(o.tight) == 0 {
		if times < 0 {
			return -l.fixed[component], nil
		}
		return l.greatest(component), nil
	}
	var others []limit
	var own *totals
	for i, limit := range o.tight {
		switch {
		case limit.metric == component && times > 0 || l.opposite(limit.metric, component) && times < 0:
			own = l.totalsOf(limit.metric, i, component, times)
		case limit.metric != component && !l.opposite(limit.metric, component):
			others = append(others, limit)
		}
	}
	s, err := o.scoreBounds(func(s Step) float64 { return float64(times * s.cost[component]) }, l.limitGroups(others), l.maxPoints())
	if err != nil {
		return 0, err
	}
	s.totals = own
	for best, err := range s.paths(l.partials()) {
		return int64(best.Score), err
	}
	return 0, fmt.Errorf("limits of space %q leave nothing together: %v", l.space.Name(), o.limits)
}

// errUndecided says that it is not known whether some limits can be met together.
var errUndecided = errors.New("lattice: undecided")

// least returns the least of a component within limits that can be met, or errUndecided if fronts are not made for such limits.
func (l *Lattice) least(component int, limits []limit, bound int) (int64, error) {
	if len(l.limitGroups(limits)) > 1 || slices.ContainsFunc(limits, func(of limit) bool { return l.opposite(of.metric, component) }) {
		return 0, errUndecided
	}
	t := l.frontProgram(nil, limits, 0)
	weights := make([]float64, len(l.steps))
	for i, s := range l.steps {
		weights[i] = -float64(s.cost[component])
	}
	if err := t.solve(weights, bound); err != nil {
		return 0, err
	}
	best := t.fronts[l.root()][0]
	for _, p := range t.fronts[l.root()] {
		if p.score > best.score {
			best = p
		}
	}
	return l.fixed[component] - int64(best.score), nil
}
