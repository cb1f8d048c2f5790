package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Axes names dimensions of a value N×H×W×C.
type Axes struct{ Height, Width, Channels bool }

// MeanOver takes the mean of x, N×H×W×C, over the axes that are set, each of which becomes 1.
func (t *Tape) MeanOver(x *Var, over Axes) *Var {
	s := x.shape
	n, h, w, c := s.At(0), s.At(1), s.At(2), s.At(3)
	switch over {
	case Axes{}:
		return x
	case Axes{Height: true}:
		return t.meanOf("mean", x, n, h, w*c, tensor.Of(n, 1, w, c))
	case Axes{Width: true}:
		return t.meanOf("mean", x, n*h, w, c, tensor.Of(n, h, 1, c))
	case Axes{Channels: true}:
		return t.meanOf("mean", x, n*h*w, c, 1, tensor.Of(n, h, w, 1))
	case Axes{Height: true, Width: true}:
		return t.meanOf("mean", x, n, h*w, c, tensor.Of(n, 1, 1, c))
	case Axes{Width: true, Channels: true}:
		return t.meanOf("mean", x, n*h, w*c, 1, tensor.Of(n, h, 1, 1))
	case Axes{Height: true, Width: true, Channels: true}:
		return t.meanOf("mean", x, n, h*w*c, 1, tensor.Of(n, 1, 1, 1))
	}
	return t.MeanOver(t.MeanOver(x, Axes{Channels: true}), Axes{Height: true})
}

// meanOf takes the mean of the middle one of three dimensions.
func (t *Tape) meanOf(kind string, x *Var, outer, middle, inner int, shape tensor.Shape) *Var {
	o := t.record(kind, shape, x)
	y := o.out
	o.forward = func() { kernel.GlobalAvgForward(t.pool, y.value, x.value, outer, middle, inner) }
	dx := o.in[0]
	o.backward = func() {
		kernel.GlobalAvgBackward(t.pool, dx.target(), y.grad, outer, middle, inner)
		dx.finish(t.pool)
	}
	return y
}

// MeanSteps takes the mean of each sequence of x, N×1×T×C, over as many first steps as lengths, N numbers, says.
func (t *Tape) MeanSteps(x, lengths *Var) *Var {
	s := x.shape
	n, steps, c := s.At(0), s.At(2), s.At(3)
	check(s.At(1) == 1 && lengths.shape.Size() == n, "mean over the steps of %v with lengths %v", s, lengths.shape)
	o := t.record("mean", tensor.Of(n, 1, 1, c), x, lengths)
	o.keep = []*Var{lengths}
	y := o.out
	o.forward = func() { kernel.MeanSteps(t.pool, y.value, x.value, lengths.value, n, steps, c) }
	dx := o.in[0]
	o.backward = func() {
		if d := dx.target(); d != nil {
			kernel.MeanStepsBackward(t.pool, d, y.grad, lengths.value, n, steps, c)
			dx.finish(t.pool)
		}
	}
	return y
}
