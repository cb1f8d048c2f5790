package search

import (
	"cmp"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
)

// standing places a member within its population (Deb et al., 2002): feasible before infeasible, then by front, then the
// lonelier one of a front. With one objective there are no fronts, and the lower value stands for the loneliness.
type standing struct {
	violation float64
	rank      int
	crowding  float64
}

// before reports whether a wins over b.
func (a standing) before(b standing) bool {
	switch {
	case a.violation != b.violation:
		return a.violation < b.violation
	case a.rank != b.rank:
		return a.rank < b.rank
	}
	return a.crowding > b.crowding
}

// compare sorts what wins to the front.
func (a standing) compare(b standing) int {
	switch {
	case a.before(b):
		return -1
	case b.before(a):
		return 1
	}
	return 0
}

// standings places every member. Ranks and crowding are among the feasible members only; the others differ by violation. Of members
// with the same objectives the first stands for all in its front, and the others are as crowded as can be.
func standings(population []member) []standing {
	out := make([]standing, len(population))
	if len(population) > 0 && len(population[0].vector) == 1 { // the order of values, without ranks
		for i, m := range population {
			out[i] = standing{violation: m.violation, crowding: -m.vector[0]}
		}
		return out
	}
	feasible := make([]int, 0, len(population))
	points := make([][]float64, 0, len(population))
	for i, m := range population {
		out[i].violation = m.violation
		if m.violation == 0 {
			feasible = append(feasible, i)
			points = append(points, m.vector)
		}
	}
	for rank, front := range pareto.Sort(points) {
		for _, p := range front {
			out[feasible[p]].rank = rank
		}
		unlike := distinct(points, front)
		vectors := make([][]float64, len(unlike))
		for j, p := range unlike {
			vectors[j] = points[p]
		}
		for j, crowding := range pareto.Crowding(vectors) {
			out[feasible[unlike[j]]].crowding = crowding
		}
	}
	return out
}

// distinct returns the ascending places in points, of those in front, without those whose vector an earlier one has.
func distinct(points [][]float64, front []int) []int {
	order := slices.Clone(front)
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(slices.Compare(points[i], points[j]), cmp.Compare(i, j)) })
	order = slices.CompactFunc(order, func(i, j int) bool { return slices.Equal(points[i], points[j]) })
	slices.Sort(order)
	return order
}
