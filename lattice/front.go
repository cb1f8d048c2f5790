package lattice

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Trade is a point of a front: an architecture, what it costs in the metric of the front, and its score.
type Trade struct {
	Arch  space.Arch
	Cost  int64
	Score float64
}

// Front returns the exact Pareto front of a region between the cost in a metric, to be small, and an additive score, to be great: for
// every point nothing in the region costs at most as much and scores more, or costs less and scores as much. Points come by ascending
// cost and score, one architecture each, always the same. The score is the sum of the weights of
// the steps, which must be numbers and not be infinite.
//
// It is a dynamic program over fronts: behind every item only trades that are not dominated matter. Limits on other metrics than that of
// the front make these trades of one more number each. It is a [*TooLargeError] if all the fronts together, about nine million points, have no
// room.
func (r *Region) Front(m Metric, weight func(Step) float64) ([]Trade, error) {
	return r.front(m, weight, 0, r.lattice.trades())
}

// FrontNear returns a front with fewer points where the exact one is too large: for every architecture of the region it has a point that
// costs at most as much, and whose score is less by slack at most (and the rounding of float64). Its points do not dominate each other, and
// a slack of 0 gives the exact front. Every item may thin its front by the same share of the slack, as in Papadimitriou & Yannakakis
// (2000).
func (r *Region) FrontNear(m Metric, weight func(Step) float64, slack float64) ([]Trade, error) {
	if !(slack >= 0) {
		return nil, fmt.Errorf("a slack of %v is out of range; it must be at least 0", slack)
	}
	return r.front(m, weight, slack, r.lattice.trades())
}

// bytesTrade is what a point takes.
const bytesTrade = 8*maxMetrics + 16

// trades returns the number of points that the room of the lattice holds.
func (l *Lattice) trades() int { return l.room / bytesTrade }

// trade is a point of the front behind an item: the step taken, and the point of the next item's front that it goes on with.
type trade struct {
	cost  costs // of the metrics that matter; the others are 0
	score float64
	step  int32
	rest  int32
}

// trader computes fronts.
type trader struct {
	lattice *Lattice
	along   int     // the metric of the front
	others  []int   // the further metrics that are limited
	slack   float64 // of the scores, at every item
	most    costs   // by metric: what the steps of a path may cost, the fixed one aside
	spent   []costs // by item: the least that beginnings cost
	fronts  [][]trade
	held    int
}

func (r *Region) front(m Metric, weight func(Step) float64, slack float64, bound int) ([]Trade, error) {
	if m == Memory {
		return r.memoryFront(weight)
	}
	r, err := r.having(m)
	if err != nil {
		return nil, err
	}
	l := r.lattice
	along, err := l.index(m)
	if err != nil {
		return nil, err
	}
	t := r.trader(along, slack)
	if err := t.trade(weight, bound); err != nil {
		return nil, err
	}
	fixed := weight(l.fixedStep())
	t.others = nil // at the root the limits are kept, and only the two objectives matter
	var out []Trade
	for _, point := range t.thin(t.fronts[l.root()]) {
		out = append(out, Trade{t.arch(point), l.fixed[along] + point.cost[along], fixed + point.score})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the scores of space %q leave no front: none of them is a number", l.space.Name())
	}
	return out, nil
}

// trader returns a trader for the limits of the region. A front is thinned at every item of a path, and once more at the end.
func (r *Region) trader(along int, slack float64) *trader {
	l := r.lattice
	t := &trader{lattice: l, along: along, fronts: make([][]trade, len(l.decisionOf))}
	t.limit(r.tight)
	if slack > 0 {
		t.slack = slack / float64(l.longest()+1)
	}
	return t
}

// trade finds the fronts behind all items.
func (t *trader) trade(weight func(Step) float64, bound int) error {
	l := t.lattice
	t.fronts[end] = []trade{{}}
	for item := int32(end + 1); item <= l.root(); item++ {
		t.fronts[item] = t.frontOf(item, weight)
		if t.held += len(t.fronts[item]); t.held > bound {
			return &TooLargeError{Space: l.space.Name(), What: "points of fronts", Need: int64(t.held), More: true, Bound: int64(bound)}
		}
	}
	return nil
}

// longest returns the number of steps of the longest path.
func (l *Lattice) longest() int {
	length := make([]int, len(l.decisionOf))
	for item := int32(end + 1); item <= l.root(); item++ {
		for _, s := range l.after(item) {
			length[item] = max(length[item], 1+length[s.next])
		}
	}
	return length[l.root()]
}

// limit notes what may be spent, and the least that is spent before each item.
func (t *trader) limit(limits []limit) {
	l := t.lattice
	t.most = l.highest[l.root()]
	for _, limit := range limits {
		m := limit.metric
		left := limit.most - l.fixed[m]
		if left < t.most[m] && m != t.along && !slices.Contains(t.others, m) {
			t.others = append(t.others, m)
		}
		t.most[m] = min(t.most[m], left)
	}
	t.spent = make([]costs, len(l.decisionOf))
	met := make([]bool, len(l.decisionOf))
	met[l.root()] = true
	for item := l.root(); item > end; item-- {
		for _, s := range l.after(item) {
			sum := t.spent[item].plus(s.cost)
			if met[s.next] {
				sum = sum.least(t.spent[s.next])
			}
			t.spent[s.next], met[s.next] = sum, true
		}
	}
}

// frontOf returns the front behind an item, given those of the next.
func (t *trader) frontOf(item int32, weight func(Step) float64) []trade {
	l := t.lattice
	var all []trade
	for at := l.first[item]; at < l.first[item+1]; at++ {
		w := weight(l.step(item, at))
		s := &l.steps[at]
		for i, rest := range t.fronts[s.next] {
			point := trade{score: w + rest.score, step: at, rest: int32(i)}
			point.cost[t.along] = s.cost[t.along] + rest.cost[t.along]
			for _, m := range t.others {
				point.cost[m] = s.cost[m] + rest.cost[m]
			}
			if t.affordable(item, point) {
				all = append(all, point)
			}
		}
	}
	return t.thin(all)
}

func (t *trader) affordable(item int32, p trade) bool {
	if t.spent[item][t.along]+p.cost[t.along] > t.most[t.along] {
		return false
	}
	for _, m := range t.others {
		if t.spent[item][m]+p.cost[m] > t.most[m] {
			return false
		}
	}
	return true
}

// thin returns the points that no other dominates or, with slack, nearly does, by ascending cost; of equal ones the first.
func (t *trader) thin(all []trade) []trade {
	slices.SortStableFunc(all, func(a, b trade) int { return t.compare(a, b) })
	kept := make([]trade, 0, min(len(all), 64))
	var stairs []trade // of the further metric by ascending cost and score, where there is one
	for _, p := range all {
		switch {
		case p.score != p.score:
			continue
		case len(t.others) == 0:
			if n := len(kept); n > 0 && kept[n-1].score+t.slack >= p.score {
				continue
			}
		case len(t.others) > 1:
			if slices.ContainsFunc(kept, func(q trade) bool { return t.nearly(q, p) }) {
				continue
			}
		default:
			m := t.others[0]
			at, _ := slices.BinarySearchFunc(stairs, p, func(s, p trade) int {
				if s.cost[m] <= p.cost[m] {
					return -1
				}
				return 1
			})
			if at > 0 && stairs[at-1].score+t.slack >= p.score {
				continue
			}
			end := at
			for end < len(stairs) && stairs[end].score <= p.score {
				end++
			}
			stairs = slices.Replace(stairs, at, end, p)
		}
		kept = append(kept, p)
	}
	return slices.Clip(kept)
}

// nearly reports whether q, which costs no more in the metric of the front, is as good as p in all others too, but for the slack.
func (t *trader) nearly(q, p trade) bool {
	for _, m := range t.others {
		if q.cost[m] > p.cost[m] {
			return false
		}
	}
	return q.score+t.slack >= p.score
}

// compare orders by ascending cost, then ascending further costs, then descending score.
func (t *trader) compare(a, b trade) int {
	if a.cost[t.along] != b.cost[t.along] {
		return sign(a.cost[t.along] < b.cost[t.along])
	}
	for _, m := range t.others {
		if a.cost[m] != b.cost[m] {
			return sign(a.cost[m] < b.cost[m])
		}
	}
	if a.score != b.score {
		return sign(a.score > b.score)
	}
	return 0
}

func sign(before bool) int {
	if before {
		return -1
	}
	return 1
}

// arch returns the architecture of a point of the root's front.
func (t *trader) arch(p trade) space.Arch {
	var choices []int
	for item := t.lattice.root(); item != end; {
		s := &t.lattice.steps[p.step]
		choices = append(choices, int(s.choice))
		if item = s.next; item != end {
			p = t.fronts[item][p.rest]
		}
	}
	return space.NewArch(choices...)
}
