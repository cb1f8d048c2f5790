package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Dense multiplies each sample of x, N×1×1×C, by weights of shape C×Out and adds bias, Out numbers or nil.
func (t *Tape) Dense(x, weights, bias *Var) *Var {
	n, c, out := x.shape.At(0), weights.shape.At(0), weights.shape.At(1)
	check(x.shape.Size() == n*c, "dense layer of %v by weights %v", x.shape, weights.shape)
	o := t.record("dense", tensor.Of(n, 1, 1, out), x, weights, bias)
	o.keep = []*Var{x, weights}
	y := o.out
	o.forward = func() {
		kernel.Gemm(t.pool, y.value, x.value, weights.value, n, out, c, false, false, false)
		if bias != nil {
			kernel.AddBias(t.pool, y.value, bias.value, n, out)
		}
	}
	o.addsBias(bias)
	dx, dw := o.in[0], o.in[1]
	dw.sums = true
	o.backward = func() {
		if d := dw.sum(); d != nil {
			kernel.Gemm(t.pool, d, x.value, y.grad, c, out, n, true, false, true)
		}
		if bias != nil {
			kernel.BiasGrad(t.pool, o.in[2].sum(), y.grad, n, out)
		}
		if d := dx.target(); d != nil {
			kernel.Gemm(t.pool, d, y.grad, weights.value, n, c, out, false, true, false)
			dx.finish(t.pool)
		}
	}
	return y
}
