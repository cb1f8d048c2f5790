package overhead

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
)

// cube returns n points of the unit cube.
func cube(n, d int) [][]float64 {
	r := stream.New(1, "cube", uint64(d))
	points := make([][]float64, n)
	for i := range points {
		points[i] = make([]float64, d)
		for c := range d {
			points[i][c] = r.Float64()
		}
	}
	return points
}

// sphere returns n points of which none dominates another: an eighth of a sphere, seen from its corner, for three components.
func sphere(n, d int) [][]float64 {
	r := stream.New(2, "sphere", uint64(d))
	points := make([][]float64, n)
	for i := range points {
		p := make([]float64, d)
		var norm float64
		for c := range p {
			p[c] = math.Abs(r.NormFloat64())
			norm += p[c] * p[c]
		}
		for c := range p {
			p[c] = 1 - p[c]/math.Sqrt(norm)
		}
		points[i] = p
	}
	return points
}

// Sort measures a non-dominated sort of 5,000 points of the unit cube, for 2 and 3 objectives.
func Sort() []Figure {
	var out []Figure
	for d := 2; d <= 3; d++ {
		points := cube(5000, d)
		ms := milliseconds(50, func() { pareto.Ranks(points) })
		out = append(out, Figure{Name: fmt.Sprintf("non-dominated ranks, 5,000 × %d", d), Unit: "ms", Value: ms})
	}
	return out
}

// Hypervolume measures the hypervolume of 1,000 points none of which dominates another, for 2 to 4 objectives.
func Hypervolume() []Figure {
	var out []Figure
	for d := 2; d <= 4; d++ {
		points := sphere(1000, d)
		reference := []float64{1.1, 1.1, 1.1, 1.1}[:d]
		ms := milliseconds(50, func() { pareto.Hypervolume(points, reference) })
		out = append(out, Figure{Name: fmt.Sprintf("hypervolume, 1,000 × %d", d), Unit: "ms", Value: ms})
	}
	return out
}
