package search

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// Forest is sequential model-based optimisation with a random forest (SMAC: Hutter, Hoos & Leyton-Brown, 2011) of the decisions. After
// Initial uniform draws it proposes the greatest expected improvement, with the variance among the trees as the model's doubt, or what one
// tree drawn at random likes best (Thompson sampling). What is under way is believed to come out as the forest expects. The forest is
// fitted again when the number of results has grown by a fiftieth.
//
// With several objectives it follows the first one.
type Forest struct {
	*modelBased
	ForestConfig
	fitted   int // results that the forest has seen
	forest   *predict.Forest
	features *predict.Features
}

// ForestConfig holds the settings of Forest.
type ForestConfig struct {
	Initial     int         // uniform draws at the beginning; 0 means 8
	Trees       int         // 0 means 40
	Acquisition Acquisition // ExpectedImprovement or Thompson; empty means ExpectedImprovement
}

// NewForest returns a search with a random forest. It is an error if there is no objective or a setting is out of range.
func NewForest(p Problem, c ForestConfig) (*Forest, error) {
	if c.Trees == 0 {
		c.Trees = 40
	}
	if c.Acquisition == "" {
		c.Acquisition = ExpectedImprovement
	}
	switch {
	case c.Trees < 2:
		return nil, fmt.Errorf("forest: %d trees are too few; it needs 2 at least", c.Trees)
	case c.Acquisition != ExpectedImprovement && c.Acquisition != Thompson:
		return nil, fmt.Errorf("forest: there is no acquisition function %q", c.Acquisition)
	}
	m, err := newModelBased("forest", p, c.Initial)
	if err != nil {
		return nil, err
	}
	s := &Forest{modelBased: m, ForestConfig: c}
	s.choose = s.next
	return s, nil
}

// offered bounds the candidates that trees are asked about for each proposal.
const offered = 8000

func (s *Forest) next(r *rand.Rand) (space.Arch, string, bool) {
	if s.forest == nil || s.results > s.fitted+s.fitted/50 {
		points, values := s.data(transformed(s.scores(), predict.Normalise))
		s.features, s.fitted = predict.NewFeatures(points, false), s.results
		s.forest = predict.NewForest(s.features.Rows(points), values, s.Trees, r)
	}
	archs, points := s.offers(offered, r)
	if len(archs) == 0 {
		return space.Arch{}, "", false
	}
	values := make([]float64, len(archs))
	one := r.IntN(s.forest.Len())
	best := slices.Max(measured(transformed(s.scores(), predict.Normalise)))
	for i, p := range points {
		row := s.features.Row(p)
		if s.Acquisition == Thompson {
			values[i] = s.forest.Tree(one, row)
			continue
		}
		mean, variance := s.forest.Predict(row)
		values[i] = expectedImprovement(mean, variance, best)
	}
	a, ok := s.greatest(archs, values)
	return a, OriginModel, ok
}
