package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Depthwise convolves each channel of x, N×H×W×C, with its own kernel; weights have shape K×K×C, bias C or nil.
func (t *Tape) Depthwise(x, weights, bias *Var, w Window) *Var {
	c := x.shape.At(3)
	g := w.conv(x.shape, c, c)
	check(weights.shape == tensor.Of(w.Kernel, w.Kernel, c), "depthwise conv of %v by weights %v with kernel %d", x.shape, weights.shape, w.Kernel)
	o := t.record("depthwise", tensor.Of(g.N, g.OH, g.OW, c), x, weights, bias)
	o.keep = []*Var{x, weights}
	y, rows := o.out, g.N*g.OH*g.OW
	o.forward = func() {
		kernel.DepthwiseForward(t.pool, y.value, x.value, weights.value, g)
		if bias != nil {
			kernel.AddBias(t.pool, y.value, bias.value, rows, c)
		}
	}
	o.addsBias(bias)
	dx, dw := o.in[0], o.in[1]
	dw.sums = true
	o.backward = func() {
		if d := dw.sum(); d != nil {
			kernel.DepthwiseBackwardWeights(t.pool, d, x.value, y.grad, g)
		}
		if bias != nil {
			kernel.BiasGrad(t.pool, o.in[2].sum(), y.grad, rows, c)
		}
		if d := dx.target(); d != nil {
			kernel.DepthwiseBackwardData(t.pool, d, y.grad, weights.value, g)
			dx.finish(t.pool)
		}
	}
	return y
}
