package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Affine computes act(x·w + bias) at every position of x, N×H×W×C: weights have shape C×Out or 1×1×C×Out, bias Out
// numbers or is nil, act is None, ReLU or ReLU6.
func (t *Tape) Affine(x, weights, bias *Var, act kernel.Act) *Var {
	in, out := weights.shape.At(-2), weights.shape.At(-1)
	rows := x.shape.Size() / max(x.shape.At(-1), 1)
	check(x.shape.At(-1) == in && weights.shape.Size() == in*out, "dense layer at every position of %v by weights %v", x.shape, weights.shape)
	check(act == kernel.None || act == kernel.ReLU || act == kernel.ReLU6, "activation %d cannot be fused", act)
	o := t.record("affine", tensor.Of(x.shape.At(0), x.shape.At(1), x.shape.At(2), out), x, weights, bias)
	o.keep = []*Var{x, weights}
	z := o.out
	o.forward = func() {
		var b []float32
		if bias != nil {
			b = bias.value
		}
		kernel.Affine(t.pool, z.value, x.value, weights.value, b, rows, in, out, act)
	}
	o.addsBias(bias)
	dx, dw := o.in[0], o.in[1]
	dw.sums = true
	dbias := func() []float32 {
		if bias == nil {
			return nil
		}
		return o.in[2].sum()
	}
	g := kernel.ConvShape{N: rows, H: 1, W: 1, Cin: in, Cout: out, KH: 1, KW: 1, Stride: 1, Dilation: 1, Groups: 1, OH: 1, OW: 1}
	o.backward = func() {
		if act == kernel.None {
			kernel.AffineOutput(t.pool, z.grad, dbias(), z.grad, nil, rows, out, act)
		}
		if d := dw.sum(); d != nil {
			kernel.ConvBackwardWeights(t.pool, d, x.value, z.grad, g)
		}
		if d := dx.target(); d != nil {
			kernel.Gemm(t.pool, d, z.grad, weights.value, rows, in, out, false, true, false)
			dx.finish(t.pool)
		}
	}
	if act == kernel.None {
		return z
	}
	// The activation is an operation of its own, so that the planner knows whose gradient is whose. Its forward was
	// done with the product; where its output has storage of its own, doing it twice is doing it once.
	a := t.record("activation", z.shape, z)
	y := a.out
	a.keep, a.over = []*Var{y}, []*Var{z}
	a.forward = func() {
		if &y.value[0] != &z.value[0] {
			kernel.ActForward(t.pool, y.value, z.value, act)
		}
	}
	dz := a.in[0]
	dz.inPlace = true
	a.backward = func() {
		kernel.AffineOutput(t.pool, dz.target(), dbias(), y.grad, y.value, rows, out, act)
		dz.finish(t.pool)
	}
	return y
}
