package predict

import "math"

// covariances computes the prior covariances of candidates with points, with room that is used again.
type covariances struct {
	distances *candidateDistances
	decoded   *decoded
	steps     [][]float64 // of terms that see a single distance which is whole: the covariance at 0, 1, 2 and so on
	exponents []float64
	out       []float64
}

// whole is a view whose distances are whole numbers, of which few differ.
type whole interface{ most(a *Point) int }

func newCovariances(r *candidateDistances, d *decoded) *covariances {
	c := &covariances{distances: r, decoded: d, steps: make([][]float64, len(d.terms))}
	for t, term := range d.terms {
		view, ok := r.pairs.kernel.views[term.views[0]].(whole)
		if !ok || len(term.views) > 1 {
			continue
		}
		most := 0
		for _, p := range r.candidates {
			most = max(most, view.most(p))
		}
		for _, p := range r.pairs.points {
			most = max(most, view.most(p))
		}
		rate := c.rate(&term, 0)
		c.steps[t] = make([]float64, most+1)
		for i := range c.steps[t] {
			c.steps[t][i] = math.Exp(term.logAmplitude - rate*float64(i))
		}
	}
	return c
}

// rate returns by how much the exponent of a term falls with its view j.
func (c *covariances) rate(t *decodedTerm, j int) float64 {
	return t.rates[j] / c.distances.pairs.kernel.scales[t.views[j]]
}

// of returns the covariances of a candidate with the points from a place on, until it is asked the next time.
func (c *covariances) of(candidate, from int) []float64 {
	n := len(c.distances.pairs.points) - from
	if cap(c.out) < n {
		c.out, c.exponents = make([]float64, n), make([]float64, n)
	}
	out := c.out[:n]
	clear(out)
	for t := range c.decoded.terms {
		term := &c.decoded.terms[t]
		if steps := c.steps[t]; steps != nil {
			for i, d := range c.distances.dist[term.views[0]][candidate][from:] {
				out[i] += steps[int(d)]
			}
			continue
		}
		exponents := c.exponents[:n]
		for i := range exponents {
			exponents[i] = term.logAmplitude
		}
		for j, v := range term.views {
			rate := c.rate(term, j)
			for i, d := range c.distances.dist[v][candidate][from:] {
				exponents[i] -= rate * float64(d)
			}
		}
		for i, e := range exponents {
			out[i] += math.Exp(e)
		}
	}
	if trend := c.distances.pairs.kernel.trend; trend != nil {
		x := c.distances.candidates[candidate]
		for i, p := range c.distances.pairs.points[from:] {
			out[i] += c.decoded.trend * trend.inner(x, p)
		}
	}
	return out
}
