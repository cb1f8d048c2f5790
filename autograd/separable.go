package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Separable is a depthwise convolution of x, N×H×W×C, by weights K×K×C followed by a pointwise one by weights 1×1×C×Cout,
// as two operations would compute it but for the gradients of the weights, which are summed group of images by group. The
// images go through both convolutions a few at a time, so that what lies between the two never leaves the near caches, and
// backward computes it anew instead of keeping it: with few channels memory costs more than arithmetic.
func (t *Tape) Separable(x, depthwise, pointwise *Var, w Window) *Var {
	c, cout := x.shape.At(3), pointwise.shape.At(-1)
	g := w.conv(x.shape, c, c)
	check(depthwise.shape == tensor.Of(w.Kernel, w.Kernel, c) && pointwise.shape == tensor.Of(1, 1, c, cout),
		"separable conv of %v by weights %v and %v with kernel %d", x.shape, depthwise.shape, pointwise.shape, w.Kernel)
	o := t.record("separable", tensor.Of(g.N, g.OH, g.OW, cout), x, depthwise, pointwise)
	o.keep = []*Var{x, depthwise, pointwise}
	y, pixels := o.out, g.OH*g.OW
	in, mid, out := g.H*g.W*c, pixels*c, pixels*cout
	group := min(max(1, separableFloats/(in+2*mid+out)), g.N)
	between := t.temp(o, group*mid)
	o.forward = func() {
		for first := 0; first < g.N; first += group {
			part := g
			part.N = min(group, g.N-first)
			kernel.DepthwiseForward(t.pool, between.value, x.value[first*in:][:part.N*in], depthwise.value, part)
			kernel.Gemm(t.pool, y.value[first*out:], between.value, pointwise.value, part.N*pixels, cout, c, false, false, false)
		}
	}
	again, slope := t.backTemp(o, group*mid), t.backTemp(o, group*mid)
	dx, dd, dp := o.in[0], o.in[1], o.in[2]
	dd.sums, dp.sums = true, true
	o.backward = func() {
		to, sumD, sumP := dx.target(), dd.sum(), dp.sum()
		for first := 0; first < g.N; first += group {
			part := g
			part.N = min(group, g.N-first)
			dy, x := y.grad[first*out:], x.value[first*in:][:part.N*in]
			if sumP != nil {
				kernel.DepthwiseForward(t.pool, again.value, x, depthwise.value, part)
				kernel.Gemm(t.pool, sumP, again.value, dy, c, cout, part.N*pixels, true, false, true)
			}
			if sumD == nil && to == nil {
				continue
			}
			kernel.Gemm(t.pool, slope.value, dy, pointwise.value, part.N*pixels, c, cout, false, true, false)
			if sumD != nil {
				kernel.DepthwiseBackwardWeights(t.pool, sumD, x, slope.value, part)
			}
			if to != nil {
				kernel.DepthwiseBackwardData(t.pool, to[first*in:], slope.value, depthwise.value, part)
			}
		}
		dx.finish(t.pool)
	}
	return y
}

// separableFloats is how much of its operands and of what lies between a group of images may take: half a mebibyte of a
// second-level cache.
const separableFloats = 128 << 10
