package kernel

import "math"

// Moments computes the mean and the biased variance of each of the c channels over the rows of x, as BatchNormStats
// does but for the strands in which few channels are summed.
func Moments(p *Pool, mean, variance, x []float32, rows, c int) {
	p = p.or()
	s := strands(rows, c)
	cols := c * s
	n := chunkCount(rows/s, cols)
	mem := p.scratch(2*n*cols + cols)
	sums, squares, about := mem[:n*cols], mem[n*cols:2*n*cols], mem[2*n*cols:]
	repeat(about, x[:c], s)
	p.byRows(vecJob{f: p.set.vec.colMoments, y: [3][]float32{sums, squares}, x: [4][]float32{x}, p: [4][]float32{about}}, rows/s, cols)
	for j := range c {
		m := strandTotal(sums, n, c, s, j) / float64(rows)
		mean[j] = float32(float64(x[j]) + m)
		variance[j] = float32(max(strandTotal(squares, n, c, s, j)/float64(rows)-float64(m*m), 0))
	}
}

// Standardized is a batch norm without scale and shift, y = Act((X − Mean)/√(Variance + Eps)), over Rows×C.
type Standardized struct {
	X, Y           []float32
	DX, DY         []float32
	Mean, Variance []float32
	Eps            float32
	Rows, C        int
	Act            Act // one with a plain slope: None, ReLU, ReLU6, HSwish or HSigmoid
	Frozen         bool
}

// coefficients writes 1/√(Variance+Eps) and −Mean times that, s times each.
func (g *Standardized) coefficients(scale, shift []float32, s int) {
	for j := range g.C {
		inv := inverseDeviation(g.Variance[j], g.Eps)
		a, b := float32(inv), float32(-float64(float64(g.Mean[j])*inv))
		for i := j; i < g.C*s; i += g.C {
			scale[i], shift[i] = a, b
		}
	}
}

func inverseDeviation(variance, eps float32) float64 {
	return 1 / math.Sqrt(float64(variance)+float64(eps))
}

// Standardize computes Y.
func Standardize(p *Pool, g Standardized) {
	p = p.or()
	s := strands(g.Rows, g.C)
	cols := g.C * s
	mem := p.scratch(2 * cols)
	g.coefficients(mem[:cols], mem[cols:], s)
	p.byRows(vecJob{f: p.set.vec.norm[g.Act], y: [3][]float32{g.Y}, x: [4][]float32{g.X}, p: [4][]float32{mem[:cols], mem[cols:]}, sums: 1}, g.Rows/s, cols)
}

// StandardizeBackward computes DX from DY, through mean and variance too unless Frozen; DX may be DY.
func StandardizeBackward(p *Pool, g Standardized) {
	p = p.or()
	s := strands(g.Rows, g.C)
	cols := g.C * s
	n := chunkCount(g.Rows/s, cols)
	mem := p.scratch((2*n + 5) * cols)
	sums, products, mem := mem[:n*cols], mem[n*cols:2*n*cols], mem[2*n*cols:]
	scale, shift, mean, b, c := mem[:cols], mem[cols:2*cols], mem[2*cols:3*cols], mem[3*cols:4*cols], mem[4*cols:]
	g.coefficients(scale, shift, s)
	repeat(mean, g.Mean[:g.C], s)
	input := [4][]float32{g.DY, g.X}
	p.byRows(vecJob{f: p.set.vec.normDot[g.Act], y: [3][]float32{sums, products}, x: input, p: [4][]float32{scale, shift, mean}}, g.Rows/s, cols)
	rows := float64(g.Rows)
	for j := range g.C {
		inv := inverseDeviation(g.Variance[j], g.Eps)
		slope := -inv * inv * inv * strandTotal(products, n, g.C, s, j) / rows
		level := -float64(slope*float64(g.Mean[j])) - float64(inv*strandTotal(sums, n, g.C, s, j)/rows)
		if g.Frozen {
			slope, level = 0, 0
		}
		for i := j; i < cols; i += g.C {
			b[i], c[i] = float32(slope), float32(level)
		}
	}
	p.byRows(vecJob{f: p.set.vec.normBack[g.Act], y: [3][]float32{g.DX}, x: input, p: [4][]float32{scale, shift, b, c}, sums: 1}, g.Rows/s, cols)
}
