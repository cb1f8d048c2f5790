package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
)

// EHVI proposes what is expected to enlarge the hypervolume of the front most (Emmerich, Giannakoglou & Naujoks, "Single- and multiobjective
// evolutionary optimization assisted by Gaussian random field metamodels", 2006), by a Gaussian process for each of up to
// three objectives; the expectation is exact. Costs that the problem gives exactly are not modelled but taken as they are.
//
//   - Processes are of the objectives with the worst tenth of the results cut to the next better one. The reference point is the worst
//     result of each objective, so that the ends of the front count.
//   - Candidates are a uniform sample of 1,000, or a whole region that is no larger, and the neighbours of the front, of which an arbitrary
//     1,500 or so serve until the next tuning where there are more.
//   - With more than 300 results the processes are of the best of them and an even choice of the others. In a region of more than 50,000
//     architectures they compare decisions and costs, and no networks are built.
//   - Pending trials count as what was expected of them when they were proposed, failed ones as the worst seen.
//   - The expectation is multiplied with the probability to keep each measured constraint, from a process of its metric; until
//     something keeps them all, that probability alone decides.
type EHVI struct {
	*guided
	predictions     *predictions
	mean, deviation []float64 // of one candidate
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
	n := len(p.Objectives)
	s := &EHVI{guided: g, mean: make([]float64, n), deviation: make([]float64, n)}
	g.choose = s.next
	return s, nil
}

func (s *EHVI) next(*rand.Rand) (observation, bool) {
	tune := s.refresh()
	if s.predictions == nil {
		s.predictions = newPredictions(s.guided)
	}
	s.predictions.predict(s.predictions.objectives, tune)
	s.predictions.predict(s.predictions.constraints, tune)
	improvement := s.improvement()
	offers := make([]offer, 0, len(s.archs))
	for i, a := range s.archs {
		if s.left.proposed(a) {
			continue
		}
		o := offer{at: i, feasible: s.predictions.feasible(i)}
		o.most = o.feasible
		if improvement != nil && o.feasible > 0 {
			o.most *= improvement.AtMost(s.normal(i))
		}
		offers = append(offers, o)
	}
	slices.SortFunc(offers, offer.compare)
	best, most := -1, math.Inf(-1)
	for _, o := range offers { // the first of the largest value
		if o.most < most {
			break
		}
		value := o.feasible
		if improvement != nil && value > 0 {
			value *= improvement.Expected(s.normal(o.at))
		}
		if value > most || value == most && o.at < best {
			best, most = o.at, value
		}
	}
	if best < 0 {
		return observation{}, false
	}
	return s.predictions.expected(best), true
}

// offer is a candidate, with the probability to be feasible and a bound on the value.
type offer struct {
	at             int
	feasible, most float64
}

func (o offer) compare(other offer) int {
	return cmp.Or(cmp.Compare(other.most, o.most), cmp.Compare(o.at, other.at))
}

// normal returns the means and the deviations of the objectives of candidate i, in units of their spread, until it is asked again.
func (s *EHVI) normal(i int) (mean, deviation []float64) {
	for c := range s.predictions.objectives {
		q := &s.predictions.objectives[c]
		x, d := q.at(i)
		s.mean[c], s.deviation[c] = x/q.spread, d/q.spread
	}
	return s.mean, s.deviation
}

// improvement returns the improvement of the front of what keeps the constraints, pending trials included, or nil if nothing does.
func (s *EHVI) improvement() *pareto.Improvement {
	m := len(s.problem.Objectives)
	var points [][]float64
	reference := make([]float64, m)
	for c := range reference {
		reference[c] = math.Inf(-1)
	}
	for i := range s.all {
		o := &s.all[i]
		if o.status == failed {
			continue
		}
		p := make([]float64, m)
		for c := range p {
			p[c] = o.objectives[c] / s.predictions.objectives[c].spread
			reference[c] = max(reference[c], p[c])
		}
		if o.status == pending && s.predictions.keeps(o) || o.feasible() {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		return nil
	}
	return pareto.NewImprovement(points, reference)
}
