package pareto

// Ranks returns for every point the number of its front: 0 for the points that nothing dominates, k for those that
// only points of fronts below k dominate (Deb et al., 2002). Equal vectors share a front.
//
// Cost for n points: two components O(n log n); three O(n log² n) with staircases as the fronts; more O(n² d) at worst
// by efficient non-dominated sorting with binary search over the fronts (ENS-BS; Zhang et al., 2015).
func Ranks(points [][]float64) []int {
	ranks := make([]int, len(points))
	switch d := dimension(points); {
	case d == 0:
	case d <= 2:
		ranksInPlane(points, d, ranks)
	case d == 3:
		ranksInSpace(points, ranks)
	default:
		ranksAnywhere(points, ranks)
	}
	return ranks
}

// Sort returns the fronts, best first, each as ascending indices into points. Every point is in exactly one front.
func Sort(points [][]float64) [][]int {
	ranks := Ranks(points)
	var sizes []int
	for _, r := range ranks {
		for r >= len(sizes) {
			sizes = append(sizes, 0)
		}
		sizes[r]++
	}
	fronts, all := make([][]int, len(sizes)), make([]int, len(points))
	for r, n := range sizes {
		fronts[r], all = all[:0:n], all[n:]
	}
	for i, r := range ranks {
		fronts[r] = append(fronts[r], i)
	}
	return fronts
}

// ranksInPlane is patience sorting: in lexicographic order a front dominates a point exactly when the front's last,
// and so lowest, second component is no higher than the point's; those ascend with the front's number.
func ranksInPlane(points [][]float64, d int, ranks []int) {
	order := lexicographic(points)
	lowest := make([]float64, 0, 256)
	for at, e := range order {
		p := points[e.index]
		if at > 0 && order[at-1].key == e.key && same(points[order[at-1].index], p) {
			ranks[e.index] = ranks[order[at-1].index]
			continue
		}
		y := plain(p[d-1])
		if d == 1 {
			y = 0
		}
		lo, n := 0, len(lowest)
		for n > 0 {
			half := n >> 1
			if lowest[lo+half] <= y {
				lo += half + 1
				n -= half + 1
			} else {
				n = half
			}
		}
		if lo == len(lowest) {
			lowest = append(lowest, y)
		} else {
			lowest[lo] = y
		}
		ranks[e.index] = lo
	}
}

// ranksInSpace keeps every front as a staircase of its second and third components; in lexicographic order that is
// all that decides dominance, and a front that dominates a point has all lower fronts dominating it too.
func ranksInSpace(points [][]float64, ranks []int) {
	order := lexicographic(points)
	var fronts []staircase
	for at, e := range order {
		p := points[e.index]
		if at > 0 && order[at-1].key == e.key && same(points[order[at-1].index], p) {
			ranks[e.index] = ranks[order[at-1].index]
			continue
		}
		y, z := plain(p[1]), plain(p[2])
		lo, n := 0, len(fronts)
		for n > 0 {
			half := n >> 1
			f := &fronts[lo+half]
			if f.covers(f.find(y), y, z) {
				lo += half + 1
				n -= half + 1
			} else {
				n = half
			}
		}
		if lo == len(fronts) {
			fronts = append(fronts, staircase{})
		}
		f := &fronts[lo]
		f.insert(f.find(y), y, z)
		ranks[e.index] = lo
	}
}

func ranksAnywhere(points [][]float64, ranks []int) {
	order := lexicographic(points)
	tails := flatten(points, order, 1)
	width := len(points[0]) - 1
	var fronts [][]int32 // positions in order
	dominated := func(front []int32, p []float64) bool {
		for i := len(front) - 1; i >= 0; i-- {
			at := int(front[i]) * width
			if weaklyBelow(tails[at:at+width], p) {
				return true
			}
		}
		return false
	}
	for at, e := range order {
		if at > 0 && order[at-1].key == e.key && same(points[order[at-1].index], points[e.index]) {
			ranks[e.index] = ranks[order[at-1].index]
			continue
		}
		p := tails[at*width : (at+1)*width]
		lo, n := 0, len(fronts)
		for n > 0 {
			half := n >> 1
			if dominated(fronts[lo+half], p) {
				lo += half + 1
				n -= half + 1
			} else {
				n = half
			}
		}
		if lo == len(fronts) {
			fronts = append(fronts, nil)
		}
		fronts[lo] = append(fronts[lo], int32(at))
		ranks[e.index] = lo
	}
}

// flatten copies the components from c on, in the given order, with NaN read as +Inf.
func flatten(points [][]float64, order []entry, c int) []float64 {
	if len(order) == 0 {
		return nil
	}
	flat := make([]float64, 0, len(order)*(len(points[0])-c))
	for _, e := range order {
		for _, x := range points[e.index][c:] {
			flat = append(flat, plain(x))
		}
	}
	return flat
}

func weaklyBelow(a, b []float64) bool {
	for i, x := range a {
		if x > b[i] {
			return false
		}
	}
	return true
}
