package kernel

// Add computes y = a + b; y may be a or b.
func Add(p *Pool, y, a, b []float32) {
	p = p.or()
	p.flat(p.set.vec.add, y, a, b)
}

// AddTo computes y += x.
func AddTo(p *Pool, y, x []float32) { Add(p, y, y, x) }

// Mul computes y = a·b; y may be a or b.
func Mul(p *Pool, y, a, b []float32) {
	p = p.or()
	p.flat(p.set.vec.mul, y, a, b)
}

// Scale computes y = s·x; y may be x.
func Scale(p *Pool, y, x []float32, s float32) {
	p = p.or()
	p.elementwise(p.set.vec.scale, [3][]float32{y}, [4][]float32{x}, [8]float32{s})
}

// Axpy computes y += s·x with fused multiply-add.
func Axpy(p *Pool, y, x []float32, s float32) {
	p = p.or()
	p.elementwise(p.set.vec.axpy, [3][]float32{y}, [4][]float32{x, y}, [8]float32{s})
}

// ApplyMask computes y = x·scale where mask is not zero, and 0 where it is: dropout forward and backward with
// scale = 1/(1−rate). y may be x.
func ApplyMask(p *Pool, y, x []float32, mask []uint8, scale float32) {
	x, mask = x[:len(y)], mask[:len(y)]
	for i := range y {
		y[i] = keep(float32(x[i]*scale), mask[i] != 0)
	}
}

// Sum returns the sum of x, added one after another in float64.
func Sum(p *Pool, x []float32) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v)
	}
	return s
}

// SumSquares returns the sum of the squares of x (for clipping by norm), added one after another in float64.
func SumSquares(p *Pool, x []float32) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(float64(v) * float64(v))
	}
	return s
}
