package lattice

import (
	"math/bits"
	"slices"
)

// ranking answers which of some points is the best that a budget pays for: a tree over the points by descending score, which knows of each
// part the least cost in every metric. The answer is the first one, and whole parts that are too dear are passed over.
type ranking struct {
	points []paretoPoint // by descending score
	dims   int
	least  []costs // of every node; those of the leaves, of leafPoints points each, last
}

// leafPoints is the number of points that are looked at one by one.
const leafPoints = 8

// newRanking takes over the points.
func newRanking(points []paretoPoint, dims int) *ranking {
	slices.SortStableFunc(points, func(a, b paretoPoint) int {
		if a.score != b.score {
			return sign(a.score > b.score)
		}
		return 0
	})
	r := &ranking{points: points, dims: dims}
	leaves := 1 << bits.Len(uint((len(points)-1)/leafPoints))
	r.least = make([]costs, 2*leaves)
	for node := 2*leaves - 1; node > 0; node-- {
		if node < leaves {
			r.least[node] = r.least[2*node].least(r.least[2*node+1])
			continue
		}
		for d := range dims {
			r.least[node][d] = 1 << 62
		}
		for _, p := range r.leaf(node) {
			r.least[node] = r.least[node].least(p.cost)
		}
	}
	return r
}

// leaf returns the points of a leaf.
func (r *ranking) leaf(node int) []paretoPoint {
	from := (node - len(r.least)/2) * leafPoints
	return r.points[min(from, len(r.points)):min(from+leafPoints, len(r.points))]
}

// best returns the best score that what is left pays for.
func (r *ranking) best(left *costs) (float64, bool) { return r.bestOf(1, left) }

func (r *ranking) bestOf(node int, left *costs) (float64, bool) {
	if !r.pays(left, &r.least[node]) {
		return 0, false
	}
	if 2*node >= len(r.least) {
		for i, p := range r.leaf(node) {
			if r.pays(left, &r.leaf(node)[i].cost) {
				return p.score, true
			}
		}
		return 0, false
	}
	if score, ok := r.bestOf(2*node, left); ok {
		return score, true
	}
	return r.bestOf(2*node+1, left)
}

func (r *ranking) pays(left, cost *costs) bool {
	for d := range r.dims {
		if cost[d] > left[d] {
			return false
		}
	}
	return true
}

// rankings are a ranking that points are added to: rankings of ascending powers of two of them, as in Bentley & Saxe (1980).
type rankings struct {
	of []*ranking // nil for a power that is not there
}

// add adds a point.
func (r *rankings) add(p paretoPoint, dims int) {
	points := []paretoPoint{p}
	for i, have := range r.of {
		if have == nil {
			r.of[i] = newRanking(points, dims)
			return
		}
		points, r.of[i] = append(points, have.points...), nil
	}
	r.of = append(r.of, newRanking(points, dims))
}

// best returns the best score that what is left pays for.
func (r *rankings) best(left *costs) (score float64, ok bool) {
	for _, part := range r.of {
		if part == nil {
			continue
		}
		if s, some := part.best(left); some && (!ok || s > score) {
			score, ok = s, true
		}
	}
	return score, ok
}
