package autograd

import "github.com/trellis-nas/trellis/internal/kernel"

// LayerNorm computes γ·x̂ + β, x̂ being x + residual with the channels of each position normalised (Ba, Kiros & Hinton,
// 2016); gamma and beta have C numbers. residual has the shape of x or is nil. The sum is computed in the same pass.
func (t *Tape) LayerNorm(x, residual, gamma, beta *Var) *Var {
	c := x.shape.At(-1)
	rows := x.shape.Size() / c
	check(gamma.shape.Size() == c && beta.shape.Size() == c, "layer norm of %v with scale %v and shift %v", x.shape, gamma.shape, beta.shape)
	check(residual == nil || residual.shape == x.shape, "layer norm of %v with a residual of another shape", x.shape)
	z := x
	if residual != nil {
		z = t.sumLater(x, residual)
	}
	o := t.record("layernorm", x.shape, z, gamma, beta)
	if residual != nil {
		o.scratch = []*Var{x, residual}
	}
	o.keep = []*Var{z}
	y, mean, inv := o.out, t.save(o, rows), t.save(o, rows)
	o.forward = func() {
		if residual == nil {
			kernel.LayerNorm(t.pool, y.value, nil, x.value, nil, gamma.value, beta.value, mean.value, inv.value, rows, c, Epsilon)
		} else {
			kernel.LayerNorm(t.pool, y.value, z.value, x.value, residual.value, gamma.value, beta.value, mean.value, inv.value, rows, c, Epsilon)
		}
	}
	dz, dgamma, dbeta := o.in[0], o.in[1], o.in[2]
	dz.inPlace, dgamma.sums, dbeta.sums = true, true, true
	waste := t.waste(o, dz)
	o.backward = func() {
		kernel.LayerNormBackward(t.pool, waste.or(dz), dgamma.sum(), dbeta.sum(), y.grad, z.value, gamma.value, mean.value, inv.value, rows, c)
		dz.finish(t.pool)
	}
	return y
}

// RMSNorm computes γ·x/√(mean of x² + ε) over the channels of each position (Zhang & Sennrich, 2019); gamma has C
// numbers.
func (t *Tape) RMSNorm(x, gamma *Var) *Var {
	c := x.shape.At(-1)
	rows := x.shape.Size() / c
	check(gamma.shape.Size() == c, "RMS norm of %v with scale %v", x.shape, gamma.shape)
	o := t.record("rmsnorm", x.shape, x, gamma)
	o.keep = []*Var{x}
	y, inv := o.out, t.save(o, rows)
	o.forward = func() {
		kernel.RMSNorm(t.pool, y.value, x.value, gamma.value, inv.value, rows, c, Epsilon)
	}
	dx, dgamma := o.in[0], o.in[1]
	dx.inPlace, dgamma.sums = true, true
	waste := t.waste(o, dx)
	o.backward = func() {
		kernel.RMSNormBackward(t.pool, waste.or(dx), dgamma.sum(), y.grad, x.value, gamma.value, inv.value, rows, c)
		dx.finish(t.pool)
	}
	return y
}

// sumLater records the sum of two values whose forward the next operation does; that one must keep both alive.
func (t *Tape) sumLater(a, b *Var) *Var {
	o := t.record("add", a.shape, a, b)
	for _, s := range o.in {
		s.pass = true
	}
	o.backward = func() {
		for _, s := range o.in {
			s.copyFrom(t.pool, o.out.grad)
		}
	}
	return o.out
}

// waste is where a kernel writes a gradient that nobody wants.
type waste struct{ v *Var }

// waste declares scratch for the gradient of s if nobody wants it.
func (t *Tape) waste(o *op, s *slot) waste {
	if s.v.wants {
		return waste{}
	}
	return waste{t.backTemp(o, s.v.shape.Size())}
}

// or returns the target of s, or the waste.
func (w waste) or(s *slot) []float32 {
	if w.v != nil {
		return w.v.value
	}
	return s.target()
}
