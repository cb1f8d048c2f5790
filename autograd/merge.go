package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Add sums two or more values of one shape, in order. Its gradient is that of every operand, mostly without a copy.
func (t *Tape) Add(xs ...*Var) *Var {
	check(len(xs) >= 2, "a sum of %d values", len(xs))
	for _, x := range xs {
		check(x.shape == xs[0].shape, "a sum of shapes %v and %v", xs[0].shape, x.shape)
	}
	o := t.record("add", xs[0].shape, xs...)
	y := o.out
	o.over = []*Var{xs[0], xs[1]}
	o.forward = func() {
		kernel.Add(t.pool, y.value, xs[0].value, xs[1].value)
		for _, x := range xs[2:] {
			kernel.AddTo(t.pool, y.value, x.value)
		}
	}
	for _, s := range o.in {
		s.pass = true
	}
	o.backward = func() {
		for _, s := range o.in {
			s.copyFrom(t.pool, y.grad)
		}
	}
	return y
}

// Concat lays the channels of two or more values, N×H×W×Cᵢ, behind one another.
func (t *Tape) Concat(xs ...*Var) *Var {
	total, s := 0, xs[0].shape
	for _, x := range xs {
		check(x.shape.At(0) == s.At(0) && x.shape.At(1) == s.At(1) && x.shape.At(2) == s.At(2), "a concatenation of shapes %v and %v", s, x.shape)
		total += x.shape.At(3)
	}
	o := t.record("concat", tensor.Of(s.At(0), s.At(1), s.At(2), total), xs...)
	y, rows := o.out, s.At(0)*s.At(1)*s.At(2)
	o.forward = func() {
		at := 0
		for _, x := range xs {
			c := x.shape.At(3)
			kernel.CopyChannels(t.pool, y.value, total, at, x.value, c, 0, rows, c)
			at += c
		}
	}
	for _, s := range o.in {
		s.sums = true // an operand that another consumer wrote to is added to directly
	}
	o.backward = func() {
		at := 0
		for i, x := range xs {
			c := x.shape.At(3)
			switch s := o.in[i]; {
			case !x.wants:
			case s.add:
				kernel.AddChannels(t.pool, x.grad, c, 0, y.grad, total, at, rows, c)
			default:
				kernel.CopyChannels(t.pool, x.grad, c, 0, y.grad, total, at, rows, c)
			}
			at += c
		}
	}
	return y
}

// Multiply multiplies x by a value of the same shape, element by element.
func (t *Tape) Multiply(x, by *Var) *Var {
	check(x.shape == by.shape, "a product of shapes %v and %v", x.shape, by.shape)
	o := t.record("multiply", x.shape, x, by)
	o.keep, o.over = []*Var{x, by}, []*Var{x, by}
	y := o.out
	o.forward = func() { kernel.Mul(t.pool, y.value, x.value, by.value) }
	o.backward = func() {
		for i, s := range o.in {
			if d := s.target(); d != nil {
				kernel.Mul(t.pool, d, y.grad, o.in[1-i].v.value)
				s.finish(t.pool)
			}
		}
	}
	return y
}

// Gate multiplies each channel of x, N×H×W×C, by a factor of its own from gate, N×1×1×C (Hu et al., 2018).
func (t *Tape) Gate(x, gate *Var) *Var {
	n, hw, c := x.shape.At(0), x.shape.At(1)*x.shape.At(2), x.shape.At(3)
	check(gate.shape == tensor.Of(n, 1, 1, c), "a gate of shape %v for %v", gate.shape, x.shape)
	o := t.record("gate", x.shape, x, gate)
	o.keep = []*Var{x, gate}
	y := o.out
	o.forward = func() { kernel.GateForward(t.pool, y.value, x.value, gate.value, n, hw, c) }
	dx, dgate := o.in[0], o.in[1]
	waste := [2]*Var{}
	for i, s := range o.in {
		if !s.v.wants { // the kernel computes both
			waste[i] = t.backTemp(o, s.v.shape.Size())
		}
	}
	o.backward = func() {
		var to [2][]float32
		for i, s := range o.in {
			if to[i] = s.target(); waste[i] != nil {
				to[i] = waste[i].value
			}
		}
		kernel.GateBackward(t.pool, to[0], to[1], y.grad, x.value, gate.value, n, hw, c)
		dx.finish(t.pool)
		dgate.finish(t.pool)
	}
	return y
}
