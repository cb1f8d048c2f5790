package lattice

import (
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/space"
)

// climb is the search of Best under a limit on one metric. What is the best score that a rest of the budget allows behind an item is a
// staircase: the front of cost against score behind that item. Fronts are far smaller than the states of the budget, so that the bound of
// A* is as exact and costs next to nothing.
type climb struct {
	agenda
	lattice *Lattice
	metric  int
	weights []float64 // of the steps
	fronts  [][]trade
}

// newClimb returns false if the fronts have more points than bound.
func newClimb(r *Region, weight func(Step) float64, bound int) (*climb, bool) {
	l := r.lattice
	c := &climb{lattice: l, metric: r.table.purses.fields[0].metric, weights: make([]float64, len(l.steps))}
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			c.weights[at] = weight(l.step(item, at))
		}
	}
	t := r.trader(c.metric, 0)
	if t.trade(weight, bound) != nil {
		return nil, false
	}
	c.fronts = t.fronts
	fixed := weight(l.fixedStep())
	start := partial{junction: int(l.root()), at: int(t.most[c.metric]), route: noRoute, spent: fixed}
	if best, ok := c.best(l.root(), t.most[c.metric]); ok {
		c.push(start, best)
	}
	return c, true
}

// best returns the best score behind an item that what is left pays for.
func (c *climb) best(item int32, left int64) (float64, bool) {
	front := c.fronts[item]
	n := sort.Search(len(front), func(i int) bool { return front[i].cost[c.metric] > left })
	if n == 0 {
		return 0, false
	}
	return front[n-1].score, true
}

// next returns the best complete path that was not returned before. The partials of a climb stand at items; at is what is left, and
// route the step that led there.
func (c *climb) next() (*partial, bool) {
	l := c.lattice
	for {
		p, some := c.pop()
		if !some || p.junction == end {
			return p, some
		}
		for step := l.first[p.junction+1] - 1; step >= l.first[p.junction]; step-- {
			s := &l.steps[step]
			left := int64(p.at) - s.cost[c.metric]
			if best, ok := c.best(s.next, left); ok {
				c.push(partial{junction: int(s.next), at: int(left), route: step, before: p, spent: p.spent + c.weights[step]}, best)
			}
		}
	}
}

// arch returns the architecture of a complete path.
func (c *climb) arch(p *partial) space.Arch {
	var choices []int
	for ; p.route != noRoute; p = p.before {
		choices = append(choices, int(c.lattice.steps[p.route].choice))
	}
	slices.Reverse(choices)
	return space.NewArch(choices...)
}
