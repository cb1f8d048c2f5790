package search

import "github.com/trellis-nas/trellis/predict"

// The search has collapsed when nothing better was found in the last third of the results, and at least in patience of them, while
// each of the latest recent proposals lay within an eighth of the decisions of another one of them.
const (
	patience = 30
	recent   = 10
	nearness = 8 // near means a share of one in so many decisions that differ, or one decision
)

// stuck reports whether a search has collapsed, by its results in the order of asking and the points of its proposals. The diversity of
// proposals is the mean distance of each of the latest to the nearest other one, in decisions.
func (l *ledger) stuck(point func(entry) *predict.Point) bool {
	if l.done < patience {
		return false
	}
	best := l.best(1)
	if len(best) == 0 || len(l.entries)-best[0] <= max(patience, l.done/3) {
		return false
	}
	latest := l.entries[len(l.entries)-recent:]
	points := make([]*predict.Point, len(latest))
	for i, e := range latest {
		points[i] = point(e)
	}
	return diversity(points) <= max(1, float64(len(points[0].Options))/nearness)
}

// diversity returns the mean over points of the number of decisions in which the nearest other one differs.
func diversity(points []*predict.Point) float64 {
	var sum float64
	for i, p := range points {
		nearest := -1.0
		for j, q := range points {
			if d := (predict.Hamming{}).Distance(p, q); i != j && (nearest < 0 || d < nearest) {
				nearest = d
			}
		}
		sum += nearest
	}
	return sum / float64(len(points))
}
