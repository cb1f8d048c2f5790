package search

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/pareto"
)

// EHVI proposes what is expected to enlarge the hypervolume of the front most (Emmerich, Giannakoglou & Naujoks, "Single- and multiobjective
// evolutionary optimization assisted by Gaussian random field metamodels", 2006), by a Gaussian process for each of up to
// three objectives; the expectation is exact. Costs that the problem gives exactly are not modelled but taken as they are.
//
//   - Processes are of the objectives with the worst tenth of the results cut to the next better one. The reference point is the worst
//     result of each objective, so that the ends of the front count.
//   - Candidates are a uniform sample of 1,000, or a whole region that is no larger, and all neighbours of the front.
//   - Pending trials count as what was expected of them when they were proposed, failed ones as the worst seen.
//   - The expectation is multiplied with the probability to keep each measured constraint, from a process of its metric; until
//     something keeps them all, that probability alone decides.
type EHVI struct {
	*guided
	outcomes *outcomes
}

// NewEHVI returns a search by expected hypervolume improvement. It is an error if there are none or more than three objectives, or a setting is
// out of range.
func NewEHVI(p Problem, c GuidedConfig) (*EHVI, error) {
	if n := len(p.Objectives); n > 3 {
		return nil, fmt.Errorf("ehvi: expected hypervolume improvement is for up to 3 objectives, and this study has %d; take parego or motpe", n)
	}
	g, err := newGuided("ehvi", p, c)
	if err != nil {
		return nil, err
	}
	s := &EHVI{guided: g}
	g.choose = s.best
	return s, nil
}

func (s *EHVI) best(*rand.Rand) (belief, bool) {
	moved, tune := s.refresh()
	if s.outcomes == nil {
		s.outcomes = newOutcomes(s.guided)
	}
	s.outcomes.predict(s.outcomes.objectives, moved, tune)
	s.outcomes.predict(s.outcomes.constraints, moved, tune)
	improvement := s.improvement()
	m := len(s.problem.Objectives)
	mean, deviation := make([]float64, m), make([]float64, m)
	best, most := -1, math.Inf(-1)
	for i, a := range s.archs {
		if s.left.proposed(a) {
			continue
		}
		value := s.outcomes.feasible(i)
		if improvement != nil && value > 0 {
			for c := range m {
				q := &s.outcomes.objectives[c]
				x, d := q.at(i)
				mean[c], deviation[c] = x/q.spread, d/q.spread
			}
			value *= improvement.Expected(mean, deviation)
		}
		if value > most {
			best, most = i, value
		}
	}
	if best < 0 {
		return belief{}, false
	}
	return s.outcomes.belief(best), true
}

// improvement returns the improvement of the front of what keeps the constraints, pending trials included, or nil if nothing does.
func (s *EHVI) improvement() *pareto.Improvement {
	m := len(s.problem.Objectives)
	var points [][]float64
	reference := make([]float64, m)
	for c := range reference {
		reference[c] = math.Inf(-1)
	}
	for i := range s.observed {
		o := &s.observed[i]
		if o.failed {
			continue
		}
		p := make([]float64, m)
		for c := range p {
			p[c] = o.vector[c] / s.outcomes.objectives[c].spread
			reference[c] = max(reference[c], p[c])
		}
		if o.pending && s.outcomes.keeps(o) || o.good() {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		return nil
	}
	return pareto.NewImprovement(points, reference)
}
