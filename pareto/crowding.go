package pareto

import "math"

// Crowding returns the crowding distance of every point among the given ones, which should be one front (Deb et al.,
// 2002): the sum over the components of the gap between the point's two neighbours, as a share of the component's
// range. The ends of every component are +Inf, so that they survive; so is every point of a set of at most two.
//
// Of equal values the first and the last in index order count as ends. A component whose values are all equal says
// nothing and adds nothing; an infinite range counts a finite gap as 0 and an infinite one as 1.
func Crowding(points [][]float64) []float64 {
	d := dimension(points)
	distance := make([]float64, len(points))
	if len(points) <= 2 {
		for i := range distance {
			distance[i] = math.Inf(1)
		}
		return distance
	}
	for c := range d {
		order := orderBy(points, c)
		value := func(at int) float64 { return plain(points[order[at].index][c]) }
		last := len(order) - 1
		low, high := value(0), value(last)
		if low == high {
			continue
		}
		distance[order[0].index] = math.Inf(1)
		distance[order[last].index] = math.Inf(1)
		for at := 1; at < last; at++ {
			distance[order[at].index] += share(value(at-1), value(at+1), high-low)
		}
	}
	return distance
}

func share(from, to, span float64) float64 {
	switch {
	case from == to:
		return 0
	case math.IsInf(to-from, 1):
		return 1
	case math.IsInf(span, 1):
		return 0
	}
	return (to - from) / span
}
