package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Window says how a square kernel slides over an image. With same padding (the default) the output is
// ⌈input/Stride⌉ high and wide and Dilation·(Kernel−1)/2 zeros stand on each side; Valid has none.
type Window struct {
	Kernel, Stride, Dilation int
	Valid                    bool
}

// over returns output size and padding for an input of n pixels.
func (w Window) over(n int) (out, pad int) {
	if w.Valid {
		return (n-w.Dilation*(w.Kernel-1)-1)/w.Stride + 1, 0
	}
	return (n + w.Stride - 1) / w.Stride, w.Dilation * (w.Kernel - 1) / 2
}

func (w Window) conv(x tensor.Shape, cout, groups int) kernel.ConvShape {
	oh, top := w.over(x.At(1))
	ow, left := w.over(x.At(2))
	return kernel.ConvShape{N: x.At(0), H: x.At(1), W: x.At(2), Cin: x.At(3), Cout: cout, KH: w.Kernel, KW: w.Kernel,
		Stride: w.Stride, PadTop: top, PadLeft: left, Dilation: w.Dilation, Groups: groups, OH: oh, OW: ow}
}

// Conv convolves x, N×H×W×Cin, with weights of shape K×K×Cin/groups×Cout; bias has Cout numbers or is nil.
func (t *Tape) Conv(x, weights, bias *Var, w Window, groups int) *Var {
	cout := weights.shape.At(3)
	g := w.conv(x.shape, cout, groups)
	check(weights.shape == tensor.Of(w.Kernel, w.Kernel, g.Cin/groups, cout),
		"conv of %v by weights %v with kernel %d and %d groups", x.shape, weights.shape, w.Kernel, groups)
	return t.convolve("conv", x, weights, bias, g)
}

// convolution is what an operation with a sliding window of weights computes, with the batch norms beside it that it runs along (see fold.go).
type convolution struct {
	shape            kernel.ConvShape
	x, weights, bias *Var
	in               *norm // x is its output, which is not stored: the convolution reads through it
	next             *norm // reads the output: the convolution counts for it
}

// convolve records a convolution of the given geometry.
func (t *Tape) convolve(kind string, x, weights, bias *Var, g kernel.ConvShape) *Var {
	o := t.record(kind, tensor.Of(g.N, g.OH, g.OW, g.Cout), x, weights, bias)
	c := &convolution{shape: g, x: x, weights: weights, bias: bias}
	o.conv, o.keep = c, []*Var{x, weights}
	y, rows := o.out, g.N*g.OH*g.OW
	o.forward = func() {
		if c.in == nil && c.next == nil {
			kernel.ConvForward(t.pool, y.value, c.x.value, c.weights.value, g)
		} else {
			mean, variance := c.next.moments()
			c.kernel().Forward(t.pool, y.value, mean, variance)
		}
		if c.bias != nil {
			kernel.AddBias(t.pool, y.value, c.bias.value, rows, g.Cout)
		}
	}
	o.addsBias(c.bias)
	dx, dw := o.in[0], o.in[1]
	dw.sums, dx.sums, dx.inPlace = true, !g.Depthwise(), g.InPlace()
	o.backward = func() {
		if c.bias != nil {
			kernel.BiasGrad(t.pool, o.in[2].sum(), y.grad, rows, g.Cout)
		}
		d := kernel.ConvNormGrad{DW: dw.sum(), DY: y.grad, Slope: c.next.slope(), Before: c.in.sums()}
		if d.Add = dx.sums && dx.add; d.Add {
			d.DX = dx.v.grad
		} else {
			d.DX = dx.target()
		}
		c.kernel().Backward(t.pool, d)
		if !d.Add {
			dx.finish(t.pool)
		}
	}
	return y
}

// kernel returns the convolution as it reads its input.
func (c *convolution) kernel() kernel.ConvNorm {
	return kernel.ConvNorm{Shape: c.shape, X: c.x.value, W: c.weights.value, In: c.in.apply()}
}

// addsBias marks the third operand, if it is there, as one to whose gradient backward adds.
func (o *op) addsBias(bias *Var) {
	if bias != nil {
		o.in[2].sums = true
	}
}
