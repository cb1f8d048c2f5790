package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/space"
)

// SurfacePoint is a point of a front of three objectives.
type SurfacePoint struct {
	Arch  space.Arch
	Costs [2]int64 // in the order of the metrics asked for
	Score float64
}

// Surface returns the exact Pareto front of a feasible set between the costs in two different metrics, to be small, and an additive score, to be
// great: nothing within the limits is at least as good as a point in all three and better in one. Points come by ascending first and second
// cost, one architecture each, always the same. With a slack of more than 0 it has fewer points: for every architecture there is
// one that costs at most as much in both metrics, and whose score is less by slack at most (and the rounding of float64). It is
// a [*TooLargeError] on the same terms as [FeasibleSet.Front].
func (o *FeasibleSet) Surface(of [2]Metric, weight func(Step) float64, slack float64) ([]SurfacePoint, error) {
	var index [2]int
	for i, m := range of {
		var err error
		if o, err = o.withComponent(m); err != nil {
			return nil, err
		}
		if index[i], err = o.lattice.index(m); err != nil {
			return nil, err
		}
	}
	if index[0] == index[1] {
		return nil, fmt.Errorf("a surface is between two different metrics, and %s is given twice", of[0])
	}
	if !(slack >= 0) {
		return nil, fmt.Errorf("a slack of %v is out of range; it must be at least 0", slack)
	}
	l := o.lattice
	t := l.frontProgram(index[:], o.tight, slack)
	if err := t.solve(l.weighed(weight), l.maxPoints()); err != nil {
		return nil, err
	}
	fixed := weight(l.fixedStep())
	var out []SurfacePoint
	for _, p := range t.objectives(2) {
		costs := [2]int64{l.fixed[index[0]] + p.cost[0], l.fixed[index[1]] + p.cost[1]}
		out = append(out, SurfacePoint{t.arch(p), costs, fixed + p.score})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the scores of space %q leave no front: none of them is a number", l.space.Name())
	}
	return out, nil
}
