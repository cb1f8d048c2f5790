package kernel

import "math"

// Add computes y = a + b; y may be a or b.
func Add(p *Pool, y, a, b []float32) {
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

// AddTo computes y += x.
func AddTo(p *Pool, y, x []float32) {
	for i := range y {
		y[i] += x[i]
	}
}

// Mul computes y = a·b; y may be a or b.
func Mul(p *Pool, y, a, b []float32) {
	for i := range y {
		y[i] = a[i] * b[i]
	}
}

// Scale computes y = s·x; y may be x.
func Scale(p *Pool, y, x []float32, s float32) {
	for i := range y {
		y[i] = s * x[i]
	}
}

// Axpy computes y += s·x with fused multiply-add.
func Axpy(p *Pool, y, x []float32, s float32) {
	for i := range y {
		y[i] = fma32(s, x[i], y[i])
	}
}

// ApplyMask computes y = x·scale where mask is not zero, and 0 where it is: dropout forward and backward with
// scale = 1/(1−rate). y may be x.
func ApplyMask(p *Pool, y, x []float32, mask []uint8, scale float32) {
	for i := range y {
		if mask[i] != 0 {
			y[i] = x[i] * scale
		} else {
			y[i] = 0
		}
	}
}

// Sum returns the sum of x, accumulated in float64 by fixed chunks.
func Sum(p *Pool, x []float32) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v)
	}
	return s
}

// SumSquares returns the sum of the squares of x (for clipping by norm), accumulated in float64 by fixed chunks.
func SumSquares(p *Pool, x []float32) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

// AllFinite reports whether x holds neither NaN nor infinity.
func AllFinite(p *Pool, x []float32) bool {
	for _, v := range x {
		if math.Float32bits(v)&0x7f800000 == 0x7f800000 {
			return false
		}
	}
	return true
}
