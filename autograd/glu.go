package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// GLU multiplies the first half of the channels of x, N×H×W×2C, by an activation of the second (Dauphin et al., 2017).
func (t *Tape) GLU(x *Var, act kernel.Act) *Var {
	s := x.shape
	c := s.At(3) / 2
	check(s.At(3) == 2*c, "a gated linear unit of %v, whose channels have no halves", s)
	o := t.record("glu", tensor.Of(s.At(0), s.At(1), s.At(2), c), x)
	o.keep = []*Var{x}
	y, rows := o.out, s.At(0)*s.At(1)*s.At(2)
	o.forward = func() { kernel.GLUForward(t.pool, y.value, x.value, rows, c, act) }
	dx := o.in[0]
	o.backward = func() {
		kernel.GLUBackward(t.pool, dx.target(), y.grad, x.value, rows, c, act)
		dx.finish(t.pool)
	}
	return y
}

// Softmax turns the channels of each position into probabilities.
func (t *Tape) Softmax(x *Var) *Var {
	c := x.shape.At(-1)
	rows := x.shape.Size() / c
	o := t.record("softmax", x.shape, x)
	o.over = []*Var{x}
	y := o.out
	o.keep = []*Var{y}
	o.forward = func() { kernel.Softmax(t.pool, y.value, x.value, rows, c) }
	dx := o.in[0]
	dx.inPlace = true
	o.backward = func() {
		kernel.SoftmaxBackward(t.pool, dx.target(), y.grad, y.value, rows, c)
		dx.finish(t.pool)
	}
	return y
}
