package pareto

import (
	"fmt"
	"math"
)

// Dominates reports whether a is at least as good as b in every component and better in one. Equal vectors do not
// dominate each other. A NaN is read as +Inf. It panics if the lengths differ.
func Dominates(a, b []float64) bool {
	if len(a) != len(b) {
		panic(fmt.Sprintf("pareto: vectors of length %d and %d cannot be compared", len(a), len(b)))
	}
	better := false
	for i, x := range a {
		y := b[i]
		switch {
		case x < y:
			better = true
		case x > y:
			return false
		case x == y:
		case x != x && y != y: // both NaN: equal
		case x != x: // x counts as +Inf, y is a number
			if !math.IsInf(y, 1) {
				return false
			}
		default: // y counts as +Inf
			if !math.IsInf(x, 1) {
				better = true
			}
		}
	}
	return better
}

// dimension returns the common length of the points, 0 for no points, and panics if they have no common length.
func dimension(points [][]float64) int {
	if len(points) == 0 {
		return 0
	}
	d := len(points[0])
	for i, p := range points {
		if len(p) != d {
			panic(fmt.Sprintf("pareto: point %d has %d components and point 0 has %d", i, len(p), d))
		}
	}
	return d
}

// plain reads a NaN as +Inf and negative zero as zero, so that < and == on the result are a total order.
func plain(x float64) float64 {
	if x != x {
		return math.Inf(1)
	}
	return x + 0
}
