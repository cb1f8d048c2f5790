package predict

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Pool answers for fixed candidates what a [GP] believes of them. It remembers the distances to the observed points and extends the
// posterior when points are added: a new point costs as much as points times candidates; new hyper-parameters cost that for
// every point again, but no distances. It needs memory for three numbers for each pair of a point and a candidate.
type Pool struct {
	gp         *GP
	candidates []*Point
	rulers     []ruler
	dist       [][][]float32 // view, point, candidate
	self       []float64     // inner products of the trend, of each candidate with itself
	tuned      int           // the version of the hyper-parameters below
	explained  [][]float64   // factor⁻¹ · covariance of points and candidates, row by row
	variance   []float64
}

// Over returns a pool of candidates.
func (g *GP) Over(candidates []*Point) *Pool {
	p := &Pool{gp: g, candidates: candidates, tuned: -1, dist: make([][][]float32, len(g.kernel.views)), self: make([]float64, len(candidates))}
	for _, v := range g.kernel.views {
		p.rulers = append(p.rulers, newRuler(v, candidates))
	}
	if g.kernel.trend != nil {
		for i, c := range candidates {
			p.self[i] = g.kernel.trend.inner(c, c)
		}
	}
	return p
}

// Update takes in the points that were added to the process, and hyper-parameters that were tuned, since the last time. The other methods
// answer for the last update.
func (p *Pool) Update() {
	p.gp.factorise()
	d := p.gp.kernel.decode(p.gp.theta)
	if p.tuned != p.gp.tuned {
		p.tuned = p.gp.tuned
		p.explained = nil
		p.variance = make([]float64, len(p.candidates))
		for i, inner := range p.self {
			p.variance[i] = d.self(inner)
		}
	}
	for n := len(p.explained); n < len(p.gp.points); n++ {
		p.extend(&d, n)
	}
}

// extend takes in point n.
func (p *Pool) extend(d *decoded, n int) {
	row := p.gp.factor[n]
	fresh := p.covariances(d, n)
	for i, known := range p.explained {
		blas64.Axpy(-row[i], vector(known), vector(fresh))
	}
	blas64.Scal(1/row[n], vector(fresh))
	p.explained = append(p.explained, fresh)
	for i, x := range fresh {
		p.variance[i] = math.Max(p.variance[i]-x*x, least)
	}
}

// covariances returns the prior covariances of point n and all candidates.
func (p *Pool) covariances(d *decoded, n int) []float64 {
	x := p.gp.points[n]
	out := make([]float64, len(p.candidates))
	for v, r := range p.rulers {
		if len(p.dist[v]) == n {
			row := make([]float32, len(p.candidates))
			r.measure(x, row)
			p.dist[v] = append(p.dist[v], row)
		}
	}
	exponent := make([]float64, len(p.candidates))
	for _, t := range d.terms {
		for i := range exponent {
			exponent[i] = t.logAmplitude
		}
		for j, v := range t.views {
			rate := t.rates[j] / p.gp.kernel.scales[v]
			for i, distance := range p.dist[v][n] {
				exponent[i] -= rate * float64(distance)
			}
		}
		for i, e := range exponent {
			out[i] += math.Exp(e)
		}
	}
	if trend := p.gp.kernel.trend; trend != nil {
		for i, c := range p.candidates {
			out[i] += d.trend * trend.inner(c, x)
		}
	}
	return out
}

// Variance returns the variances of the candidates' true values, without the noise of an observation. They must not be changed.
func (p *Pool) Variance() []float64 { return p.variance }

// Mean returns the expected values of the candidates, given a target for each point: [GP.Believe] fills in those that are not known.
func (p *Pool) Mean(targets []float64) []float64 {
	mean := make([]float64, len(p.candidates))
	for i, w := range p.gp.whiten(targets) {
		blas64.Axpy(w, vector(p.explained[i]), vector(mean))
	}
	return mean
}

// Draw returns a joint draw from the posterior of some candidates, given by their places: what Thompson sampling needs. mean holds the
// expected values of all candidates. It costs the cube of the number of places.
func (p *Pool) Draw(mean []float64, places []int, r *rand.Rand) []float64 {
	m := len(places)
	among := make([]*Point, m)
	for i, at := range places {
		among[i] = p.candidates[at]
	}
	d := p.gp.kernel.decode(p.gp.theta)
	inside := NewGP(p.gp.kernel)
	for _, c := range among {
		inside.Add(c)
	}
	covariance := mat.NewSymDense(m, nil)
	for i, a := range places {
		for j, b := range places[:i+1] {
			k := inside.covariance(&d, i, j)
			for _, x := range p.explained {
				k -= x[a] * x[b]
			}
			covariance.SetSym(i, j, k)
		}
	}
	out := make([]float64, m)
	normal := make([]float64, m)
	for i, at := range places {
		out[i], normal[i] = mean[at], r.NormFloat64()
	}
	// What rounding takes away from a covariance of rank less than m is given back, in growing portions.
	for jitter := 1e-8; ; jitter *= 10 {
		for i := range m {
			covariance.SetSym(i, i, covariance.At(i, i)+jitter)
		}
		var cholesky mat.Cholesky
		if cholesky.Factorize(covariance) {
			var lower mat.TriDense
			cholesky.LTo(&lower)
			for i := range m {
				for j := range i + 1 {
					out[i] += lower.At(i, j) * normal[j]
				}
			}
			return out
		}
	}
}
