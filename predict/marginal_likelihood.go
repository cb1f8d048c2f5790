package predict

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// tuneOn is the number of points that hyper-parameters are tuned on at most: the time grows with its cube.
const tuneOn = 160

// Tune sets the hyper-parameters to those of the greatest posterior density, marginal likelihood times prior, by L-BFGS from where they
// are, with a bounded number of steps. targets has a value for each point; those of NaN are left out. With more than 160 points, it looks at the best half of
// that many and as many others spread evenly over the rest. It returns the logarithm of the density, by which kernels can be compared.
func (g *GP) Tune(targets []float64) float64 {
	const evaluations = 25
	e := newMarginalLikelihood(g, targets)
	if len(e.at) == 0 {
		return 0
	}
	best := e.minus(g.theta, nil)
	p := optimize.Problem{
		Func: func(x []float64) float64 { return e.minus(x, nil) },
		Grad: func(grad, x []float64) { e.minus(x, grad) },
	}
	limits := &optimize.Settings{FuncEvaluations: evaluations, GradientThreshold: 0.05}
	// An error says that the line search found nothing better; the result is the best until then.
	found, _ := optimize.Minimize(p, slices.Clone(g.theta), limits, &optimize.LBFGS{})
	if found != nil && found.F < best {
		copy(g.theta, found.X)
		best = found.F
		g.tuned++
	}
	return -best
}

// marginalLikelihood is the posterior of hyper-parameters given some of the points.
type marginalLikelihood struct {
	gp           *GP
	at           []int // the points
	y            *mat.VecDense
	mean, spread []float64 // of the prior
	covariance   []float64
	slopes       [][]float64 // derivatives of the covariance, without the noise's
	computed     []float64   // the hyper-parameters that what is above and below belongs to
	cholesky     mat.Cholesky
	definite     bool // there is a factor
}

func newMarginalLikelihood(g *GP, targets []float64) *marginalLikelihood {
	e := &marginalLikelihood{gp: g, at: informativePoints(targets, tuneOn)}
	n := len(e.at)
	y := make([]float64, n)
	for i, at := range e.at {
		y[i] = targets[at]
	}
	if n > 0 {
		e.y = mat.NewVecDense(n, y)
	}
	e.mean, e.spread = g.kernel.prior()
	e.covariance = make([]float64, n*n)
	e.slopes = make([][]float64, len(g.theta)-1)
	for p := range e.slopes {
		e.slopes[p] = make([]float64, n*n)
	}
	return e
}

// informativePoints returns n of the points in ascending order: the best half, and the others evenly by rank.
func informativePoints(targets []float64, n int) []int {
	var at []int
	for i, t := range targets {
		if !math.IsNaN(t) {
			at = append(at, i)
		}
	}
	if len(at) <= n {
		return at
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(targets[b], targets[a]) })
	rest := at[n/2:]
	out := slices.Clone(at[:n/2])
	for i := range n - n/2 {
		out = append(out, rest[i*len(rest)/(n-n/2)])
	}
	slices.Sort(out)
	return out
}

// minus returns minus the log density of hyper-parameters and, into grad unless it is nil, its gradient.
//
//	−log p(y|θ) = ½ yᵀK⁻¹y + ½ log|K| + ½ n log 2π,   ∂/∂θ = ½ Σ (K⁻¹ − ααᵀ) ∘ ∂K/∂θ   with α = K⁻¹y.
func (e *marginalLikelihood) minus(theta, grad []float64) float64 {
	if !slices.Equal(theta, e.computed) {
		e.compute(theta)
		e.computed = slices.Clone(theta)
		e.definite = e.cholesky.Factorize(mat.NewSymDense(len(e.at), e.covariance))
	}
	if !e.definite {
		return math.Inf(1)
	}
	n := len(e.at)
	var alpha mat.VecDense
	if err := e.cholesky.SolveVecTo(&alpha, e.y); err != nil {
		return math.Inf(1)
	}
	f := mat.Dot(e.y, &alpha)/2 + e.cholesky.LogDet()/2 + float64(n)*math.Log(2*math.Pi)/2
	for i, t := range theta {
		d := (t - e.mean[i]) / e.spread[i]
		f += d * d / 2
	}
	if grad == nil {
		return f
	}
	var inverse mat.SymDense
	if err := e.cholesky.InverseTo(&inverse); err != nil {
		return math.Inf(1)
	}
	e.gradient(theta, grad, inverse.RawSymmetric().Data, alpha.RawVector().Data)
	return f
}

// gradient takes the upper triangle of K⁻¹.
func (e *marginalLikelihood) gradient(theta, grad, inverse, alpha []float64) {
	n := len(e.at)
	for p, slope := range e.slopes {
		var sum float64
		for i := range n {
			row, in := slope[i*n:(i+1)*n], inverse[i*n:(i+1)*n]
			sum += (in[i] - alpha[i]*alpha[i]) * row[i] / 2
			for j := i + 1; j < n; j++ {
				sum += (in[j] - alpha[i]*alpha[j]) * row[j]
			}
		}
		grad[p] = sum
	}
	last := len(theta) - 1
	var trace float64
	for i := range n {
		trace += inverse[i*n+i] - alpha[i]*alpha[i]
	}
	grad[last] = trace * math.Exp(theta[last]) / 2
	for p := range theta {
		grad[p] += (theta[p] - e.mean[p]) / (e.spread[p] * e.spread[p])
	}
}

// compute fills in the covariance with noise and the slopes: their upper triangles.
func (e *marginalLikelihood) compute(theta []float64) {
	g, n := e.gp, len(e.at)
	d := g.kernel.decode(theta)
	clear(e.covariance)
	p := 0
	for _, t := range d.terms {
		for i, a := range e.at {
			for j := i; j < n; j++ {
				b := e.at[j] // not before a
				k := t.of(func(v int) float64 { return g.dist[v][b][a] })
				e.covariance[i*n+j] += k
				e.slopes[p][i*n+j] = k
				for s, v := range t.views {
					e.slopes[p+1+s][i*n+j] = k * g.dist[v][b][a] * t.rates[s]
				}
			}
		}
		p += 1 + len(t.views)
	}
	for i, a := range e.at {
		e.covariance[i*n+i] += d.noise
		if g.inner == nil {
			continue
		}
		for j := i; j < n; j++ {
			k := d.trend * g.inner[e.at[j]][a]
			e.covariance[i*n+j] += k
			e.slopes[p][i*n+j] = k
		}
	}
}
