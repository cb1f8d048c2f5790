package kernel

import (
	"math"
	"unsafe"
)

// vecArgs describes one call of a vector kernel over dense rows×cols arrays: outputs (or, last, sums over the rows),
// inputs, parameters of a column, scalars.
//
// The assembly reads the fields by offset; internal/kernel/asm/vector.go repeats them.
type vecArgs struct {
	y          [3]unsafe.Pointer
	x          [4]unsafe.Pointer
	p          [4]unsafe.Pointer
	rows, cols int
	s          [8]float32
}

// vecSet is one complete choice of vector kernels. The kernels of an activation are indexed by it.
type vecSet struct {
	add, mul, scale, axpy, bias, gate, normGrad func(*vecArgs)
	momentum, nesterov, plainSGD, adamW         func(*vecArgs)
	colSum, colMoments, gateGrad, maxStep       func(*vecArgs)
	mix1, mix2, mix3, dot                       func(*vecArgs)
	actValue, actSlope, norm, normAdd           [acts]func(*vecArgs)
	normSum, normAddSum                         [acts]func(*vecArgs)
	normDot, normBack                           [acts]func(*vecArgs) // nil where a second evaluation costs more than memory
}

// acts is the number of activations.
const acts = int(GELU) + 1

func (t *vecArgs) out(i int) []float32 { return unsafe.Slice((*float32)(t.y[i]), t.rows*t.cols) }
func (t *vecArgs) sum(i int) []float32 { return unsafe.Slice((*float32)(t.y[i]), t.cols) }
func (t *vecArgs) in(i int) []float32  { return unsafe.Slice((*float32)(t.x[i]), t.rows*t.cols) }
func (t *vecArgs) par(i int) []float32 { return unsafe.Slice((*float32)(t.p[i]), t.cols) }

// vecGo is the definition of the vector kernels.
var vecGo = vecSet{
	add: func(t *vecArgs) {
		y, a, b := t.out(0), t.in(0), t.in(1)
		for i := range y {
			y[i] = a[i] + b[i]
		}
	},
	mul: func(t *vecArgs) {
		y, a, b := t.out(0), t.in(0), t.in(1)
		for i := range y {
			y[i] = a[i] * b[i]
		}
	},
	scale: func(t *vecArgs) {
		y, x := t.out(0), t.in(0)
		for i := range y {
			y[i] = x[i] * t.s[0]
		}
	},
	axpy: func(t *vecArgs) { // y = s·x0 + x1
		y, x, z := t.out(0), t.in(0), t.in(1)
		for i := range y {
			y[i] = fma32(x[i], t.s[0], z[i])
		}
	},
	bias: func(t *vecArgs) {
		y, x, b := t.out(0), t.in(0), t.par(0)
		for i := range y {
			y[i] = x[i] + b[i%t.cols]
		}
	},
	gate: func(t *vecArgs) {
		y, x, b := t.out(0), t.in(0), t.par(0)
		for i := range y {
			y[i] = x[i] * b[i%t.cols]
		}
	},
	normGrad: func(t *vecArgs) { // y = x0·p0 + (x1·p1 + p2)
		y, d, x, a, b, c := t.out(0), t.in(0), t.in(1), t.par(0), t.par(1), t.par(2)
		for i := range y {
			j := i % t.cols
			y[i] = fma32(d[i], a[j], fma32(x[i], b[j], c[j]))
		}
	},
	momentum: func(t *vecArgs) { // s: weight decay, momentum, −rate
		w, v := t.out(0), t.out(1)
		x, grad, old := t.in(0), t.in(1), t.in(2)
		for i := range w {
			d := fma32(old[i], t.s[1], fma32(x[i], t.s[0], grad[i]))
			w[i], v[i] = fma32(d, t.s[2], x[i]), d
		}
	},
	nesterov: func(t *vecArgs) {
		w, v := t.out(0), t.out(1)
		x, grad, old := t.in(0), t.in(1), t.in(2)
		for i := range w {
			g := fma32(x[i], t.s[0], grad[i])
			d := fma32(old[i], t.s[1], g)
			w[i], v[i] = fma32(fma32(d, t.s[1], g), t.s[2], x[i]), d
		}
	},
	plainSGD: func(t *vecArgs) { // s: weight decay, −rate
		w, x, grad := t.out(0), t.in(0), t.in(1)
		for i := range w {
			w[i] = fma32(fma32(x[i], t.s[0], grad[i]), t.s[1], x[i])
		}
	},
	adamW: func(t *vecArgs) { // s: β1, 1−β1, β2, 1−β2, 1/√(1−β2^t), ε, −rate, 1−rate·decay
		w, m, v := t.out(0), t.out(1), t.out(2)
		x, grad, m0, v0, s := t.in(0), t.in(1), t.in(2), t.in(3), &t.s
		for i := range w {
			g := grad[i]
			a := fma32(m0[i], s[0], float32(g*s[1]))
			u := fma32(v0[i], s[2], float32(float32(g*s[3])*g))
			d := fma32(float32(math.Sqrt(float64(u))), s[4], s[5])
			w[i], m[i], v[i] = fma32(a/d, s[6], float32(x[i]*s[7])), a, u
		}
	},
	mix1: func(t *vecArgs) { goMix(t, 1) },
	mix2: func(t *vecArgs) { goMix(t, 2) },
	mix3: func(t *vecArgs) { goMix(t, 3) },
	dot: func(t *vecArgs) { // sum of x0·(x1 − p0)
		s, d, x, p := t.sum(0), t.in(0), t.in(1), t.par(0)
		clear(s)
		for i, v := range d {
			j := i % t.cols
			s[j] = fma32(v, x[i]-p[j], s[j])
		}
	},
	colSum: func(t *vecArgs) {
		s, x := t.sum(0), t.in(0)
		clear(s)
		for i, v := range x {
			s[i%t.cols] += v
		}
	},
	colMoments: func(t *vecArgs) { // of x − p0
		s, q, x, p := t.sum(0), t.sum(1), t.in(0), t.par(0)
		clear(s)
		clear(q)
		for i, v := range x {
			j := i % t.cols
			d := v - p[j]
			s[j] += d
			q[j] = fma32(d, d, q[j])
		}
	},
	gateGrad: func(t *vecArgs) { // y = x0·p0, sum of x0·x1
		y, s, d, x, p := t.out(0), t.sum(1), t.in(0), t.in(1), t.par(0)
		clear(s)
		for i, v := range d {
			j := i % t.cols
			s[j] = fma32(v, x[i], s[j])
			y[i] = v * p[j]
		}
	},
	maxStep: func(t *vecArgs) { // where y (x0) is neither NaN nor at least x2, y = x2 and its tap (x1) = s
		y, tap, x := t.out(0), t.out(1), t.in(2)
		for i, v := range x {
			if !(v <= y[i]) && y[i] == y[i] {
				y[i], tap[i] = v, t.s[0]
			}
		}
	},
	actValue:   perAct(goActValue),
	actSlope:   perAct(goActSlope),
	norm:       perAct(goNorm),
	normAdd:    perAct(goNormAdd),
	normSum:    perAct(goNormSum),
	normAddSum: perAct(goNormAddSum),
	normDot:    perAct(goNormDot),
	normBack:   perAct(goNormBack),
}

// perAct binds a kernel to each activation.
func perAct(f func(*vecArgs, Act)) (list [acts]func(*vecArgs)) {
	for a := range list {
		list[a] = func(t *vecArgs) { f(t, Act(a)) }
	}
	return list
}

// goMix computes y = x0·p0 + (… + (xₙ₋₁·pₙ₋₁ + xₙ)).
func goMix(t *vecArgs, n int) {
	y, base := t.out(0), t.in(n)
	for i := range y {
		sum := base[i]
		for k := n - 1; k >= 0; k-- {
			sum = fma32(t.in(k)[i], t.par(k)[i%t.cols], sum)
		}
		y[i] = sum
	}
}

func goActValue(t *vecArgs, act Act) {
	y, x := t.out(0), t.in(0)
	for i := range y {
		y[i] = act.value(x[i])
	}
}

func goActSlope(t *vecArgs, act Act) {
	y, d, x := t.out(0), t.in(0), t.in(1)
	for i := range y {
		y[i] = act.slope(d[i], x[i])
	}
}

func goNorm(t *vecArgs, act Act) {
	y, x, scale, shift := t.out(0), t.in(0), t.par(0), t.par(1)
	for i := range y {
		y[i] = act.value(fma32(x[i], scale[i%t.cols], shift[i%t.cols]))
	}
}

func goNormAdd(t *vecArgs, act Act) {
	y, x, r, scale, shift := t.out(0), t.in(0), t.in(1), t.par(0), t.par(1)
	for i := range y {
		y[i] = act.value(fma32(x[i], scale[i%t.cols], shift[i%t.cols]) + r[i])
	}
}

// goNormSum computes y = x0·act'(x1·p0 + p1), its sum and the sum of its products with x1 − p2.
func goNormSum(t *vecArgs, act Act) { normSum(t, act, nil) }

// goNormAddSum is goNormSum with x2 added to the activation's input.
func goNormAddSum(t *vecArgs, act Act) { normSum(t, act, t.in(2)) }

func normSum(t *vecArgs, act Act, r []float32) {
	y, s, q, dy, x, scale, shift, mean := t.out(0), t.sum(1), t.sum(2), t.in(0), t.in(1), t.par(0), t.par(1), t.par(2)
	clear(s)
	clear(q)
	for i, v := range x {
		j := i % t.cols
		z := fma32(v, scale[j], shift[j])
		if r != nil {
			z += r[i]
		}
		d := act.slope(dy[i], z)
		s[j] += d
		q[j] = fma32(d, v-mean[j], q[j])
		y[i] = d
	}
}

// goNormDot is goNormSum that keeps only the sums.
func goNormDot(t *vecArgs, act Act) {
	s, q, dy, x, scale, shift, mean := t.sum(0), t.sum(1), t.in(0), t.in(1), t.par(0), t.par(1), t.par(2)
	clear(s)
	clear(q)
	for i, v := range x {
		j := i % t.cols
		d := act.slope(dy[i], fma32(v, scale[j], shift[j]))
		s[j] += d
		q[j] = fma32(d, v-mean[j], q[j])
	}
}

// goNormBack computes y = d·p0 + (x1·p2 + p3) with d = x0·act'(x1·p0 + p1).
func goNormBack(t *vecArgs, act Act) {
	y, dy, x, scale, shift, b, c := t.out(0), t.in(0), t.in(1), t.par(0), t.par(1), t.par(2), t.par(3)
	for i, v := range x {
		j := i % t.cols
		d := act.slope(dy[i], fma32(v, scale[j], shift[j]))
		y[i] = fma32(d, scale[j], fma32(v, b[j], c[j]))
	}
}
