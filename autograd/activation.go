package autograd

import "github.com/trellis-nas/trellis/internal/kernel"

// Activate applies an activation function to every element. Backward keeps the input, or for ReLU and ReLU6, whose
// slope can be told from it, the output, which the next layer needs anyway.
func (t *Tape) Activate(x *Var, act kernel.Act) *Var {
	o := t.record("activation", x.shape, x)
	y, kept := o.out, x
	if act == kernel.ReLU || act == kernel.ReLU6 {
		kept = y
	}
	o.keep, o.over = []*Var{kept}, []*Var{x}
	o.forward = func() { kernel.ActForward(t.pool, y.value, x.value, act) }
	dx := o.in[0]
	dx.inPlace = true
	o.backward = func() {
		kernel.ActBackward(t.pool, dx.target(), y.grad, kept.value, act)
		dx.finish(t.pool)
	}
	return y
}
