package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/space"
)

// FrontPoint is a point of a front: an architecture, what it costs in the metric of the front, and its score.
type FrontPoint struct {
	Arch  space.Arch
	Cost  int64
	Score float64
}

// Front returns the exact Pareto front of a feasible set between the cost in a metric, to be small, and an additive score, to be great: for
// every point nothing within the limits costs at most as much and scores more, or costs less and scores as much. Points come by ascending
// cost and score, one architecture each, always the same. The score is the sum of the weights of
// the steps, which must be numbers and not be infinite.
//
// It is a dynamic program over fronts: behind every item only non-dominated points matter. A limit on another metric than that of the
// front adds a number to every point. It is a [*TooLargeError] if all the fronts together exceed the memory limit, which is about nine
// million points by default.
func (o *FeasibleSet) Front(m Metric, weight func(Step) float64) ([]FrontPoint, error) {
	return o.front(m, weight, 0, o.lattice.maxPoints())
}

// FrontNear returns a front with fewer points where the exact one is too large: for every architecture within the limits it has a point that
// costs at most as much, and whose score is less by slack at most (and the rounding of float64). Its points do not dominate each other, and
// a slack of 0 gives the exact front. Every item may thin its front by the same share of the slack, as in Papadimitriou & Yannakakis
// (2000).
func (o *FeasibleSet) FrontNear(m Metric, weight func(Step) float64, slack float64) ([]FrontPoint, error) {
	if !(slack >= 0) {
		return nil, fmt.Errorf("a slack of %v is out of range; it must be at least 0", slack)
	}
	return o.front(m, weight, slack, o.lattice.maxPoints())
}

// front returns the front of a metric and a score.
func (o *FeasibleSet) front(m Metric, weight func(Step) float64, slack float64, bound int) ([]FrontPoint, error) {
	if m == Memory {
		return o.memoryFront(weight)
	}
	o, err := o.withComponent(m)
	if err != nil {
		return nil, err
	}
	l := o.lattice
	along, err := l.index(m)
	if err != nil {
		return nil, err
	}
	t := l.frontProgram([]int{along}, o.tight, slack)
	if err := t.solve(l.weighed(weight), bound); err != nil {
		return nil, err
	}
	fixed := weight(l.fixedStep())
	var out []FrontPoint
	for _, point := range t.objectives(1) {
		out = append(out, FrontPoint{t.arch(point), l.fixed[along] + point.cost[0], fixed + point.score})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the scores of space %q leave no front: none of them is a number", l.space.Name())
	}
	return out, nil
}
