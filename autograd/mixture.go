package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Branch is one operand of a mixture: a value, the moments by which its channels are normalised or nil, and which of
// the mixture's weights multiplies it.
type Branch struct {
	Value  *Var
	Norm   *Moments
	Weight int
}

// Mix computes Σ weights[Weight]·norm(Value) over branches of one shape, N×H×W×C: a node of a continuous relaxation (Liu et al.,
// 2019, "DARTS") with all operations on its edges, in one pass that never writes the normalised values. The gradients of
// weights and branches flow. A branch that is zero is left out by the caller.
func (t *Tape) Mix(weights *Var, branches ...Branch) *Var {
	check(len(branches) > 0, "a mixture of nothing")
	shape := branches[0].Value.shape
	c := shape.At(-1)
	in := []*Var{weights}
	for _, b := range branches {
		check(b.Value.shape == shape, "a mixture of shapes %v and %v", shape, b.Value.shape)
		check(b.Norm == nil || b.Norm.of == b.Value, "a branch is normalised by the moments of another value")
		check(b.Weight >= 0 && b.Weight < weights.shape.Size(), "branch weight %d of %v", b.Weight, weights.shape)
		in = append(in, b.Value)
	}
	for _, b := range branches {
		if b.Norm != nil {
			in = append(in, b.Norm.values)
		}
	}
	o := t.record("mix", shape, in...)
	y := o.out
	o.keep = in
	m := kernel.Mixture{Branches: make([]kernel.Branch, len(branches)), Rows: shape.Size() / c, C: c, Eps: Epsilon}
	fill := func() {
		m.Y, m.DY = y.value, y.grad
		for i, b := range branches {
			k := &m.Branches[i]
			*k = kernel.Branch{X: b.Value.value, Weight: weights.value[b.Weight]}
			if b.Norm != nil {
				k.Mean, k.Variance = b.Norm.mean(), b.Norm.variance()
			}
		}
	}
	o.forward = func() {
		fill()
		kernel.MixtureForward(t.pool, m)
	}
	slots := o.in[1:][:len(branches)]
	o.in[0].sums = true
	o.backward = func() {
		fill()
		for i, s := range slots {
			m.Branches[i].DX = s.target()
		}
		kernel.MixtureBackward(t.pool, m)
		for _, s := range slots {
			s.finish(t.pool)
		}
		if d := o.in[0].sum(); d != nil {
			for i, b := range branches {
				d[b.Weight] += m.Branches[i].DWeight
			}
		}
	}
	return y
}

// Diagonal lays the pixels of even rows and columns of x, N×H×W×C, beside those of odd ones, N×H/2×W/2×2C. A convolution
// of it with kernel 1 and two groups is the factorised reduction of DARTS. H and W must be even.
func (t *Tape) Diagonal(x *Var) *Var {
	s := x.shape
	n, h, w, c := s.At(0), s.At(1), s.At(2), s.At(3)
	check(h%2 == 0 && w%2 == 0, "the diagonal of %v, which has an odd side", s)
	o := t.record("diagonal", tensor.Of(n, h/2, w/2, 2*c), x)
	y, dx := o.out, o.in[0]
	o.forward = func() { kernel.Diagonal(t.pool, y.value, x.value, n, h, w, c) }
	o.backward = func() {
		kernel.DiagonalBackward(t.pool, dx.target(), y.grad, n, h, w, c)
		dx.finish(t.pool)
	}
	return y
}
