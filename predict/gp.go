package predict

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// GP is regression with a Gaussian process over points (Rasmussen & Williams, "Gaussian Processes for Machine Learning", 2006). It holds
// the points that were observed or are under way; targets come with every question, one a point, standardised by [Standardise] or
// [Normalise], because they change with every result. NaN is the target of a point under way.
//
// The way: Add the points, Tune now and then, ask a [Pool] of candidates made by Over. It is not safe for concurrent use.
type GP struct {
	*pairwiseDistances
	theta []float64
	tuned int // how often theta changed

	factored, forgot int         // the versions of theta and of the points that factor belongs to
	factor           [][]float64 // rows of the Cholesky factor of the covariance of the points with noise
}

// NewGP returns a process without points, its hyper-parameters at the mean of their prior.
func NewGP(k Kernel) *GP { return newPairwiseDistances(k).process() }

func (s *pairwiseDistances) process() *GP {
	mean, _ := s.kernel.prior()
	return &GP{pairwiseDistances: s, theta: mean}
}

// Beside returns a process of another quantity of the same points, with hyper-parameters of its own: a point that is added to one of the two, or
// dropped, is so for both, and distances are measured once.
func (g *GP) Beside() *GP { return g.process() }

// Add appends a point. It costs a distance to each point before.
func (g *GP) Add(p *Point) { g.add(p) }

// Len returns the number of points.
func (g *GP) Len() int { return len(g.points) }

// Hyper returns the hyper-parameters, which are logarithms: for each term its amplitude and lengths, the amplitude of the trend if there
// is one, and the variance of the noise.
func (g *GP) Hyper() []float64 { return slices.Clone(g.theta) }

// Noise returns the variance of the noise, in units of the targets' variance.
func (g *GP) Noise() float64 { return math.Exp(g.theta[len(g.theta)-1]) }

// least is the smallest variance; rounding could give less than none.
const least = 1e-10

// factorise brings the Cholesky factor up to date: rows for new points, or all of them for new hyper-parameters.
func (g *GP) factorise() {
	if g.factored != g.tuned || g.forgot != g.begun {
		g.factored, g.forgot, g.factor = g.tuned, g.begun, nil
	}
	d := g.kernel.decode(g.theta)
	for n := len(g.factor); n < len(g.points); n++ {
		row := make([]float64, n+1)
		rest := g.covariance(&d, n, n) + d.noise
		for i, before := range g.factor {
			row[i] = (g.covariance(&d, n, i) - dot(before[:i], row[:i])) / before[i]
			rest -= row[i] * row[i]
		}
		row[n] = math.Sqrt(math.Max(rest, least))
		g.factor = append(g.factor, row)
	}
}

// whiten returns factor⁻¹ · targets.
func (g *GP) whiten(targets []float64) []float64 {
	w := make([]float64, len(g.factor))
	for i, row := range g.factor {
		w[i] = (targets[i] - dot(row[:i], w[:i])) / row[i]
	}
	return w
}

// Believe returns the targets with what the process expects in the place of every NaN, given the others (the kriging believer of
// Ginsbourger et al., 2010): proposals under way are taken for granted as they are expected to come out, so that means stay as they
// are and variances near them shrink. Without a single known target all become 0.
//
// With Q the inverse of the covariance, P what is not known and T what is, the expectation is −Q(P,P)⁻¹·Q(P,T)·targets(T).
func (g *GP) Believe(targets []float64) []float64 {
	out := slices.Clone(targets)
	var missing []int
	for i, t := range targets {
		if math.IsNaN(t) {
			out[i] = 0
			missing = append(missing, i)
		}
	}
	if len(missing) == 0 {
		return out
	}
	g.factorise()
	known := g.precision(out)
	q := mat.NewSymDense(len(missing), nil)
	right := mat.NewVecDense(len(missing), nil)
	for i, at := range missing {
		unit := make([]float64, len(targets))
		unit[at] = 1
		column := g.precision(unit)
		for j, other := range missing[:i+1] {
			q.SetSym(i, j, column[other])
		}
		right.SetVec(i, -known[at])
	}
	var cholesky mat.Cholesky
	var expected mat.VecDense
	if !cholesky.Factorize(q) || cholesky.SolveVecTo(&expected, right) != nil {
		return out
	}
	for i, at := range missing {
		out[at] = expected.AtVec(i)
	}
	return out
}

// precision returns the inverse of the covariance times x.
func (g *GP) precision(x []float64) []float64 {
	w := g.whiten(x)
	for i := len(w) - 1; i >= 0; i-- {
		w[i] /= g.factor[i][i]
		for j := range i {
			w[j] -= g.factor[i][j] * w[i]
		}
	}
	return w
}

func dot(a, b []float64) float64 { return floats.Dot(a, b) }

// Forget drops the points and keeps the hyper-parameters.
func (g *GP) Forget() { g.forget() }

// Keep drops the points but those at some places, which are in ascending order, and keeps the hyper-parameters.
func (g *GP) Keep(places []int) { g.keep(places) }

// Fitted returns what the process expects of its own points, given all of the targets: what is left of them when the noise is taken
// away. With Q the inverse of the covariance it is targets − noise·Q·targets.
func (g *GP) Fitted(targets []float64) []float64 {
	g.factorise()
	out := slices.Clone(targets)
	for i, x := range g.precision(targets) {
		out[i] -= g.Noise() * x
	}
	return out
}
