package explain

import (
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/lattice"
)

// Price is what a budget is worth: what the best score within it is, and what more of it would buy.
type Price struct {
	Metric lattice.Metric
	Limit  int64
	Best   lattice.Trade // within the limit
	More   bool          // more budget buys a better one:
	Next   lattice.Trade // the cheapest that is better
	Slope  float64       // score for one more unit, along the concave hull of the front: the multiplier of the limit
}

// Budget returns the exact front of a cost and a score over a region, without its limits on that cost: the greatest score within any
// budget. [PriceAt] reads it.
func Budget(r *lattice.Region, m lattice.Metric, weight func(lattice.Step) float64) ([]lattice.Trade, error) {
	others := slices.DeleteFunc(r.Limits(), func(l lattice.Limit) bool { return l.Metric == m })
	free, err := r.Lattice().Outline(others...)
	if err != nil {
		return nil, err
	}
	return free.Front(m, weight)
}

// PriceAt returns the price of a budget on a front, or false if nothing is within it.
func PriceAt(front []lattice.Trade, m lattice.Metric, limit int64) (Price, bool) {
	n := sort.Search(len(front), func(i int) bool { return front[i].Cost > limit })
	if n == 0 {
		return Price{}, false
	}
	p := Price{Metric: m, Limit: limit, Best: front[n-1]}
	if n < len(front) {
		p.More, p.Next = true, front[n]
	}
	hull := concave(front)
	if at := sort.Search(len(hull), func(i int) bool { return hull[i].Cost > limit }); at > 0 && at < len(hull) {
		a, b := hull[at-1], hull[at]
		p.Slope = (b.Score - a.Score) / float64(b.Cost-a.Cost)
	}
	return p, true
}

// concave returns the points of a front on its concave hull (Andrew, 1979).
func concave(front []lattice.Trade) []lattice.Trade {
	var hull []lattice.Trade
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
