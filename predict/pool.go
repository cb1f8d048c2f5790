package predict

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Pool answers for candidates what a [GP] believes of them. It remembers the distances to the observed points and extends the
// posterior when points are added: a new point costs as much as points times candidates; new hyper-parameters cost that for
// every point again, but no distances. It needs memory for three numbers for each pair of a point and a candidate.
type Pool struct {
	*candidateDistances
	gp        *GP
	tuned     int // the versions of the hyper-parameters, points and candidates below
	forgot    int
	listed    int
	explained [][]float64 // of every candidate factor⁻¹ · its covariance with the points
	variance  []float64
}

// Over returns a pool of candidates.
func (g *GP) Over(candidates []*Point) *Pool {
	return g.over(newCandidateDistances(g.pairwiseDistances, candidates))
}

func (g *GP) over(r *candidateDistances) *Pool {
	return &Pool{candidateDistances: r, gp: g, tuned: -1, listed: -1}
}

// Of returns a pool of the same candidates for a process beside that of the pool. Both share the distances, and a replacement of
// the candidates of one is one of both.
func (p *Pool) Of(g *GP) *Pool { return g.over(p.candidateDistances) }

// Replace takes other candidates. Those that stay, by their pointers, keep what is known of them, so that only the others cost points times points.
func (p *Pool) Replace(candidates []*Point) { p.replace(candidates) }

// Update takes in the points that were added to the process, candidates that were replaced and hyper-parameters that were tuned, since the
// last time. The other methods answer for the last update.
func (p *Pool) Update() {
	p.gp.factorise()
	p.measure()
	d := p.gp.kernel.decode(p.gp.theta)
	switch {
	case p.tuned != p.gp.tuned || p.forgot != p.begun || p.changed > p.listed+1 || p.listed < 0:
		p.explained = columns[float64](len(p.candidates), len(p.gp.points))
		p.variance = make([]float64, len(p.candidates))
		for i, inner := range p.self {
			p.variance[i] = d.self(inner)
		}
	case p.changed != p.listed:
		p.move(&d)
	}
	p.tuned, p.forgot, p.listed = p.gp.tuned, p.begun, p.changed
	c := newCovariances(p.candidateDistances, &d)
	for i := range p.candidates {
		p.extend(c, i)
	}
}

// move rearranges what is known after a change of the candidates.
func (p *Pool) move(d *decoded) {
	explained, variance := make([][]float64, len(p.candidates)), make([]float64, len(p.candidates))
	for i, at := range p.came {
		if at >= 0 {
			explained[i], variance[i] = p.explained[at], p.variance[at]
		} else {
			explained[i], variance[i] = make([]float64, 0, len(p.gp.points)*9/8+4), d.self(p.self[i])
		}
	}
	p.explained, p.variance = explained, variance
}

// extend takes in the points that candidate i does not know: a forward substitution.
func (p *Pool) extend(c *covariances, i int) {
	x := p.explained[i]
	for _, k := range c.of(i, len(x)) {
		n := len(x)
		row := p.gp.factor[n]
		if n > 0 {
			k -= dot(row[:n], x)
		}
		k /= row[n]
		x = append(x, k)
		p.variance[i] = math.Max(p.variance[i]-k*k, least)
	}
	p.explained[i] = x
}

// Variance returns the variances of the candidates' true values, without the noise of an observation. They must not be changed.
func (p *Pool) Variance() []float64 { return p.variance }

// Mean returns the expected values of the candidates, given a target for each point: [GP.Believe] fills in those that are not known.
func (p *Pool) Mean(targets []float64) []float64 {
	mean := make([]float64, len(p.candidates))
	if len(targets) == 0 {
		return mean
	}
	w := p.gp.whiten(targets)
	for i, x := range p.explained {
		mean[i] = dot(w, x)
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
			if len(p.gp.points) > 0 {
				k -= dot(p.explained[a], p.explained[b])
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
