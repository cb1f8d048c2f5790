package search

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// OriginCostliest is the origin of a proposal that costs the most of all within the limits.
const OriginCostliest = "costliest"

// NewAuto returns what to take without knowing better: among the strategies that need the fewest evaluations on every published
// table it was tried on, as docs/strategies.md shows. For one objective it is a search with a Gaussian process whose kernel is the sum of [Mixture] and of decisions times
// costs, of which the evidence takes what fits, that
//
//   - begins with the architecture of the greatest cost and four draws that differ from it and from each other. The largest network
//     tells where capacity leads, and is the end of the range that the trend is fitted to;
//   - never spends an evaluation on a network that equals an earlier one but for dead branches and the order of nodes;
//   - proposes by expected improvement. Where nothing is expected to be much better, that goes where least is known; so after seven
//     results without a better one every third proposal is by the upper bound of one standard deviation, which stays where what is
//     expected is good: the best among near equals is there;
//   - notices when the search has collapsed: when nothing better was found for long, and the latest proposals are all near
//     each other, one of four proposals is a uniform draw until something better turns up.
//
// For several objectives it is [NewMultiAuto].
func NewAuto(p Problem) (Strategy, error) {
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	if len(p.Objectives) > 1 {
		return NewMultiAuto(p, GuidedConfig{})
	}
	s, err := newGP("auto", p, GPConfig{Initial: 5, Kernel: autoKernel})
	if err != nil {
		return nil, err
	}
	s.first, s.spread, s.watch, s.stay = s.set.costliest, true, true, true
	return s, nil
}

// costliest returns the architecture of the greatest costs that is free: of params and MACs together. It returns
// false if all cost the same.
func (c *candidateSet) costliest() (space.Arch, bool) {
	if c.index.whole() {
		return c.costliestListed()
	}
	region, ok := c.left.region.(*lattice.CountedRegion)
	if !ok {
		return space.Arch{}, false
	}
	var most [2]float64
	for i, m := range costMetrics {
		least, greatest := region.Range(m)
		if greatest == least {
			return space.Arch{}, false
		}
		most[i] = float64(greatest)
	}
	for best := range region.Best(func(s lattice.Step) float64 {
		return float64(s.Cost(costMetrics[0]))/most[0] + float64(s.Cost(costMetrics[1]))/most[1]
	}) {
		return best.Arch, c.left.holds(best.Arch) && c.fresh(best.Arch)
	}
	return space.Arch{}, false
}

func (c *candidateSet) costliestListed() (space.Arch, bool) {
	least, most, at := math.Inf(1), math.Inf(-1), -1
	for _, place := range c.all {
		costs := c.index.points[place].Cost
		cost := costs[0] + costs[1] // of the logarithms: the product
		least = math.Min(least, cost)
		if c.free(place) && cost > most {
			most, at = cost, place
		}
	}
	if at < 0 || most == least {
		return space.Arch{}, false
	}
	return c.index.archs[at], true
}
