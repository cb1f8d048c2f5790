package pareto_test

import (
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/pareto"
	"pgregory.net/rapid"
)

// grid draws small integers, so that ties are common and every sum is exact, and now and then a number that is none.
func grid(t *rapid.T, d, atMost int, odd bool) [][]float64 {
	value := rapid.Map(rapid.IntRange(0, 7), func(i int) float64 { return float64(i) })
	if odd {
		value = rapid.OneOf(value, value, rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}))
	}
	return rapid.SliceOfN(rapid.SliceOfN(value, d, d), 0, atMost).Draw(t, "points")
}

func dominates(a, b []float64) bool {
	better := false
	for i := range a {
		x, y := a[i], b[i]
		if math.IsNaN(x) {
			x = math.Inf(1)
		}
		if math.IsNaN(y) {
			y = math.Inf(1)
		}
		if x > y {
			return false
		}
		better = better || x < y
	}
	return better
}

func TestDominanceIsBetterSomewhereAndWorseNowhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 5).Draw(t, "d")
		p := append(grid(t, d, 2, true), make([]float64, d), make([]float64, d))
		if got, want := pareto.Dominates(p[0], p[1]), dominates(p[0], p[1]); got != want {
			t.Fatalf("Dominates(%v, %v) = %t", p[0], p[1], got)
		}
	})
}

func TestRanksAreThoseOfPeelingOffFrontAfterFront(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(0, 5).Draw(t, "d")
		points := grid(t, d, 60, true)
		want := make([]int, len(points))
		left := make([]bool, len(points))
		for i := range left {
			left[i] = true
		}
		for rank, remaining := 0, len(points); remaining > 0; rank++ {
			var front []int
			for i, p := range points {
				beaten := false
				for j, q := range points {
					beaten = beaten || left[j] && dominates(q, p)
				}
				if left[i] && !beaten {
					front = append(front, i)
				}
			}
			for _, i := range front {
				left[i], want[i] = false, rank
			}
			remaining -= len(front)
		}
		if got := pareto.Ranks(points); !slices.Equal(got, want) {
			t.Fatalf("ranks of %v are %v, want %v", points, got, want)
		}
		var first []int
		total := 0
		for rank, front := range pareto.Sort(points) {
			if !slices.IsSorted(front) {
				t.Fatalf("front %d is not ascending: %v", rank, front)
			}
			for _, i := range front {
				if want[i] != rank {
					t.Fatalf("point %d is in front %d, want %d", i, rank, want[i])
				}
			}
			if rank == 0 {
				first = front
			}
			total += len(front)
		}
		if total != len(points) {
			t.Fatalf("the fronts hold %d of %d points", total, len(points))
		}
		if got := pareto.Front(points); !slices.Equal(got, first) {
			t.Fatalf("front %v, first rank %v", got, first)
		}
	})
}

func TestHypervolumeIsTheNumberOfUnitCellsCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 5).Draw(t, "d")
		points := grid(t, d, 40, false)
		reference := rapid.SliceOfN(rapid.Map(rapid.IntRange(3, 6), func(i int) float64 { return float64(i) }), d, d).Draw(t, "reference")
		if got, want := pareto.Hypervolume(points, reference), cells(points, reference); got != want {
			t.Fatalf("hypervolume %v, want %v", got, want)
		}
	})
}

// cells counts the unit cells below the reference that some point dominates.
func cells(points [][]float64, reference []float64) float64 {
	corner := make([]float64, len(reference))
	count := 0.0
	for {
		if slices.ContainsFunc(points, func(p []float64) bool {
			for c := range p {
				if p[c] > corner[c] {
					return false
				}
			}
			return true
		}) {
			count++
		}
		c := 0
		for ; c < len(corner); c++ {
			corner[c]++
			if corner[c] < reference[c] {
				break
			}
			corner[c] = 0
		}
		if c == len(corner) {
			return count
		}
	}
}

// Inclusion and exclusion over all subsets is a second oracle, for coordinates that are not integers.
func TestHypervolumeAgreesWithInclusionAndExclusion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 6).Draw(t, "d")
		points := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-1, 1), d, d), 0, 9).Draw(t, "points")
		reference := slices.Repeat([]float64{0.9}, d)
		want := 0.0
		for subset := 1; subset < 1<<len(points); subset++ {
			box, sign := 1.0, -1.0
			for c := range d {
				worst := math.Inf(-1)
				for i, p := range points {
					if subset>>i&1 == 1 {
						worst = max(worst, p[c])
					}
				}
				box *= max(0, reference[c]-worst)
			}
			for i := range points {
				if subset>>i&1 == 1 {
					sign = -sign
				}
			}
			want += sign * box
		}
		if got := pareto.Hypervolume(points, reference); math.Abs(got-want) > 1e-9 {
			t.Fatalf("hypervolume %v, want %v", got, want)
		}
	})
}

func TestHypervolumeOfNumbersThatAreNone(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		points    [][]float64
		reference []float64
		want      float64
	}{
		{"a point that could not be measured adds nothing", [][]float64{{0, nan}, {1, 1}}, []float64{2, 2}, 1},
		{"a point on the reference adds nothing", [][]float64{{0, 2}}, []float64{2, 2}, 0},
		{"a point at minus infinity covers everything", [][]float64{{-inf, 1}}, []float64{2, 2}, inf},
		{"a point at minus infinity but outside adds nothing", [][]float64{{-inf, 3}}, []float64{2, 2}, 0},
		{"a reference at infinity is covered by any point", [][]float64{{0, 0}}, []float64{inf, 2}, inf},
		{"no points cover nothing", nil, []float64{inf, 2}, 0},
	} {
		if got := pareto.Hypervolume(c.points, c.reference); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := pareto.Hypervolume([][]float64{{0}}, []float64{nan}); !math.IsNaN(got) {
		t.Errorf("a reference that is not a number gives %v", got)
	}
}

func TestCrowdingIsTheSumOfGapsAndTheEndsAreEndless(t *testing.T) {
	inf := math.Inf(1)
	got := pareto.Crowding([][]float64{{0, 4}, {4, 0}, {1, 2}, {2, 1}})
	want := []float64{inf, inf, 2.0/4 + 3.0/4, 3.0/4 + 2.0/4}
	if !slices.Equal(got, want) {
		t.Errorf("crowding %v, want %v", got, want)
	}
	if got := pareto.Crowding([][]float64{{1}, {2}}); !slices.Equal(got, []float64{inf, inf}) {
		t.Errorf("two points crowd each other: %v", got)
	}
	if got := pareto.Crowding([][]float64{{1, 0}, {1, 1}, {1, 2}}); got[1] != 1 {
		t.Errorf("a component without spread counts: %v", got)
	}
	if got := pareto.Crowding([][]float64{{math.Inf(-1)}, {1}, {2}, {math.NaN()}}); got[1] != 1 || got[2] != 1 {
		t.Errorf("infinite gaps do not count as 1: %v", got)
	}
}

func TestManyPointsAreRankedAsTheirDominatorsDemand(t *testing.T) {
	for d := 2; d <= 4; d++ {
		points := sphere(1500, d, true)
		ranks := pareto.Ranks(points)
		for i, p := range points {
			want := 0
			for j, q := range points {
				if dominates(q, p) {
					want = max(want, ranks[j]+1)
				}
			}
			if ranks[i] != want {
				t.Fatalf("%d components: point %d has rank %d, its dominators demand %d", d, i, ranks[i], want)
			}
		}
	}
}

func TestVectorsOfUnequalLengthAreAMistake(t *testing.T) {
	for name, f := range map[string]func(){
		"dominates":   func() { pareto.Dominates([]float64{1}, []float64{1, 2}) },
		"sort":        func() { pareto.Sort([][]float64{{1}, {1, 2}}) },
		"hypervolume": func() { pareto.Hypervolume([][]float64{{1}}, []float64{1, 2}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took them", name)
				}
			}()
			f()
		}()
	}
}

func TestCrowdedKeysAreOrderedToo(t *testing.T) {
	for name, value := range map[string]func(i int) float64{
		"far apart and close together": func(i int) float64 { return float64(i%2)*1e300 + float64(i*7919%1000)*1e-300 },
		"neighbouring floats":          func(i int) float64 { return math.Float64frombits(math.Float64bits(1) + uint64(i*7919%1000)) },
		"all equal":                    func(i int) float64 { return 3 },
		"both signs":                   func(i int) float64 { return float64(i*7919%1000) - 500 },
	} {
		points := make([][]float64, 1000)
		for i := range points {
			points[i] = []float64{value(i)}
		}
		for i, r := range pareto.Ranks(points) {
			below := map[float64]bool{}
			for _, q := range points {
				if q[0] < points[i][0] {
					below[q[0]] = true
				}
			}
			if r != len(below) {
				t.Fatalf("%s: point %d of value %v has rank %d; %d values are less", name, i, points[i][0], r, len(below))
			}
		}
	}
}
