package search

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// LatticeThompson is Thompson sampling (Thompson, 1933) with a Bayesian linear model on the lattice: it draws the weights of all options
// from their posterior and proposes the architecture of the greatest sum, which the lattice finds exactly and within all
// limits, however large the space is. The model adds up what each option is worth, or, as a Chain, also what each pair of an option and
// the one decided before it is worth. Proposals under way are not data; other weights are drawn for every proposal, so a wide window
// spreads by itself. Where the best architecture was proposed before, the next best is taken. In a region that is no lattice it
// takes the best of what it can look at.
//
// With several objectives it follows the first one.
type LatticeThompson struct {
	*modelBased
	LatticeThompsonConfig
	region *lattice.CountedRegion // with the steps that the model needs; nil where there is none
	fitted int
	model  *predict.Linear
	rows   map[space.Arch][]uint64
}

// LatticeThompsonConfig holds the settings of LatticeThompson.
type LatticeThompsonConfig struct {
	Initial int  // uniform draws at the beginning; 0 means 8
	Chain   bool // with the weights of neighbouring pairs
}

// NewLatticeThompson returns a search by Thompson sampling. It is an error if there is no objective, a setting is out of range, or the limits are
// too much for a chained lattice.
func NewLatticeThompson(p Problem, c LatticeThompsonConfig) (*LatticeThompson, error) {
	m, err := newModelBased("thompson", p, c.Initial)
	if err != nil {
		return nil, err
	}
	s := &LatticeThompson{modelBased: m, LatticeThompsonConfig: c, rows: map[space.Arch][]uint64{}}
	s.choose = s.next
	if region, ok := p.Region.(*lattice.CountedRegion); ok {
		s.region = region
		if c.Chain {
			if s.region, err = region.Lattice().WithPrevious().Within(region.Limits()...); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *LatticeThompson) next(r *rand.Rand) (space.Arch, string, bool) {
	if s.model == nil || s.results > s.fitted+s.fitted/50 {
		var rows [][]uint64
		var values []float64
		for i, z := range transformed(s.scores(), predict.Normalise) {
			if s.all[i].status != pending {
				rows, values = append(rows, s.features(s.all[i].arch)), append(values, z)
			}
		}
		s.model, s.fitted = predict.NewLinear(rows, values), s.results
	}
	weight := s.model.Draw(r)
	if s.region == nil {
		archs, _ := s.offers(offered, r)
		values := make([]float64, len(archs))
		for i, a := range archs {
			for _, f := range s.features(a) {
				values[i] += weight(f)
			}
		}
		a, ok := s.greatest(archs, values)
		return a, OriginModel, ok
	}
	return s.path(weight)
}

// path returns the best path of the lattice that is another network than all that were proposed.
func (s *LatticeThompson) path(weight func(uint64) float64) (space.Arch, string, bool) {
	const patience = 1000 // paths that are looked at
	tried := 0
	for best := range s.region.Best(func(step lattice.Step) float64 {
		if step.Fixed {
			return 0
		}
		w := weight(predict.Feature(step.Decision, step.Option))
		if s.Chain && step.Before.Decision != "" {
			w += weight(predict.Feature(step.Before.Decision, step.Before.Option, step.Decision, step.Option))
		}
		return w
	}) {
		if s.left.holds(best.Arch) && s.set.fresh(best.Arch) {
			return best.Arch, OriginModel, true
		}
		if tried++; tried == patience {
			break
		}
	}
	return space.Arch{}, "", false
}

// features returns those of an architecture.
func (s *LatticeThompson) features(a space.Arch) []uint64 {
	if known, ok := s.rows[a]; ok {
		return known
	}
	var out []uint64
	var before space.Decision
	for i, d := range s.left.region.Space().Decisions(a) {
		out = append(out, predict.Feature(d.Name, d.Options[d.Chosen]))
		if s.Chain && i > 0 {
			out = append(out, predict.Feature(before.Name, before.Options[before.Chosen], d.Name, d.Options[d.Chosen]))
		}
		before = d
	}
	s.rows[a] = out
	return out
}
