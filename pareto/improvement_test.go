package pareto_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
)

func TestGapsCoverWhatIsNotDominatedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		points := grid(t, d, 25, false)
		reference := []float64{6, 5, 6}[:d]
		boxes := pareto.Gaps(points, reference)
		corner := make([]float64, d)
		for {
			covered := 0
			for _, b := range boxes {
				in := true
				for c, x := range corner {
					in = in && b.Lower[c] <= x && x < b.Upper[c]
				}
				if in {
					covered++
				}
			}
			want := 1
			for _, p := range points {
				below, inside := true, true
				for c, x := range corner {
					below, inside = below && p[c] <= x, inside && p[c] < reference[c]
				}
				if below && inside {
					want = 0
				}
			}
			if covered != want {
				t.Fatalf("the cell at %v is in %d boxes of %v, want %d", corner, covered, boxes, want)
			}
			c := 0
			for ; c < d; c++ {
				if corner[c]++; corner[c] < reference[c] {
					break
				}
				corner[c] = -1
			}
			if c == d {
				break
			}
		}
		if n := len(pareto.Front(points)); len(boxes) > 3*n+1 {
			t.Fatalf("%d boxes for a front of %d", len(boxes), n)
		}
	})
}

func TestTheExpectedImprovementOfAKnownPointIsItsImprovement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		points := grid(t, d, 25, false)
		point := grid(t, d, 1, false)
		reference := []float64{6, 5, 6}[:d]
		if len(point) == 0 {
			return
		}
		want := pareto.Hypervolume(append(points, point[0]), reference) - pareto.Hypervolume(points, reference)
		got := pareto.NewImprovement(points, reference).Expected(point[0], make([]float64, d))
		if got != want {
			t.Fatalf("the improvement of %v over %v is %v, want %v", point[0], points, got, want)
		}
	})
}

// The oracle is the mean of many draws; one component of the first case is known exactly.
func TestTheExpectedImprovementIsTheMeanImprovementOfDraws(t *testing.T) {
	for _, c := range []struct{ mean, deviation []float64 }{
		{[]float64{0.5}, []float64{0.3}},
		{[]float64{0.4, 0.5}, []float64{0.2, 0}},
		{[]float64{0.7, 0.9}, []float64{0.3, 0.2}},
		{[]float64{0.4, 0.5, 0.5}, []float64{0.2, 0.1, 0}},
		{[]float64{0.9, 0.6, 0.3}, []float64{0.3, 0.5, 0.2}},
	} {
		d := len(c.mean)
		points := sphere(12, d, false)
		reference := []float64{1.1, 1.2, 1.1}[:d]
		im := pareto.NewImprovement(points, reference)
		const draws = 40_000
		r := stream.New(1, "improvement", uint64(d))
		known := make([]float64, d)
		y := make([]float64, d)
		var sum, squares float64
		for range draws {
			for i := range y {
				y[i] = c.mean[i] + c.deviation[i]*r.NormFloat64()
			}
			x := im.Expected(y, known)
			sum, squares = sum+x/draws, squares+x*x/draws
		}
		got := im.Expected(c.mean, c.deviation)
		if off := math.Abs(got - sum); off > 4*math.Sqrt((squares-sum*sum)/draws) {
			t.Errorf("mean %v, deviation %v: %v expected, %v in the mean of draws", c.mean, c.deviation, got, sum)
		}
	}
}

func BenchmarkExpectedImprovement(b *testing.B) {
	for d := 2; d <= 3; d++ {
		im := pareto.NewImprovement(sphere(40, d, false), []float64{1.1, 1.1, 1.1}[:d])
		b.Run([]string{"40x2", "40x3"}[d-2], func(b *testing.B) {
			for b.Loop() {
				im.Expected([]float64{0.5, 0.6, 0.5}[:d], []float64{0.1, 0.2, 0.3}[:d])
			}
		})
	}
}

func TestABoundOnTheExpectedImprovementHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		seed := rapid.Uint64().Draw(t, "seed")
		im := pareto.NewImprovement(sphere(rapid.IntRange(1, 60).Draw(t, "n"), d, false), []float64{1.1, 1.2, 1.1}[:d])
		r := stream.New(seed, "bound")
		mean, deviation := make([]float64, d), make([]float64, d)
		for c := range d {
			mean[c], deviation[c] = 1.5*r.Float64(), r.Float64()*r.Float64()
		}
		exact, bound := im.Expected(mean, deviation), im.AtMost(mean, deviation)
		if bound < exact {
			t.Fatalf("mean %v, deviation %v: %v expected, at most %v", mean, deviation, exact, bound)
		}
	})
}
