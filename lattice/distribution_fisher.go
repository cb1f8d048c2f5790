package lattice

import "github.com/trellis-nas/trellis/space"

// ParametersOf returns the parameters of the options that an architecture takes, in the order of its decisions, as places in
// [Lattice.Parameters]. It is an error if the architecture is not of the space.
func (l *Lattice) ParametersOf(a space.Arch) ([]int, error) {
	_, of := l.parameters()
	var out []int
	err := l.follow(a, func(_ int32, at int) { out = append(out, int(of[at])) })
	return out, err
}

// FisherTimes returns the product of the Fisher information of the distribution with a vector, both with respect to the scores of
// [Lattice.Parameters]: with n(a) how often an architecture takes the option of each parameter, Cov[n]·v = E[n·(n·v)] − E[n]·E[n·v].
// The natural gradient (Amari, 1998) is the gradient divided by it. v·FisherTimes(v) is the variance of v·n, which is twice the
// Kullback-Leibler divergence of a small step v. It costs [Gibbs.ExpectationGrad].
func (g *Gibbs) FisherTimes(v []float64) []float64 {
	_, of := g.region.lattice.parameters()
	_, product := g.ExpectationGrad(func(s Step) float64 {
		if s.Fixed {
			return 0
		}
		return v[of[s.at]]
	})
	return product
}
