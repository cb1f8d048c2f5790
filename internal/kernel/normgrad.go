package kernel

import "math"

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
// DX = Scale·(dz − mean(dz) − x̂·mean(dz·x̂)), DGamma += Σdz·x̂, DBeta += Σdz. The sums are taken in fixed chunks of
// rows, and the chunks added in float64.
func BatchNormBackward(p *Pool, g NormGrad) {
	p = p.or()
	n := chunkCount(g.Rows, g.C)
	part := p.scratch((2*n + 3) * g.C)
	sums, products, coef := part[:n*g.C], part[n*g.C:2*n*g.C], part[2*n*g.C:]
	dz := g.DResidual
	if dz == nil {
		dz = g.DX
	}
	f := p.set.vec.normSum[g.Act]
	if g.Residual != nil {
		f = p.set.vec.normAddSum[g.Act]
	}
	p.byRows(vecJob{f: f, y: [3][]float32{dz, sums, products}, x: [4][]float32{g.DY, g.X, g.Residual},
		p: [4][]float32{g.Scale, g.Shift, g.Mean}, sums: 1}, g.Rows, g.C)

	a, b, c := coef[:g.C], coef[g.C:2*g.C], coef[2*g.C:]
	for j := range g.C {
		inv := 1 / math.Sqrt(float64(g.Variance[j])+float64(g.Eps))
		sum, product := columnTotal(sums, n, g.C, j), columnTotal(products, n, g.C, j)*inv
		if g.DGamma != nil {
			g.DGamma[j] += float32(product)
		}
		if g.DBeta != nil {
			g.DBeta[j] += float32(sum)
		}
		// DX = a·dz + b·x + c.
		scale, rows := float64(g.Scale[j]), float64(g.Rows)
		slope := -scale * inv * product / rows
		a[j], b[j] = g.Scale[j], float32(slope)
		c[j] = float32(-float64(slope*float64(g.Mean[j])) - float64(scale*sum/rows))
	}
	if g.Frozen {
		clear(b)
		clear(c)
	}
	p.byRows(vecJob{f: p.set.vec.normGrad, y: [3][]float32{g.DX}, x: [4][]float32{dz, g.X}, p: [4][]float32{a, b, c}, sums: 1}, g.Rows, g.C)
}
