package search

import "github.com/trellis-nas/trellis/pareto"

// standing places a member within its population (Deb et al., 2002): feasible before infeasible, then by front, then the
// lonelier one of a front.
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

// standings places every member. Ranks and crowding are among the feasible members only; the others differ by violation.
func standings(population []member) []standing {
	out := make([]standing, len(population))
	var feasible []int
	var points [][]float64
	for i, m := range population {
		out[i].violation = m.violation
		if m.violation == 0 {
			feasible = append(feasible, i)
			points = append(points, m.vector)
		}
	}
	for rank, front := range pareto.Sort(points) {
		vectors := make([][]float64, len(front))
		for j, p := range front {
			vectors[j] = points[p]
		}
		crowding := pareto.Crowding(vectors)
		for j, p := range front {
			s := &out[feasible[p]]
			s.rank = rank
			if len(points[p]) > 1 { // the members of a front of one objective are equal
				s.crowding = crowding[j]
			}
		}
	}
	return out
}
