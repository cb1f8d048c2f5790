package kernel

import "math"

// NormGrad is the argument of BatchNormBackward: the batch norm y = Act(X·Scale + Shift + Residual) over Rows×C.
type NormGrad struct {
	DX        []float32 // out: gradient of X; may be DY; nil to have Linear and Const alone
	DResidual []float32 // out, may be nil: gradient of Residual, which is DY·Act'; may be DY if DX is not
	DGamma    []float32 // added to, may be nil
	DBeta     []float32 // added to, may be nil
	// out, a number a channel: DX is Scale·dz + (Linear·X + Const); may be nil where DX is not
	Linear, Const []float32

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
	part := p.scratch((2*n + 2) * g.C)
	sums, products := part[:n*g.C], part[n*g.C:2*n*g.C]
	if g.Linear == nil {
		g.Linear, g.Const = part[2*n*g.C:][:g.C], part[(2*n+1)*g.C:]
	}
	v := p.set.vec
	input := [4][]float32{g.DY, g.X, g.Residual}
	before := [4][]float32{g.Scale, g.Shift, g.Mean}
	if g.Residual == nil && g.DResidual == nil && v.normDot[g.Act] != nil {
		p.byRows(vecJob{f: v.normDot[g.Act], y: [3][]float32{sums, products}, x: input, p: before}, g.Rows, g.C)
		g.finish(sums, products, n)
		if g.DX != nil {
			BatchNormSlope(p, g)
		}
		return
	}
	dz := g.DResidual
	if dz == nil {
		dz = g.DX
	}
	f := v.normSum[g.Act]
	if g.Residual != nil {
		f = v.normAddSum[g.Act]
	}
	p.byRows(vecJob{f: f, y: [3][]float32{dz, sums, products}, x: input, p: before, sums: 1}, g.Rows, g.C)
	g.finish(sums, products, n)
	p.byRows(vecJob{f: v.normGrad, y: [3][]float32{g.DX}, x: [4][]float32{dz, g.X}, p: [4][]float32{g.Scale, g.Linear, g.Const}, sums: 1}, g.Rows, g.C)
}

// BatchNormSlope computes DX of a batch norm without residual whose Linear and Const are known: Scale·dz + (Linear·X + Const).
func BatchNormSlope(p *Pool, g NormGrad) {
	p = p.or()
	p.byRows(vecJob{f: p.set.vec.normBack[g.Act], y: [3][]float32{g.DX}, x: [4][]float32{g.DY, g.X},
		p: [4][]float32{g.Scale, g.Shift, g.Linear, g.Const}, sums: 1}, g.Rows, g.C)
}

// finish adds up the n chunks of Σdz and Σdz·(x − mean), updates the gradients of the parameters, and writes Linear and Const.
func (g *NormGrad) finish(sums, products []float32, n int) {
	for j := range g.C {
		inv := 1 / math.Sqrt(float64(g.Variance[j])+float64(g.Eps))
		sum, product := columnTotal(sums, n, g.C, j), columnTotal(products, n, g.C, j)*inv
		if g.DGamma != nil {
			g.DGamma[j] += float32(product)
		}
		if g.DBeta != nil {
			g.DBeta[j] += float32(sum)
		}
		g.Linear[j], g.Const[j] = 0, 0
		if !g.Frozen {
			scale, rows := float64(g.Scale[j]), float64(g.Rows)
			slope := -scale * inv * product / rows
			g.Linear[j] = float32(slope)
			g.Const[j] = float32(-float64(slope*float64(g.Mean[j])) - float64(scale*sum/rows))
		}
	}
}
