package explain

import (
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/lattice"
)

// MarginalValue is what a limit on a cost is worth: the best score within it, and what a higher limit would gain.
type MarginalValue struct {
	Metric lattice.Metric
	Limit  int64
	Best   lattice.FrontPoint // within the limit
	More   bool               // a higher limit gains a better one:
	Next   lattice.FrontPoint // the cheapest that is better
	Slope  float64            // score for one more unit, along the concave hull of the front: the multiplier of the limit
}

// CostFront returns the exact front of a cost and a score over a region, without its limits on that cost: the greatest score within any
// limit on it. [MarginalValueAt] reads it.
func CostFront(r *lattice.CountedRegion, m lattice.Metric, weight func(lattice.Step) float64) ([]lattice.FrontPoint, error) {
	others := slices.DeleteFunc(r.Limits(), func(l lattice.Limit) bool { return l.Metric == m })
	free, err := r.Lattice().Feasible(others...)
	if err != nil {
		return nil, err
	}
	return free.Front(m, weight)
}

// MarginalValueAt returns the marginal value of a limit on a front, or false if nothing is within it.
func MarginalValueAt(front []lattice.FrontPoint, m lattice.Metric, limit int64) (MarginalValue, bool) {
	n := sort.Search(len(front), func(i int) bool { return front[i].Cost > limit })
	if n == 0 {
		return MarginalValue{}, false
	}
	v := MarginalValue{Metric: m, Limit: limit, Best: front[n-1]}
	if n < len(front) {
		v.More, v.Next = true, front[n]
	}
	hull := concave(front)
	if at := sort.Search(len(hull), func(i int) bool { return hull[i].Cost > limit }); at > 0 && at < len(hull) {
		a, b := hull[at-1], hull[at]
		v.Slope = (b.Score - a.Score) / float64(b.Cost-a.Cost)
	}
	return v, true
}

// concave returns the points of a front on its concave hull (Andrew, 1979).
func concave(front []lattice.FrontPoint) []lattice.FrontPoint {
	var hull []lattice.FrontPoint
	for _, p := range front {
		for len(hull) > 1 {
			a, b := hull[len(hull)-2], hull[len(hull)-1]
			if (b.Score-a.Score)*float64(p.Cost-a.Cost) > (p.Score-a.Score)*float64(b.Cost-a.Cost) {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	return hull
}
