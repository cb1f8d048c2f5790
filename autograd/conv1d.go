package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Steps says how a kernel slides over the steps of a sequence, as Window does over an image. Causal puts all padding
// before the first step.
type Steps struct {
	Kernel, Stride, Dilation int
	Valid, Causal            bool
}

func (s Steps) conv(x tensor.Shape, cout, groups int) kernel.ConvShape {
	w := Window{Kernel: s.Kernel, Stride: s.Stride, Dilation: s.Dilation, Valid: s.Valid}
	steps, before := w.over(x.At(2))
	if s.Causal {
		before = s.Dilation * (s.Kernel - 1)
	}
	return kernel.ConvShape{N: x.At(0), H: 1, W: x.At(2), Cin: x.At(3), Cout: cout, KH: 1, KW: s.Kernel, Stride: s.Stride,
		PadLeft: before, Dilation: s.Dilation, Groups: groups, OH: 1, OW: steps}
}

// Conv1d convolves sequences x, N×1×T×Cin, with weights of shape K×Cin/groups×Cout; bias has Cout numbers or is nil.
func (t *Tape) Conv1d(x, weights, bias *Var, s Steps, groups int) *Var {
	cout := weights.shape.At(2)
	g := s.conv(x.shape, cout, groups)
	check(x.shape.At(1) == 1 && weights.shape == tensor.Of(s.Kernel, g.Cin/groups, cout),
		"conv1d of %v by weights %v with kernel %d and %d groups", x.shape, weights.shape, s.Kernel, groups)
	return t.convolve("conv1d", x, weights, bias, g)
}

// Depthwise1d convolves each channel of sequences x, N×1×T×C, with its own kernel; weights have shape K×C, bias C or
// is nil.
func (t *Tape) Depthwise1d(x, weights, bias *Var, s Steps) *Var {
	c := x.shape.At(3)
	g := s.conv(x.shape, c, c)
	check(x.shape.At(1) == 1 && weights.shape == tensor.Of(s.Kernel, c), "depthwise conv1d of %v by weights %v with kernel %d", x.shape, weights.shape, s.Kernel)
	return t.convolve("depthwise1d", x, weights, bias, g)
}
