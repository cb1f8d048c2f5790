package search_test

import (
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// The order of a random search is a uniform permutation: at every place, before and after the region is half seen, each
// architecture stands equally often. The seeds are fixed, so this passes always or never.
func TestRandomOrdersARegionUniformly(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	n := int(region.Count().Int64())
	const seeds = 4000
	counts := make([]map[space.Arch]int, n)
	for seed := range uint64(seeds) {
		all, _ := search.NewRandom(search.Problem{Region: region, Seed: seed}).Ask(n)
		if len(all) != n {
			t.Fatalf("%d of %d architectures were proposed", len(all), n)
		}
		for place, p := range all {
			if counts[place] == nil {
				counts[place] = map[space.Arch]int{}
			}
			counts[place][p.Arch]++
		}
	}
	limit := distuv.ChiSquared{K: float64(n - 1)}.Quantile(1 - 1e-4)
	for place, seen := range counts {
		expected := float64(seeds) / float64(n)
		var chi float64
		for a := range conform.Space(t, 0).Each() {
			d := float64(seen[a]) - expected
			chi += d * d / expected
		}
		if chi > limit {
			t.Errorf("place %d: chi-square is %.1f, over %.1f", place, chi, limit)
		}
	}
}

func TestRandomProposalsHaveNoParents(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 1), nil)
	all, state := search.NewRandom(search.Problem{Region: region, Seed: 1}).Ask(10)
	if state != search.Ready || len(all) != 10 {
		t.Fatalf("%d proposals, %v", len(all), state)
	}
	for _, p := range all {
		if p.Fidelity != (trial.Fidelity{}) || p.Origin != search.OriginRandom || p.Parents != nil {
			t.Errorf("the proposal is %+v", p)
		}
	}
}
