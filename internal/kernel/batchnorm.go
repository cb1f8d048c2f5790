package kernel

import "math"

// BatchNormStats computes the mean and the biased variance of each of the c channels over the rows of x. Moments are
// taken about the first row, in fixed chunks of rows whose float32 sums are added in float64.
func BatchNormStats(p *Pool, mean, variance, x []float32, rows, c int) {
	p = p.or()
	n := chunkCount(rows, c)
	part := p.scratch(2 * n * c)
	sums, squares := part[:n*c], part[n*c:]
	p.byRows(vecJob{f: p.set.vec.colMoments, y: [3][]float32{sums, squares}, x: [4][]float32{x}, p: [4][]float32{x[:c]}}, rows, c)
	for j := range c {
		m := columnTotal(sums, n, c, j) / float64(rows)
		mean[j] = float32(float64(x[j]) + m)
		variance[j] = float32(max(columnTotal(squares, n, c, j)/float64(rows)-float64(m*m), 0))
	}
}

// BatchNormCoefficients turns statistics and parameters into scale = gamma/√(variance+eps) and
// shift = beta − mean·scale. A nil gamma is 1 and a nil beta is 0.
func BatchNormCoefficients(scale, shift, mean, variance, gamma, beta []float32, eps float32) {
	for j := range mean {
		s := 1 / math.Sqrt(float64(variance[j])+float64(eps))
		if gamma != nil {
			s *= float64(gamma[j])
		}
		b := 0.0
		if beta != nil {
			b = float64(beta[j])
		}
		scale[j] = float32(s)
		shift[j] = float32(b - float64(float64(mean[j])*s))
	}
}

// BatchNormApply computes y = act(x·scale + shift + residual) with scale and shift of length c; residual may be nil
// and y may be x or residual.
func BatchNormApply(p *Pool, y, x, residual, scale, shift []float32, rows, c int, act Act) {
	p = p.or()
	f := p.set.vec.norm[act]
	if residual != nil {
		f = p.set.vec.normAdd[act]
	}
	p.byRows(vecJob{f: f, y: [3][]float32{y}, x: [4][]float32{x, residual}, p: [4][]float32{scale, shift}, sums: 1}, rows, c)
}
