package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Moments are mean and variance of the channels of a value: of the batch in training, the running ones in evaluation.
// They are found once, however often the value is normalised by them.
type Moments struct {
	of     *Var
	values *Var // mean, then variance
	c      int
}

func (m *Moments) mean() []float32     { return m.values.value[:m.c] }
func (m *Moments) variance() []float32 { return m.values.value[m.c:] }

// Moments finds the moments of x, whose last dimension is the channels. Training moves running towards them as BatchNorm
// does. Their own gradient is part of that of Standardize and Mix.
func (t *Tape) Moments(x *Var, running Running) *Moments {
	c := x.shape.At(-1)
	rows := x.shape.Size() / c
	o := t.record("moments", tensor.Of(2*c), x)
	o.out.wants = false
	m := &Moments{of: x, values: o.out, c: c}
	mean, variance := running.Mean.Data(), running.Variance.Data()
	if !t.train {
		o.forward = func() {
			copy(m.mean(), mean)
			copy(m.variance(), variance)
		}
		return m
	}
	o.forward = func() {
		kernel.Moments(t.pool, m.mean(), m.variance(), x.value, rows, c)
		t.follow(running, m.mean(), m.variance(), rows)
	}
	return m
}

// follow moves running statistics towards those of a batch, the variance made unbiased.
func (t *Tape) follow(running Running, m, v []float32, rows int) {
	mean, variance := running.Mean.Data(), running.Variance.Data()
	unbiased := float32(rows) / float32(max(rows-1, 1))
	for j := range mean {
		mean[j] += float32(t.blend * (m[j] - mean[j]))
		variance[j] += float32(t.blend * (float32(v[j]*unbiased) - variance[j]))
	}
}

// Standardize computes act((x − mean)/√(variance + ε)): a batch norm without scale and shift, as the operations of a
// supernet have (Liu et al., 2019). act is None, ReLU, ReLU6, HSwish or HSigmoid.
func (t *Tape) Standardize(x *Var, running Running, act kernel.Act) *Var {
	check(act <= kernel.HSwish || act == kernel.HSigmoid, "a standardised activation whose slope is costly")
	m := t.Moments(x, running)
	c := x.shape.At(-1)
	o := t.record("standardize", x.shape, x, m.values)
	y := o.out
	o.keep, o.over = []*Var{x, m.values}, []*Var{x}
	arrays := func() kernel.Standardized {
		return kernel.Standardized{X: x.value, Y: y.value, Mean: m.mean(), Variance: m.variance(), Eps: Epsilon, Rows: x.shape.Size() / c, C: c, Act: act}
	}
	o.forward = func() { kernel.Standardize(t.pool, arrays()) }
	dx := o.in[0]
	dx.inPlace = true
	o.backward = func() {
		g := arrays()
		g.DX, g.DY = dx.target(), y.grad
		kernel.StandardizeBackward(t.pool, g)
		dx.finish(t.pool)
	}
	return y
}
