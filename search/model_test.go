package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
)

// sharing gives all strategies over one region the same index.
func sharing[S search.Strategy](t *testing.T, open func(search.Problem) (S, error)) conform.NewStrategy {
	indices := map[search.Region]*search.EncodingIndex{}
	return func(p search.Problem) search.Strategy {
		if indices[p.Region] == nil {
			indices[p.Region] = search.NewEncodingIndex(p.Region)
		}
		p.Encodings = indices[p.Region]
		s, err := open(p)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestTheGaussianProcessIsAStrategy(t *testing.T) {
	conform.ModelStrategy(t, sharing(t, func(p search.Problem) (*search.GP, error) {
		return search.NewGP(p, search.GPConfig{})
	}))
}

func TestAutoIsAStrategy(t *testing.T) { conform.ModelStrategy(t, sharing(t, search.NewAuto)) }

func TestForestIsAStrategy(t *testing.T) {
	conform.ModelStrategy(t, sharing(t, func(p search.Problem) (*search.Forest, error) {
		return search.NewForest(p, search.ForestConfig{Trees: 5, Acquisition: search.Thompson})
	}))
}

func TestBananasIsAStrategy(t *testing.T) {
	conform.ModelStrategy(t, sharing(t, func(p search.Problem) (*search.Bananas, error) {
		return search.NewBananas(p, search.BananasConfig{Members: 2})
	}))
}

func TestTPEIsAStrategy(t *testing.T) {
	for _, univariate := range []bool{false, true} {
		conform.ModelStrategy(t, sharing(t, func(p search.Problem) (*search.TPE, error) {
			return search.NewTPE(p, search.TPEConfig{Univariate: univariate})
		}))
	}
}

func TestLatticeThompsonIsAStrategy(t *testing.T) {
	conform.ModelStrategy(t, sharing(t, func(p search.Problem) (*search.LatticeThompson, error) {
		return search.NewLatticeThompson(p, search.LatticeThompsonConfig{Chain: true})
	}))
}
