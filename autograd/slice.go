package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Slice takes size channels of x, N×H×W×C, beginning with channel from.
func (t *Tape) Slice(x *Var, from, size int) *Var {
	s := x.shape
	c := s.At(3)
	check(from >= 0 && size >= 1 && from+size <= c, "channels %d to %d of %v", from, from+size-1, s)
	o := t.record("slice", tensor.Of(s.At(0), s.At(1), s.At(2), size), x)
	y, rows := o.out, s.At(0)*s.At(1)*s.At(2)
	o.forward = func() { kernel.CopyChannels(t.pool, y.value, size, 0, x.value, c, from, rows, size) }
	dx := o.in[0]
	dx.sums = true
	o.backward = func() { kernel.AddChannels(t.pool, dx.sum(), c, from, y.grad, size, 0, rows, size) }
	return y
}
