package autograd

import (
	"unsafe"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

func (w Window) pool(x tensor.Shape) kernel.PoolShape {
	oh, top := w.over(x.At(1))
	ow, left := w.over(x.At(2))
	return kernel.PoolShape{N: x.At(0), H: x.At(1), W: x.At(2), C: x.At(3), K: w.Kernel, Stride: w.Stride,
		PadTop: top, PadLeft: left, OH: oh, OW: ow}
}

// MaxPool takes the largest value of each window of x, N×H×W×C; its gradient goes to the first of equals. Backward
// keeps one byte an output, which says where the largest was. w.Dilation must be 1.
func (t *Tape) MaxPool(x *Var, w Window) *Var {
	g := w.pool(x.shape)
	o := t.record("maxpool", tensor.Of(g.N, g.OH, g.OW, g.C), x)
	y := o.out
	where := t.save(o, (y.shape.Size()+3)/4)
	o.forward = func() { kernel.MaxPoolForward(t.pool, y.value, x.value, octets(where, len(y.value)), g) }
	dx := o.in[0]
	o.backward = func() {
		kernel.MaxPoolBackward(t.pool, dx.target(), y.grad, octets(where, len(y.grad)), g)
		dx.finish(t.pool)
	}
	return y
}

// AvgPool takes the mean of each window of x, N×H×W×C; padding is not counted in. w.Dilation must be 1.
func (t *Tape) AvgPool(x *Var, w Window) *Var {
	g := w.pool(x.shape)
	o := t.record("avgpool", tensor.Of(g.N, g.OH, g.OW, g.C), x)
	y := o.out
	o.forward = func() { kernel.AvgPoolForward(t.pool, y.value, x.value, g) }
	dx := o.in[0]
	o.backward = func() {
		kernel.AvgPoolBackward(t.pool, dx.target(), y.grad, g)
		dx.finish(t.pool)
	}
	return y
}

// GlobalAvgPool takes the mean of each channel of x, N×H×W×C, over all positions, giving N×1×1×C.
func (t *Tape) GlobalAvgPool(x *Var) *Var {
	n, hw, c := x.shape.At(0), x.shape.At(1)*x.shape.At(2), x.shape.At(3)
	return t.meanOf("globalavgpool", x, n, hw, c, tensor.Of(n, 1, 1, c))
}

// octets views the storage of v as n bytes, so that masks live in the planned memory too.
func octets(v *Var, n int) []uint8 { return unsafe.Slice((*uint8)(unsafe.Pointer(&v.value[0])), n) }
