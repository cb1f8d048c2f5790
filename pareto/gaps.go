package pareto

import (
	"fmt"
	"math"
	"slices"
)

// Box is a box of objective values, from Lower, which may be −Inf, to Upper, one number for each objective.
type Box struct{ Lower, Upper []float64 }

// Gaps splits the region better than the reference that the points do not dominate into boxes that do not overlap: where a
// further point would improve the front. It is for one to three components and panics on any other number. Of n points on the
// front there are n+1 boxes in the plane and at most 3n+1 in space (a sweep as in Yang et al., "Efficient computation of expected
// hypervolume improvement using box decomposition algorithms", 2019). In the components before the last that are bounded below, the
// boxes are; in the second they reach down to −Inf.
func Gaps(points [][]float64, reference []float64) []Box {
	switch d := len(reference); d {
	case 1:
		return []Box{{[]float64{math.Inf(-1)}, []float64{reference[0] - length(points, reference[0])}}}
	case 2:
		return strips(points, reference)
	case 3:
		return slabs(points, reference)
	default:
		panic(fmt.Sprintf("pareto: gaps of %d objectives; they are found for up to 3", d))
	}
}

// better returns the non-dominated points that are better than the reference, by ascending component c.
func better(points [][]float64, reference []float64, c int) [][]float64 {
	var front [][]float64
	for _, i := range Front(points) {
		p := points[i]
		inside := true
		for k, x := range p {
			inside = inside && x < reference[k]
		}
		if inside && !slices.ContainsFunc(front, func(q []float64) bool { return same(p, q) }) {
			front = append(front, p)
		}
	}
	sorted := make([][]float64, len(front))
	for i, e := range orderBy(front, c) {
		sorted[i] = front[e.index]
	}
	return sorted
}

// strips stand side by side along the first component.
func strips(points [][]float64, reference []float64) []Box {
	left, top := math.Inf(-1), reference[1]
	var out []Box
	for _, p := range better(points, reference, 0) {
		out = append(out, Box{[]float64{left, math.Inf(-1)}, []float64{p[0], top}})
		left, top = p[0], p[1]
	}
	return append(out, Box{[]float64{left, math.Inf(-1)}, []float64{reference[0], top}})
}

// strip is a strip of the plane of the first two components that is free from height since on.
type strip struct{ left, right, top, since float64 }

// slabs sweeps by ascending third component over the strips that are free above the points so far. A point cuts the strips it
// dominates a part of; those end at its height, and what is left of them begins there.
func slabs(points [][]float64, reference []float64) []Box {
	low := math.Inf(-1)
	free := []strip{{low, reference[0], reference[1], low}}
	var out []Box
	end := func(s strip, height float64) {
		if height > s.since {
			out = append(out, Box{[]float64{s.left, low, s.since}, []float64{s.right, s.top, height}})
		}
	}
	for _, p := range better(points, reference, 2) {
		var next []strip
		for _, s := range free { // from left to right, with falling tops
			if s.right <= p[0] || s.top <= p[1] {
				next = append(next, s)
				continue
			}
			end(s, p[2])
			if s.left < p[0] {
				next = append(next, strip{s.left, p[0], s.top, p[2]})
			}
			from := max(s.left, p[0])
			if last := len(next) - 1; last >= 0 && next[last].right == from && next[last].top == p[1] && next[last].since == p[2] {
				next[last].right = s.right
			} else {
				next = append(next, strip{from, s.right, p[1], p[2]})
			}
		}
		free = next
	}
	for _, s := range free {
		end(s, reference[2])
	}
	return out
}
