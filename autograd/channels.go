package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Channels takes the channels from … to−1 of x, N×H×W×C: the leading ones for an elastic width, or the parts of a split.
func (t *Tape) Channels(x *Var, from, to int) *Var {
	s, c := x.shape, x.shape.At(-1)
	check(s.Rank() == 4 && 0 <= from && from < to && to <= c, "channels %d to %d of %v", from, to-1, s)
	if from == 0 && to == c {
		return x
	}
	n, rows := to-from, s.Size()/c
	o := t.record("channels", tensor.Of(s.At(0), s.At(1), s.At(2), n), x)
	y, dx := o.out, o.in[0]
	o.forward = func() { kernel.CopyChannels(t.pool, y.value, n, 0, x.value, c, from, rows, n) }
	dx.sums = true
	o.backward = func() {
		if d := dx.sum(); d != nil {
			kernel.AddChannels(t.pool, d, c, from, y.grad, n, 0, rows, n)
		}
	}
	return y
}
