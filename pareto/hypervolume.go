package pareto

import (
	"fmt"
	"math"
)

// Hypervolume returns the volume of the region that the points dominate, bounded by the reference point: the exact
// Lebesgue measure up to rounding of float64. Points that are not better than the reference in every component add
// nothing; dominated and repeated points are allowed and add nothing either. A point of −Inf, or a reference of +Inf,
// gives +Inf as soon as one point is better than the reference; a NaN in the reference gives NaN.
//
// Cost for n points: two components O(n log n), a sweep; three O(n log n), a sweep over a staircase (Beume, Fonseca et al.,
// 2009); four O(n²) at worst, a sweep of three-dimensional contributions (in the way of Guerreiro & Fonseca, 2018); more
// components recurse on exclusive contributions (WFG; While et al., 2012), exponential in the components.
func Hypervolume(points [][]float64, reference []float64) float64 {
	d := dimension(points)
	for _, r := range reference {
		if r != r {
			return math.NaN()
		}
	}
	if len(points) == 0 {
		return 0
	}
	if d != len(reference) {
		panic(fmt.Sprintf("pareto: points of %d components and a reference of %d", d, len(reference)))
	}
	if d == 0 {
		return 0
	}
	inside := points // copied only if some are outside
	for i, p := range points {
		better, endless := true, false
		for c, x := range p {
			better = better && x < reference[c] // false for NaN
			endless = endless || math.IsInf(reference[c]-x, 1)
		}
		switch {
		case better && endless:
			return math.Inf(1)
		case better && len(inside) < len(points):
			inside = append(inside, p)
		case !better && len(inside) == len(points):
			inside = append(make([][]float64, 0, len(points)-1), points[:i]...)
		}
	}
	if len(inside) == 0 {
		return 0
	}
	switch d {
	case 1:
		return length(inside, reference[0])
	case 2:
		return area(inside, reference)
	case 3:
		return volume(inside, reference)
	case 4:
		return volume4(inside, reference)
	}
	return exclusive(inside, reference)
}

func length(points [][]float64, reference float64) float64 {
	best := reference
	for _, p := range points {
		best = min(best, p[0])
	}
	return reference - best
}

// area sweeps by ascending first component; each point that lowers the second adds one rectangle.
func area(points [][]float64, reference []float64) float64 {
	top, sum := reference[1], 0.0
	for _, e := range orderBy(points, 0) {
		if p := points[e.index]; p[1] < top {
			sum += (reference[0] - p[0]) * (top - p[1])
			top = p[1]
		}
	}
	return sum
}

// volume sweeps by ascending third component; the area that a point newly covers in the plane of the first two
// stays covered up to the reference.
func volume(points [][]float64, reference []float64) float64 {
	stairs := staircase{make([]step, 0, 128)}
	stairs.bound(math.Inf(-1), reference[1], reference[0], math.Inf(-1))
	sum := 0.0
	for _, e := range orderBy(points, 2) {
		p := points[e.index]
		sum += stairs.grow(p[0], p[1]) * (reference[2] - p[2])
	}
	return sum
}

// exclusive sweeps by ascending last component, as volume4 does: what a point newly covers in the other components
// is its own box less what the points before it cover of that box.
func exclusive(points [][]float64, reference []float64) float64 {
	last := len(reference) - 1
	sum := 0.0
	var before [][]float64
	for _, e := range orderBy(points, last) {
		p := points[e.index][:last]
		own := 1.0
		for c, x := range p {
			own *= reference[c] - x
		}
		limited := make([][]float64, len(before))
		flat := make([]float64, len(before)*last)
		for i, q := range before {
			limited[i] = flat[i*last : (i+1)*last]
			for c := range p {
				limited[i][c] = max(p[c], q[c])
			}
		}
		rest := make([][]float64, 0, len(limited))
		for _, i := range Front(limited) {
			rest = append(rest, limited[i])
		}
		gain := own - Hypervolume(rest, reference[:last])
		sum += gain * (reference[last] - points[e.index][last])
		before = append(before, p)
	}
	return sum
}
