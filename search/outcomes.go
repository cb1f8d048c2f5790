package search

import (
	"math"

	"github.com/trellis-nas/trellis/space"
)

// outcomes is what is expected of the candidates: a quantity for each objective, and for each constraint one of its excess over the bound.
type outcomes struct {
	from        *guided
	objectives  []quantity
	constraints []quantity
}

// quantity is a number of a result, smaller being better: guessed, or exact where the problem knows it.
type quantity struct {
	*guess
	exact func(space.Arch) float64
	from  *guided
}

func newOutcomes(g *guided) *outcomes {
	o := &outcomes{from: g}
	for c, objective := range g.problem.Objectives {
		q := g.quantity(objective.Metric, objective.Maximise, 0, func(o *observation) float64 { return o.vector[c] })
		o.objectives = append(o.objectives, q)
	}
	for c, constraint := range g.problem.Constraints {
		q := g.quantity(constraint.Metric, constraint.AtLeast, constraint.Bound, func(o *observation) float64 { return o.metrics[c] })
		o.constraints = append(o.constraints, q)
	}
	return o
}

// quantity returns the metric, negated if it is to be large, less a bound.
func (s *guided) quantity(metric string, large bool, bound float64, number func(*observation) float64) quantity {
	q := quantity{guess: newGuess(s.model, number), from: s}
	if exact := s.problem.Exact[metric]; exact != nil {
		q.exact = func(a space.Arch) float64 {
			x := exact(a) - bound
			if large {
				x = -x
			}
			return x
		}
	}
	return q
}

// predict updates the guesses of some quantities after refresh.
func (o *outcomes) predict(of []quantity, tune bool) {
	for _, q := range of {
		q.measure(o.from.observed)
		if q.exact == nil {
			q.predict(o.from.observed, tune)
		}
	}
}

// at returns mean and deviation of the quantity for candidate i.
func (q *quantity) at(i int) (mean, deviation float64) {
	if q.exact != nil {
		return q.exact(q.from.archs[i]), 0
	}
	return q.mean[i], q.deviation[i]
}

// feasible returns the probability that candidate i keeps the constraints, taking them as independent.
func (o *outcomes) feasible(i int) float64 {
	p := 1.0
	for c := range o.constraints {
		mean, deviation := o.constraints[c].at(i)
		switch {
		case deviation > 0:
			p *= 0.5 * math.Erfc(mean/deviation/math.Sqrt2)
		case mean > 0:
			p = 0
		}
	}
	return p
}

// keeps reports whether an observation is expected to keep the constraints.
func (o *outcomes) keeps(of *observation) bool {
	for _, x := range of.metrics {
		if !(x <= 0) {
			return false
		}
	}
	return true
}

// belief returns candidate i with its means.
func (o *outcomes) belief(i int) belief {
	b := belief{arch: o.from.archs[i]}
	for c := range o.objectives {
		mean, _ := o.objectives[c].at(i)
		b.vector = append(b.vector, mean)
	}
	for c := range o.constraints {
		mean, _ := o.constraints[c].at(i)
		b.metrics = append(b.metrics, mean)
	}
	return b
}
