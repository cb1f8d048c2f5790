package lattice_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Pearson's statistic, as in TestSamplesWithinBudgetsAreUniform.
func TestSamplesOfAStratumAreUniform(t *testing.T) {
	e := smallMobile(t)
	r, err := compiled(t, e.space).Within(lattice.Limit{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.1)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Strata(lattice.MACs, 4)
	if err != nil {
		t.Fatal(err)
	}
	size := int(s.Histogram().Counts[1].Int64())
	if size < 50 || size > 5000 {
		t.Fatalf("a stratum of %d is a poor test", size)
	}
	const perCell = 20
	times, random := map[space.Arch]int{}, stream.New(7, "stratum")
	for range perCell * size {
		a, _ := s.Sample(1, random)
		times[a]++
	}
	statistic := float64((size - len(times)) * perCell) // of those never drawn
	for _, n := range times {
		d := float64(n - perCell)
		statistic += d * d / perCell
	}
	if bound := float64(size) + 5*math.Sqrt(2*float64(size)); statistic > bound || len(times) > size {
		t.Errorf("chi-square of %d cells is %.0f, more than %.0f; %d were drawn", size, statistic, bound, len(times))
	}
}
