package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// Bananas is BANANAS (White, Neiswanger & Savani, "BANANAS: Bayesian Optimization with Neural Architectures for Neural Architecture Search",
// 2021): an ensemble of predictors over the path encoding, independent Thompson sampling, and candidates that are mutations of the best.
// The predictors are gradient-boosted trees instead of neural networks, which need fewer results, and see the decisions beside the paths.
// The ensemble is fitted again when the number of results has grown by a fiftieth.
//
// With several objectives it follows the first one.
type Bananas struct {
	*modelBased
	BananasConfig
	fitted   int
	ensemble *predict.Boosted
	features *predict.Features
}

// BananasConfig holds the settings of Bananas.
type BananasConfig struct {
	Initial int // uniform draws at the beginning; 0 means 8
	Members int // of the ensemble; 0 means 5
}

// NewBananas returns a BANANAS search. It is an error if there is no objective or a setting is out of range.
func NewBananas(p Problem, c BananasConfig) (*Bananas, error) {
	if c.Members == 0 {
		c.Members = 5
	}
	if c.Members < 2 {
		return nil, fmt.Errorf("bananas: %d members are too few; it needs 2 at least", c.Members)
	}
	m, err := newModelBased("bananas", p, c.Initial)
	if err != nil {
		return nil, err
	}
	s := &Bananas{modelBased: m, BananasConfig: c}
	s.choose = s.next
	return s, nil
}

func (s *Bananas) next(r *rand.Rand) (space.Arch, string, bool) {
	if s.ensemble == nil || s.results > s.fitted+s.fitted/50 {
		points, values := s.data(transformed(s.scores(), predict.Normalise))
		s.features, s.fitted = predict.NewFeatures(points, true), s.results
		s.ensemble = predict.NewBoosted(s.features.Rows(points), values, s.Members, r)
	}
	archs, points := s.set.gathered(s.incumbents(), r)
	if len(archs) == 0 {
		return space.Arch{}, "", false
	}
	values := make([]float64, len(archs))
	for i, p := range points {
		mean, variance := s.ensemble.Predict(s.features.Row(p))
		values[i] = upperBound(mean, variance, r.NormFloat64())
	}
	a, ok := s.greatest(archs, values)
	return a, OriginModel, ok
}
