package lattice

import "github.com/trellis-nas/trellis/space"

// EachStep calls visit with every step but the fixed one and the probability that a path takes it. It costs what [Gibbs.Marginals] does, once.
func (g *Gibbs) EachStep(visit func(s Step, p float64)) {
	l, taken := g.region.lattice, g.taken()
	l.eachStep(func(item, at int32) { visit(l.step(item, at), taken[at]) })
}

// Mean returns the mean of a value that adds up along paths, as [Gibbs.Moments] does, but from the probabilities of the steps: once these are
// known, without another pass over the region.
func (g *Gibbs) Mean(value func(Step) float64) float64 {
	sum := value(g.region.lattice.fixedStep())
	g.EachStep(func(s Step, p float64) {
		if p > 0 {
			sum += p * value(s)
		}
	})
	return sum
}

// EachStepGrad returns the mean of a value that adds up along paths, and calls visit with every step but the fixed one: with the probability p
// that a path takes it and the gradient of the mean with respect to the step's weight, grad = E[value · taken] − E[value] · p. For any
// other such value w the sum of w(step) · grad is the covariance of the two. It costs as much as [Gibbs.ExpectationGrad], whose gradient
// sums these by parameters.
func (g *Gibbs) EachStepGrad(value func(Step) float64, visit func(s Step, p, grad float64)) (mean float64) {
	l, taken := g.region.lattice, g.taken()
	mean, grads := g.stepGradients(value)
	l.eachStep(func(item, at int32) { visit(l.step(item, at), taken[at], grads[at]) })
	return mean
}

// Steps returns the path of an architecture, the fixed step first: of one that a limit on memory has taken from the lattice too. It is an error
// if it is not of the space.
func (l *Lattice) Steps(a space.Arch) ([]Step, error) {
	if l.all != nil && l.follow(a, func(int32, int) {}) != nil {
		return l.all.Steps(a)
	}
	out := []Step{l.fixedStep()}
	err := l.follow(a, func(item int32, at int) { out = append(out, l.step(item, int32(at))) })
	return out, err
}
