package lattice

import (
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/space"
)

// paretoPoint is a point of the front behind an item: the step taken, and the point of the next item's front that it goes on with.
type paretoPoint struct {
	cost  costs // of the metrics of the front, in their order; the others are 0
	score float64
	step  int32
	rest  int32
}

// bytesPoint is what a point takes.
const bytesPoint = 8*maxMetrics + 16

// maxPoints returns the number of points that the memory limit of the lattice allows.
func (l *Lattice) maxPoints() int { return l.memoryLimit / bytesPoint }

// frontProgram is a Pareto dynamic program: behind every item it finds the front of costs against score, as far as some prefix leaves enough
// for its points. Behind an item with the steps a (cost 1, score 1) and b (cost 2, score 3), before an item with the front {(1, 1), (2, 2)}:
//
//	by a   (2, 2) (3, 3)
//	by b   (3, 4) (4, 5)
//	front  (2, 2) (3, 4) (4, 5)      (3, 3) is dominated by (3, 4)
type frontProgram struct {
	lattice *Lattice
	dims    []int   // the metrics of the fronts
	slack   float64 // of the scores, at every item
	most    costs   // by dim: what the steps of a path may cost, the fixed one aside
	spent   []costs // by item and dim: the least that prefixes cost
	fronts  [][]paretoPoint
	held    int
	merger
}

// frontProgram returns the program for fronts of some metrics, and of those that are limited besides. A front is thinned at every item of a path,
// and once more at the end.
func (l *Lattice) frontProgram(dims []int, limits []limit, slack float64) *frontProgram {
	t := &frontProgram{lattice: l, dims: slices.Clone(dims), fronts: make([][]paretoPoint, len(l.decisionOf))}
	most := l.highest[l.root()]
	for _, limit := range limits {
		m := limit.metric
		left := limit.most - l.fixed[m]
		if left < most[m] && !slices.Contains(t.dims, m) {
			t.dims = append(t.dims, m)
		}
		most[m] = min(most[m], left)
	}
	t.most = t.project(most)
	t.prefixCosts()
	if slack > 0 {
		t.slack = slack / float64(l.longest()+1)
	}
	return t
}

// project returns the costs of the dims, in their order.
func (t *frontProgram) project(of costs) costs {
	var out costs
	for d, m := range t.dims {
		out[d] = of[m]
	}
	return out
}

// prefixCosts finds the least that is spent before each item.
func (t *frontProgram) prefixCosts() {
	l := t.lattice
	t.spent = make([]costs, len(l.decisionOf))
	met := make([]bool, len(l.decisionOf))
	met[l.root()] = true
	for item := l.root(); item > end; item-- {
		for _, s := range l.after(item) {
			sum := t.spent[item].plus(t.project(s.cost))
			if met[s.next] {
				sum = sum.least(t.spent[s.next])
			}
			t.spent[s.next], met[s.next] = sum, true
		}
	}
}

// weighed returns the weights of all steps but the fixed one.
func (l *Lattice) weighed(weight func(Step) float64) []float64 {
	out := make([]float64, len(l.steps))
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			out[at] = weight(l.step(item, at))
		}
	}
	return out
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

// solve finds the fronts behind all items, given the weights of steps.
func (t *frontProgram) solve(weights []float64, bound int) error {
	l := t.lattice
	t.fronts[end] = []paretoPoint{{}}
	for item := int32(end + 1); item <= l.root(); item++ {
		t.fronts[item] = t.frontOf(item, weights)
		if t.held += len(t.fronts[item]); t.held > bound {
			return &TooLargeError{Space: l.space.Name(), What: "points of fronts", Need: int64(t.held), More: true, Bound: int64(bound)}
		}
	}
	return nil
}

// frontOf returns the front behind an item, given those of the next.
func (t *frontProgram) frontOf(item int32, weights []float64) []paretoPoint {
	l := t.lattice
	t.merger.reset()
	for at := l.first[item]; at < l.first[item+1]; at++ {
		s := &l.steps[at]
		cost := t.project(s.cost)
		for i := range t.fronts[s.next] {
			rest := &t.fronts[s.next][i]
			if point := (paretoPoint{rest.cost.plus(cost), weights[at] + rest.score, at, int32(i)}); t.affordable(item, &point) {
				t.merger.add(point)
			}
		}
		t.merger.endRun()
	}
	return t.thin(t.merger.merged(t.compare))
}

// affordable reports whether some prefix may leave enough for a point.
func (t *frontProgram) affordable(item int32, p *paretoPoint) bool {
	spent := &t.spent[item]
	for d := range t.dims {
		if spent[d]+p.cost[d] > t.most[d] {
			return false
		}
	}
	return true
}

// thin returns of points in the order of compare those that no other dominates or, with slack, nearly does; of equal ones the first.
func (t *frontProgram) thin(all []paretoPoint) []paretoPoint {
	kept := make([]paretoPoint, 0, min(len(all), 64))
	var stairs []paretoPoint // of the second of two dims by ascending cost and score
	var seen rankings        // of more dims
	for _, p := range all {
		if p.score != p.score {
			continue
		}
		switch len(t.dims) {
		case 0, 1:
			if n := len(kept); n > 0 && kept[n-1].score+t.slack >= p.score {
				continue
			}
		case 2:
			at := sort.Search(len(stairs), func(i int) bool { return stairs[i].cost[1] > p.cost[1] })
			if at > 0 && stairs[at-1].score+t.slack >= p.score {
				continue
			}
			end := at
			for end < len(stairs) && stairs[end].score <= p.score {
				end++
			}
			stairs = slices.Replace(stairs, at, end, p)
		default:
			if score, ok := seen.best(&p.cost); ok && score+t.slack >= p.score {
				continue
			}
			seen.add(p, len(t.dims))
		}
		kept = append(kept, p)
	}
	return slices.Clip(kept)
}

// compare orders by ascending cost, dim by dim, then descending score. Without dims that is by score alone.
func (t *frontProgram) compare(a, b *paretoPoint) int {
	for d := range t.dims {
		if a.cost[d] != b.cost[d] {
			return sign(a.cost[d] < b.cost[d])
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

// objectives returns the points of the root that matter if only the first dims do: there the limits are kept.
func (t *frontProgram) objectives(dims int) []paretoPoint {
	t.dims = t.dims[:dims]
	all := slices.Clone(t.fronts[t.lattice.root()])
	slices.SortStableFunc(all, func(a, b paretoPoint) int { return t.compare(&a, &b) })
	return t.thin(all)
}

// arch returns the architecture of a point of the root's front.
func (t *frontProgram) arch(p paretoPoint) space.Arch {
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
