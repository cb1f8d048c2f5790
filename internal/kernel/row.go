package kernel

import (
	"math"
	"unsafe"
)

// rowArgs describes one call of a row kernel: rows of cols floats, each row reduced to a number or two and rewritten.
// ldy, ldx and ldz are the bytes between rows of y[0], of x[0] and y[1], and of x[1].
//
// The assembly reads the fields by offset; internal/kernel/asm/row.go repeats them.
type rowArgs struct {
	y             [2]unsafe.Pointer // written, a number for each element
	x             [2]unsafe.Pointer // read
	p             [2]unsafe.Pointer // parameters of a column
	r             [2]unsafe.Pointer // a number for each row
	sum           [2]unsafe.Pointer // added to, a number for each column
	rows, cols    int
	ldy, ldx, ldz int
	s             [2]float32
}

// rowSet is one complete choice of row kernels. A sum over a row has sixteen lanes: lane i takes the elements i, i+16, …
// in order, and then lane i takes lane i+8, i+4, i+2, i+1 in turn. A maximum goes the same way and passes over NaN.
type rowSet struct {
	exp            func(*rowArgs) // y = e^(x−r0), r0 = max x, r1 = 1/Σ y
	expGrad        func(*rowArgs) // y = e = e^(x0−r0) (over x0), y1 = e·((x1 − r1)·s0)
	softmaxGrad    func(*rowArgs) // y = x1·(x0 − Σ x0·x1)
	scale          func(*rowArgs) // y = x0·r0 + s0
	scaleDot       func(*rowArgs) // y = x0·r0, r1 = Σ y·x1
	layerNorm      func(*rowArgs) // r0 = mean, r1 = 1/√(variance+s1), y = (x0−r0)·r1·p0 + p1; s0 = 1/cols
	layerNormAdd   func(*rowArgs) // the same of x0+x1, which y1 receives
	layerNormGrad  func(*rowArgs) // gradient of layerNorm for dy = x0 and x1 = its input; sums: of the scale, the shift
	rmsNorm        func(*rowArgs) // r1 = 1/√(Σ x0²·s0 + s1), y = x0·r1·p0
	rmsNormGrad    func(*rowArgs)
	zeroSum        func(*rowArgs) // r1 = Σ x0·0, which is 0 unless some x0 is NaN or infinite
	transpose      func(*rowArgs) // y[j][i] = x0[i][j]·s0 for rows×cols of x0
	transposeBlock int            // transpose takes multiples of it
}

// row returns row i of y[0], x[0] and x[1].
func (t *rowArgs) row(p unsafe.Pointer, i, ld int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(p, i*ld)), t.cols)
}

func (t *rowArgs) params(i int) []float32 { return unsafe.Slice((*float32)(t.p[i]), t.cols) }
func (t *rowArgs) sums(i int) []float32   { return unsafe.Slice((*float32)(t.sum[i]), t.cols) }
func (t *rowArgs) each(i int) []float32   { return unsafe.Slice((*float32)(t.r[i]), t.rows) }

// lanes are the partial sums of a row.
type lanes [16]float32

func (l *lanes) total() float32 {
	for w := 8; w >= 1; w /= 2 {
		for i := range w {
			l[i] += l[i+w]
		}
	}
	return l[0]
}

// sumOf returns the sum over a row of what f adds to the lane of element j.
func sumOf(n int, f func(sum float32, j int) float32) float32 {
	var l lanes
	for j := range n {
		l[j%16] = f(l[j%16], j)
	}
	return l.total()
}

func rowMax(x []float32) float32 {
	var l lanes
	for i := range l {
		l[i] = float32(math.Inf(-1))
	}
	for j, v := range x {
		if v > l[j%16] {
			l[j%16] = v
		}
	}
	for w := 8; w >= 1; w /= 2 {
		for i := range w {
			if l[i+w] > l[i] {
				l[i] = l[i+w]
			}
		}
	}
	return l[0]
}

// rowGo is the definition of the row kernels.
var rowGo = rowSet{
	exp: func(t *rowArgs) {
		top, inv := t.each(0), t.each(1)
		for i := range t.rows {
			x, y := t.row(t.x[0], i, t.ldx), t.row(t.y[0], i, t.ldy)
			m := rowMax(x)
			top[i] = m
			inv[i] = 1 / sumOf(t.cols, func(s float32, j int) float32 {
				y[j] = exp(x[j] - m)
				return s + y[j]
			})
		}
	},
	expGrad: func(t *rowArgs) {
		top, dot := t.each(0), t.each(1)
		for i := range t.rows {
			x, e := t.row(t.x[0], i, t.ldx), t.row(t.y[0], i, t.ldy)
			d, z := t.row(t.y[1], i, t.ldx), t.row(t.x[1], i, t.ldz)
			for j, v := range x {
				e[j] = exp(v - top[i])
				d[j] = e[j] * float32((z[j]-dot[i])*t.s[0])
			}
		}
	},
	softmaxGrad: func(t *rowArgs) {
		for i := range t.rows {
			dy, y, dx := t.row(t.x[0], i, t.ldx), t.row(t.x[1], i, t.ldz), t.row(t.y[0], i, t.ldy)
			dot := sumOf(t.cols, func(s float32, j int) float32 { return fma32(dy[j], y[j], s) })
			for j := range dx {
				dx[j] = y[j] * (dy[j] - dot)
			}
		}
	},
	scale: func(t *rowArgs) {
		r := t.each(0)
		for i := range t.rows {
			x, y := t.row(t.x[0], i, t.ldx), t.row(t.y[0], i, t.ldy)
			for j := range y {
				y[j] = fma32(x[j], r[i], t.s[0])
			}
		}
	},
	scaleDot: func(t *rowArgs) {
		r, dot := t.each(0), t.each(1)
		for i := range t.rows {
			x, z, y := t.row(t.x[0], i, t.ldx), t.row(t.x[1], i, t.ldz), t.row(t.y[0], i, t.ldy)
			dot[i] = sumOf(t.cols, func(s float32, j int) float32 {
				y[j] = x[j] * r[i]
				return fma32(y[j], z[j], s)
			})
		}
	},
	layerNorm:    func(t *rowArgs) { goLayerNorm(t, false) },
	layerNormAdd: func(t *rowArgs) { goLayerNorm(t, true) },
	layerNormGrad: func(t *rowArgs) {
		gamma, mean, inv, dgamma, dbeta := t.params(0), t.each(0), t.each(1), t.sums(0), t.sums(1)
		for i := range t.rows {
			dy, x, dx := t.row(t.x[0], i, t.ldx), t.row(t.x[1], i, t.ldz), t.row(t.y[0], i, t.ldy)
			m, r := mean[i], inv[i]
			hat := func(j int) float32 { return float32(x[j]-m) * r }
			a := float32(sumOf(t.cols, func(s float32, j int) float32 { return fma32(dy[j], gamma[j], s) }) * t.s[0])
			b := sumOf(t.cols, func(s float32, j int) float32 { return fma32(float32(dy[j]*gamma[j]), hat(j), s) }) * t.s[0]
			for j := range dx {
				d, h := dy[j], hat(j)
				dgamma[j] = fma32(d, h, dgamma[j])
				dbeta[j] += d
				dx[j] = fma32(-b, h, float32(d*gamma[j])-a) * r
			}
		}
	},
	rmsNorm: func(t *rowArgs) {
		gamma, inv := t.params(0), t.each(1)
		for i := range t.rows {
			x, y := t.row(t.x[0], i, t.ldx), t.row(t.y[0], i, t.ldy)
			square := sumOf(t.cols, func(s float32, j int) float32 { return fma32(x[j], x[j], s) })
			inv[i] = inverseRoot(fma32(square, t.s[0], t.s[1]))
			for j := range y {
				y[j] = float32(x[j]*inv[i]) * gamma[j]
			}
		}
	},
	rmsNormGrad: func(t *rowArgs) {
		gamma, inv, dgamma := t.params(0), t.each(1), t.sums(0)
		for i := range t.rows {
			dy, x, dx := t.row(t.x[0], i, t.ldx), t.row(t.x[1], i, t.ldz), t.row(t.y[0], i, t.ldy)
			r := inv[i]
			b := sumOf(t.cols, func(s float32, j int) float32 { return fma32(float32(dy[j]*gamma[j]), float32(x[j]*r), s) }) * t.s[0]
			for j := range dx {
				d, h := dy[j], float32(x[j]*r)
				dgamma[j] = fma32(d, h, dgamma[j])
				dx[j] = fma32(-b, h, float32(d*gamma[j])) * r
			}
		}
	},
	zeroSum: func(t *rowArgs) {
		sum := t.each(1)
		for i := range t.rows {
			x := t.row(t.x[0], i, t.ldx)
			sum[i] = sumOf(t.cols, func(s float32, j int) float32 { return fma32(x[j], 0, s) })
		}
	},
	transpose:      goTranspose,
	transposeBlock: 1,
}

func goLayerNorm(t *rowArgs, add bool) {
	gamma, beta, mean, inv := t.params(0), t.params(1), t.each(0), t.each(1)
	for i := range t.rows {
		x, y := t.row(t.x[0], i, t.ldx), t.row(t.y[0], i, t.ldy)
		if add {
			z, sum := t.row(t.x[1], i, t.ldz), t.row(t.y[1], i, t.ldx)
			for j := range sum {
				sum[j] = x[j] + z[j]
			}
			x = sum
		}
		m := float32(sumOf(t.cols, func(s float32, j int) float32 { return s + x[j] }) * t.s[0])
		square := sumOf(t.cols, func(s float32, j int) float32 { return fma32(x[j]-m, x[j]-m, s) })
		mean[i], inv[i] = m, inverseRoot(fma32(square, t.s[0], t.s[1]))
		for j := range y {
			y[j] = fma32(float32((x[j]-m)*inv[i]), gamma[j], beta[j])
		}
	}
}

func inverseRoot(x float32) float32 { return 1 / float32(math.Sqrt(float64(x))) }

func goTranspose(t *rowArgs) {
	for i := range t.rows {
		for j, v := range t.row(t.x[0], i, t.ldx) {
			*(*float32)(unsafe.Add(t.y[0], j*t.ldy+4*i)) = v * t.s[0]
		}
	}
}
