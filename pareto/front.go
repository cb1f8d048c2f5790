package pareto

import "slices"

// Front returns the ascending indices of the points that nothing dominates. Equal vectors do not dominate each other,
// so all copies of a non-dominated vector are in it. It costs O(n log n) up to three components, O(n·f·d) for a front
// of f points beyond.
func Front(points [][]float64) []int {
	d := dimension(points)
	if d == 0 {
		return everyIndex(len(points))
	}
	order := lexicographic(points)
	width := d - 1
	tails := make([]float64, 0, 64)
	var stairs staircase
	front := make([]int, 0, 16)
	tail := make([]float64, max(width, 0))
	for at, e := range order {
		p := points[e.index]
		if at > 0 && order[at-1].key == e.key && same(points[order[at-1].index], p) {
			if n := len(front); n > 0 && front[n-1] == int(order[at-1].index) {
				front = append(front, int(e.index))
			}
			continue
		}
		for c := range tail {
			tail[c] = plain(p[c+1])
		}
		switch width {
		case 0:
			if at > 0 {
				continue
			}
		case 1:
			if len(tails) > 0 && tails[0] <= tail[0] {
				continue
			}
			tails = append(tails[:0], tail[0])
		case 2:
			i := stairs.find(tail[0])
			if stairs.covers(i, tail[0], tail[1]) {
				continue
			}
			stairs.insert(i, tail[0], tail[1])
		default:
			if coveredBy(tails, tail) {
				continue
			}
			tails = append(tails, tail...)
		}
		front = append(front, int(e.index))
	}
	slices.Sort(front)
	return front
}

// coveredBy reports whether one of the vectors laid end to end in flat is at most p in every component.
func coveredBy(flat, p []float64) bool {
	for at := 0; at < len(flat); at += len(p) {
		if weaklyBelow(flat[at:at+len(p)], p) {
			return true
		}
	}
	return false
}

func everyIndex(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
