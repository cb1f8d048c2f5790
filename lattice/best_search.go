package lattice

import (
	"iter"
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/space"
)

// boundedSearch is the bounded best-first search of Best, by fronts instead of a table. Its partials stand at items.
type boundedSearch struct {
	*scoreBounds
	agenda
	left     []costs      // of the partials, by limit
	rankings [][]*ranking // by group and item, made when first asked
}

// begin returns a new search.
func (s *scoreBounds) begin() *boundedSearch {
	c := &boundedSearch{scoreBounds: s, rankings: make([][]*ranking, len(s.groups))}
	for i := range c.rankings {
		c.rankings[i] = make([]*ranking, len(s.lattice.decisionOf))
	}
	var left costs
	for i, limit := range s.limits {
		left[i] = limit.most - s.lattice.fixed[limit.metric]
	}
	c.pushAt(s.lattice.root(), &left, partial{route: noRoute, spent: s.fixed})
	return c
}

// pushAt adds a partial at an item, unless nothing can follow.
func (c *boundedSearch) pushAt(item int32, left *costs, p partial) {
	if best, ok := c.best(item, left); ok {
		p.junction, p.at = int(item), len(c.left)
		c.left = append(c.left, *left)
		c.push(p, best)
	}
}

// best returns a bound of the scores behind an item that what is left pays for.
func (c *boundedSearch) best(item int32, left *costs) (least float64, ok bool) {
	for i := range c.groups {
		score, ok := c.inGroup(i, item, left)
		if !ok {
			return 0, false
		}
		if i == 0 || score < least {
			least = score
		}
	}
	if c.totals != nil {
		return c.totals.best(item, left, least)
	}
	return least, true
}

// inGroup returns the best score behind an item within the limits of a group.
func (c *boundedSearch) inGroup(i int, item int32, left *costs) (float64, bool) {
	v := &c.groups[i]
	front := v.fronts[item]
	if len(front) == 0 {
		return 0, false
	}
	var own costs
	for d, limit := range v.of {
		own[d] = left[limit]
	}
	if len(v.dims) < 2 {
		n := sort.Search(len(front), func(i int) bool { return front[i].cost[0] > own[0] })
		if n == 0 {
			return 0, false
		}
		return front[n-1].score, true
	}
	r := c.rankings[i][item]
	if r == nil {
		r = newRanking(slices.Clone(front), len(v.dims))
		c.rankings[i][item] = r
	}
	return r.best(&own)
}

// next returns the best complete path that was not returned before. The route of a partial is the step that led to its
// item. It is a *TooLargeError if more than most partials would be held.
func (c *boundedSearch) next(most int) (*partial, bool, error) {
	l := c.lattice
	for {
		p, some := c.pop()
		if !some || p.junction == end {
			return p, some, nil
		}
		if len(c.left) > most {
			return nil, false, &TooLargeError{Space: l.space.Name(), What: "path prefixes", Need: int64(len(c.left)), More: true, Bound: int64(most)}
		}
		have := c.left[p.at]
		for step := l.first[p.junction+1] - 1; step >= l.first[p.junction]; step-- {
			s, left, pays := &l.steps[step], have, true
			for i, limit := range c.limits {
				left[i] -= s.cost[limit.metric]
				pays = pays && left[i] >= 0
			}
			if pays {
				c.pushAt(s.next, &left, partial{route: step, before: p, spent: p.spent + c.weights[step]})
			}
		}
	}
}

// arch returns the architecture of a complete path.
func (c *boundedSearch) arch(p *partial) space.Arch {
	var choices []int
	for ; p.route != noRoute; p = p.before {
		choices = append(choices, int(c.lattice.steps[p.route].choice))
	}
	slices.Reverse(choices)
	return space.NewArch(choices...)
}

// bytesPartial is what a partial takes, with what is left there, and with what the garbage collector lets lie.
const bytesPartial = 384

// partials returns the number of partials that the memory limit of the lattice allows.
func (l *Lattice) partials() int { return l.memoryLimit / bytesPartial }

// paths returns what a new search finds, which holds at most so many partials.
func (s *scoreBounds) paths(most int) iter.Seq2[Scored, error] {
	return func(yield func(Scored, error) bool) {
		c := s.begin()
		for {
			p, ok, err := c.next(most)
			if err != nil {
				yield(Scored{}, err)
				return
			}
			if !ok || !yield(Scored{c.arch(p), p.bound}, nil) {
				return
			}
		}
	}
}
