package pareto_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
)

// sphere returns n random points: of the unit cube, or of the front that is the sphere's octant towards the origin.
func sphere(n, d int, cube bool) [][]float64 {
	r := stream.New(1, "pareto", uint64(n), uint64(d))
	points := make([][]float64, n)
	for i := range points {
		p := make([]float64, d)
		norm := 0.0
		for c := range p {
			if p[c] = r.Float64(); !cube {
				p[c] = math.Abs(r.NormFloat64())
			}
			norm += p[c] * p[c]
		}
		for c := range p {
			if !cube {
				p[c] = 1 - p[c]/math.Sqrt(norm)
			}
		}
		points[i] = p
	}
	return points
}

func BenchmarkSort(b *testing.B) {
	for d := 2; d <= 4; d++ {
		b.Run(fmt.Sprintf("5000x%d", d), func(b *testing.B) {
			points := sphere(5000, d, true)
			b.ReportAllocs()
			for b.Loop() {
				pareto.Sort(points)
			}
		})
	}
}

func BenchmarkHypervolume(b *testing.B) {
	for d := 2; d <= 4; d++ {
		reference := []float64{1, 1, 1, 1}[:d]
		for name, cube := range map[string]bool{"cube": true, "sphere": false} {
			b.Run(fmt.Sprintf("1000x%d-%s", d, name), func(b *testing.B) {
				points := sphere(1000, d, cube)
				b.ReportAllocs()
				for b.Loop() {
					pareto.Hypervolume(points, reference)
				}
			})
		}
	}
}

func BenchmarkCrowding(b *testing.B) {
	points := sphere(1000, 2, false)
	for b.Loop() {
		pareto.Crowding(points)
	}
}
