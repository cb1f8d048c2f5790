package kernel

import "math"

// BatchNormStats computes the mean and the biased variance of each of the c channels over the rows of x.
func BatchNormStats(p *Pool, mean, variance, x []float32, rows, c int) {
	for j := range c {
		shift := float64(x[j])
		var s, q float64
		for r := range rows {
			d := float64(x[r*c+j]) - shift
			s += d
			q += d * d
		}
		m := s / float64(rows)
		mean[j] = float32(shift + m)
		variance[j] = float32(max(q/float64(rows)-m*m, 0))
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
	p.For(chunks(rows), func(i int) {
		lo, hi := chunk(i, rows)
		for r := lo; r < hi; r++ {
			for j := range c {
				z := fma32(x[r*c+j], scale[j], shift[j])
				if residual != nil {
					z += residual[r*c+j]
				}
				y[r*c+j] = actForward(act, z)
			}
		}
	})
}

// NormGrad is the argument of BatchNormBackward: the batch norm y = Act(X·Scale + Shift + Residual) over Rows×C.
type NormGrad struct {
	DX        []float32 // out: gradient of X; may be DY
	DResidual []float32 // out, may be nil: gradient of Residual, which is DY·Act'; may be DY if DX is not
	DGamma    []float32 // added to, may be nil
	DBeta     []float32 // added to, may be nil

	DY, X    []float32
	Residual []float32 // nil if the forward pass had none
	Mean     []float32 // statistics of the forward pass
	Variance []float32
	Scale    []float32 // coefficients of the forward pass
	Shift    []float32
	Eps      float32
	Rows, C  int
	Act      Act
	Frozen   bool // the statistics were constants (evaluation mode), so no gradient flows through them
}

// BatchNormBackward computes the gradients of a batch norm fused with its activation and residual (Ioffe and
// Szegedy, 2015): with dz = DY·Act'(z) and x̂ the normalised X,
// DX = Scale·(dz − mean(dz) − x̂·mean(dz·x̂)), DGamma += Σdz·x̂, DBeta += Σdz.
func BatchNormBackward(p *Pool, g NormGrad) {
	for j := range g.C {
		inv := 1 / math.Sqrt(float64(g.Variance[j])+float64(g.Eps))
		mean := float64(g.Mean[j])
		var s, q float64
		for r := range g.Rows {
			dz := g.slope(r, j)
			s += float64(dz)
			q += float64(dz) * (float64(g.X[r*g.C+j]) - mean) * inv
		}
		if g.DGamma != nil {
			g.DGamma[j] += float32(q)
		}
		if g.DBeta != nil {
			g.DBeta[j] += float32(s)
		}
		n := float64(g.Rows)
		for r := range g.Rows {
			dz := g.slope(r, j)
			i := r*g.C + j
			d := float64(dz)
			if !g.Frozen {
				d -= s/n + (float64(g.X[i])-mean)*inv*q/n
			}
			if g.DResidual != nil {
				g.DResidual[i] = dz
			}
			g.DX[i] = float32(d * float64(g.Scale[j]))
		}
	}
}

func (g *NormGrad) slope(r, j int) float32 {
	i := r*g.C + j
	z := fma32(g.X[i], g.Scale[j], g.Shift[j])
	if g.Residual != nil {
		z += g.Residual[i]
	}
	return g.DY[i] * actSlope(g.Act, z)
}
