package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// DefaultBlend is how far running statistics move towards those of a batch: the "momentum" 0.1 of PyTorch.
const DefaultBlend = 0.1

// Epsilon is added to the variance in a batch norm.
const Epsilon = 1e-5

// Running holds the statistics of a batch norm that evaluation uses, C numbers each. A training pass moves them
// towards those of the batch (see Program.Blend); the variance is the unbiased one, as in PyTorch.
type Running struct{ Mean, Variance tensor.Tensor }

// BatchNorm computes act(γ·x̂ + β + residual), x̂ being x with each channel normalised over the batch in training and
// by the running statistics in evaluation (Ioffe & Szegedy, 2015). residual has the shape of x or is nil. Backward
// keeps x alone (and the residual if there is an activation) and computes x̂ and the activation anew.
func (t *Tape) BatchNorm(x, gamma, beta, residual *Var, running Running, act kernel.Act) *Var {
	c := x.shape.At(-1)
	rows := x.shape.Size() / c
	check(gamma.shape.Size() == c && beta.shape.Size() == c, "batch norm of %v with scale %v and shift %v", x.shape, gamma.shape, beta.shape)
	check(residual == nil || residual.shape == x.shape, "batch norm of %v with a residual of another shape", x.shape)
	o := t.record("batchnorm", x.shape, x, gamma, beta, residual)
	y := o.out
	o.over = []*Var{x}
	if residual != nil {
		o.over = []*Var{residual, x}
	}
	n := &norm{x: x, gamma: gamma, beta: beta, residual: residual, rows: rows, c: c, act: act}
	o.norm = n
	mean, variance := running.Mean.Data(), running.Variance.Data()
	if !t.train {
		n.scale, n.shift = t.temp(o, c), t.temp(o, c)
		o.forward = func() {
			kernel.BatchNormCoefficients(n.scale.value, n.shift.value, mean, variance, gamma.value, beta.value, Epsilon)
			n.store(t.pool, y)
		}
		return y
	}
	o.keep = []*Var{x}
	n.mean, n.variance, n.scale, n.shift = t.save(o, c), t.save(o, c), t.save(o, c), t.save(o, c)
	n.linear, n.constant = t.backTemp(o, c), t.backTemp(o, c)
	unbiased := float32(rows) / float32(max(rows-1, 1))
	o.forward = func() {
		m, v := n.mean.value, n.variance.value
		if !n.counted {
			kernel.BatchNormStats(t.pool, m, v, x.value, rows, c)
		}
		kernel.BatchNormCoefficients(n.scale.value, n.shift.value, m, v, gamma.value, beta.value, Epsilon)
		n.store(t.pool, y)
		for j := range mean {
			mean[j] += float32(t.blend * (m[j] - mean[j]))
			variance[j] += float32(t.blend * (float32(v[j]*unbiased) - variance[j]))
		}
	}
	n.dx, n.dgamma, n.dbeta = o.in[0], o.in[1], o.in[2]
	n.dx.inPlace, n.dgamma.sums, n.dbeta.sums = true, true, true
	var dskip *slot
	if residual != nil {
		dskip = o.in[3]
		dskip.pass = act == kernel.None
		if !dskip.pass {
			o.keep = append(o.keep, residual)
		}
		n.dx.inPlace = !dskip.pass // else the residual still needs the gradient of the output
	}
	var waste *Var // receives the gradient of x where nobody wants it
	if !x.wants {
		waste = t.backTemp(o, rows*c)
	}
	o.backward = func() {
		g := n.grad()
		g.DY = y.grad
		if !n.passed {
			if g.DX = n.dx.target(); waste != nil {
				g.DX = waste.value
			}
		}
		if dskip != nil && !dskip.pass {
			g.Residual, g.DResidual = residual.value, dskip.target()
		}
		switch {
		case !n.summed:
			kernel.BatchNormBackward(t.pool, g)
		case !n.passed:
			kernel.BatchNormSlope(t.pool, g)
		}
		if !n.passed {
			n.dx.finish(t.pool)
		}
		switch {
		case dskip == nil:
		case dskip.pass:
			dskip.copyFrom(t.pool, y.grad)
		default:
			dskip.finish(t.pool)
		}
	}
	return y
}
