package search

import (
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/pareto"
)

// ParEGO searches in a new direction with every proposal (Knowles, "ParEGO: a hybrid algorithm with on-line landscape approximation for
// expensive multiobjective optimization problems", 2006): random weights make one number of the objectives by the augmented Tchebycheff
// function max wᵢfᵢ + 0.05 Σ wᵢfᵢ, a Gaussian process models that number, and the candidate of the largest expected improvement is
// proposed. It takes any number of objectives.
//
// Where the paper leaves room: weights are drawn uniformly from the simplex; an objective is 0 at the best result and 1 where the worst
// tenth begins, which is cut; candidates are those of [EHVI]; pending trials count as bad ones until they have results; measured
// constraints multiply the improvement with the probability to be kept.
type ParEGO struct {
	*guided
	predictions *predictions // of the constraints
	weights     []float64
	scalar      *surrogate
}

// NewParEGO returns a ParEGO. It is an error if there is no objective or a setting is out of range.
func NewParEGO(p Problem, c GuidedConfig) (*ParEGO, error) {
	g, err := newGuided("parego", p, c)
	if err != nil {
		return nil, err
	}
	s := &ParEGO{guided: g}
	g.choose = s.next
	return s, nil
}

func (s *ParEGO) next(r *rand.Rand) (observation, bool) {
	tune := s.refresh()
	if s.predictions == nil {
		s.predictions = newPredictions(s.guided)
		s.scalar = newSurrogate(s.model, s.augmented)
	}
	s.weights = simplex(len(s.problem.Objectives), r)
	for _, q := range s.predictions.objectives {
		q.measure(s.all)
	}
	s.predictions.predict(s.predictions.constraints, tune)
	s.scalar.measure(s.all)
	s.scalar.predict(s.all, tune)

	incumbent, found := math.Inf(1), false
	for i := range s.all {
		if o := &s.all[i]; o.feasible() {
			incumbent, found = min(incumbent, s.augmented(o)), true
		}
	}
	best, most := -1, math.Inf(-1)
	for i, a := range s.archs {
		if s.left.proposed(a) {
			continue
		}
		value := s.predictions.feasible(i)
		if found {
			value *= pareto.ExpectedImprovement(s.scalar.mean[i], s.scalar.deviation[i], incumbent)
		}
		if value > most {
			best, most = i, value
		}
	}
	if best < 0 {
		return observation{}, false
	}
	return observation{arch: s.archs[best]}, true
}

// augmented returns the number that the weights make of an observation.
func (s *ParEGO) augmented(o *observation) float64 {
	worst, sum := math.Inf(-1), 0.0
	for c, w := range s.weights {
		q := s.predictions.objectives[c].surrogate
		x := 0.0
		if q.cut > q.least {
			x = w * (min(o.objectives[c], q.cut) - q.least) / (q.cut - q.least)
		}
		worst, sum = max(worst, x), sum+x
	}
	return worst + 0.05*sum
}

// simplex draws weights that add up to 1, uniformly.
func simplex(n int, r *rand.Rand) []float64 {
	w := make([]float64, n)
	var sum float64
	for i := range w {
		w[i] = r.ExpFloat64()
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}
