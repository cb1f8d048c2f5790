package autograd

import "github.com/trellis-nas/trellis/tensor"

// Flatten views each sample of x as one vector, N×1×1×(H·W·C), without moving a number.
func (t *Tape) Flatten(x *Var) *Var {
	n := x.shape.At(0)
	o := t.record("flatten", tensor.Of(n, 1, 1, x.shape.Size()/max(n, 1)), x)
	o.out.of = x
	dx := o.in[0]
	dx.pass = true
	o.backward = func() { dx.copyFrom(t.pool, o.out.grad) }
	return o.out
}

// Zeros is a value of zeros, through which no gradient flows.
func (t *Tape) Zeros(shape tensor.Shape) *Var {
	o := t.record("zero", shape)
	o.forward = func() { clear(o.out.value) }
	return o.out
}
