package lattice

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/space"
)

// Gradients are with respect to the scores of [Lattice.Parameters], in their order, and exact up to the rounding of float64. With P the
// distribution, n(a) how often an architecture takes the option of a parameter (0 or 1, as names are not met twice), and v a value that adds
// up along paths,
//
//	∂ log Z  = E[n]
//	∂ log P(a) = n(a) − E[n]
//	∂ E[v]   = E[v·n] − E[v]·E[n]
//	∂ Var[v] = E[(v − E[v])²·n] − Var[v]·E[n]
//	∂ H      = −∂ E[log P] = −(E[log P·n] − E[log P]·E[n])
//
// The expectations of products are sums over all paths through a step, which are what leads there times what follows: the expectation
// semirings of Li & Eisner (2009).

// LogPartitionGrad returns the gradient of [Gibbs.LogPartition]: the probability of every parameter. It costs a pass from the root to the
// end once, and no more than a copy from then on.
func (g *Gibbs) LogPartitionGrad() []float64 { return g.region.lattice.sumByParameter(g.taken()) }

// LogProbGrad returns the gradient of [Gibbs.LogProb] at an architecture: what a policy gradient multiplies with the reward (REINFORCE,
// Williams, 1992). It is an error if the architecture is not in the region. Many of one distribution cost one pass together.
func (g *Gibbs) LogProbGrad(a space.Arch) ([]float64, error) {
	if !g.region.Contains(a) {
		return nil, fmt.Errorf("architecture %q is not within the limits of the distribution over space %q", a, g.region.Space().Name())
	}
	l := g.region.lattice
	taken := g.taken()
	steps := make([]float64, len(taken))
	for at, p := range taken {
		steps[at] = -p
	}
	err := l.follow(a, func(_ int32, at int) { steps[at]++ })
	return l.sumByParameter(steps), err
}

// ExpectationGrad returns the mean of a value that adds up along paths, as a cost or a score does, and its gradient. With a value that is
// itself a vector over the parameters it is that vector times the Fisher information of the distribution, which a natural gradient
// needs. It costs two passes over the region, some twice as long as the marginals.
func (g *Gibbs) ExpectationGrad(value func(Step) float64) (mean float64, grad []float64) {
	mean, grads := g.stepGradients(value)
	return mean, g.region.lattice.sumByParameter(grads)
}

// stepGradients returns the mean of a value and the part that each step has in the gradient.
func (g *Gibbs) stepGradients(value func(Step) float64) (mean float64, steps []float64) {
	if !g.masses.logs && !math.IsInf(g.atRoot(), -1) {
		mean, of := g.meansOf(value)
		return mean, g.alongSteps(of)
	}
	all, of := g.momentsOf(value)
	return all.mean, g.alongSteps(products(of, func(m moment) float64 { return m.mean - all.mean }))
}

// VarianceGrad returns the variance of a value that adds up along paths, and its gradient, at the cost of [Gibbs.ExpectationGrad].
func (g *Gibbs) VarianceGrad(value func(Step) float64) (variance float64, grad []float64) {
	all, of := g.momentsOf(value)
	return all.variance, g.spread(of, func(m moment) float64 {
		d := m.mean - all.mean
		return m.variance + d*d - all.variance
	})
}

// EntropyGrad returns the entropy of the distribution in nats, as [Gibbs.Entropy] does, and its gradient, at the cost of
// [Gibbs.ExpectationGrad].
func (g *Gibbs) EntropyGrad() (entropy float64, grad []float64) {
	_, grad = g.ExpectationGrad(g.logWeight)
	for i := range grad {
		grad[i] = -grad[i]
	}
	return g.Entropy(), grad
}

// logWeight is the weight of a step, as far as it is not forbidden.
func (g *Gibbs) logWeight(s Step) float64 {
	if s.Fixed || math.IsInf(g.weights[s.at], -1) {
		return 0
	}
	return g.weights[s.at]
}

// spread returns the sums over the routes that hold a parameter of their probability times a number of their moments.
func (g *Gibbs) spread(of []moment, number func(moment) float64) []float64 {
	return g.region.lattice.sumByParameter(g.alongSteps(products(of, number)))
}

// products returns for every route its probability times a number of its moments.
func products(of []moment, number func(moment) float64) []float64 {
	numbers := make([]float64, len(of))
	for r, m := range of {
		if m.mass > 0 {
			numbers[r] = m.mass * number(m)
		}
	}
	return numbers
}

// alongSteps returns for each step the sum of a number over the routes that hold it.
func (g *Gibbs) alongSteps(of []float64) []float64 {
	t := g.region.table
	steps := make([]float64, len(g.weights))
	for r, x := range of {
		for _, at := range t.j.steps[t.j.routes[r].from:t.j.routes[r].to] {
			steps[at] += x
		}
	}
	return steps
}

// sumByParameter adds up numbers of steps by the parameters that they take.
func (l *Lattice) sumByParameter(steps []float64) []float64 {
	keys, of := l.parameters()
	out := make([]float64, len(keys))
	for at, x := range steps {
		out[of[at]] += x
	}
	return out
}
