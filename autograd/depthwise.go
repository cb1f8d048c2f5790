package autograd

import "github.com/trellis-nas/trellis/tensor"

// Depthwise convolves each channel of x, N×H×W×C, with its own kernel; weights have shape K×K×C, bias C or nil.
func (t *Tape) Depthwise(x, weights, bias *Var, w Window) *Var {
	c := x.shape.At(3)
	g := w.conv(x.shape, c, c)
	check(weights.shape == tensor.Of(w.Kernel, w.Kernel, c), "depthwise conv of %v by weights %v with kernel %d", x.shape, weights.shape, w.Kernel)
	return t.convolve("depthwise", x, weights, bias, g)
}
