package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Recurrent holds the parameters of a recurrent layer of H units on inputs of C numbers, with as many sections of
// columns as the unit has gates: Input is C×(sections·H), State H×(sections·H), and both biases sections·H long. They
// are those of PyTorch's LSTM (sections i, f, g, o) and GRU (r, z, n), weights transposed: weight_ih, weight_hh,
// bias_ih and bias_hh in this order.
type Recurrent struct{ Input, State, InputBias, StateBias *Var }

// units returns the hidden units, having checked the shapes.
func (r Recurrent) units(x *Var, gates int) int {
	h, c := r.State.shape.At(0), x.shape.At(-1)
	check(x.shape.Rank() == 4 && x.shape.At(1) == 1, "a recurrent layer of %v, which is no sequence", x.shape)
	check(r.Input.shape == tensor.Of(c, gates*h) && r.State.shape == tensor.Of(h, gates*h) &&
		r.InputBias.shape.Size() == gates*h && r.StateBias.shape.Size() == gates*h,
		"a recurrent layer of %v by weights %v and %v, biases %v and %v", x.shape, r.Input.shape, r.State.shape, r.InputBias.shape, r.StateBias.shape)
	return h
}

// LSTM runs a long short-term memory layer (Hochreiter & Schmidhuber, 1997) over sequences x, N×1×T×C, from a state of
// zeros. It returns the hidden states N×1×T×H, or with last only the one after the last step, N×1×1×H.
func (t *Tape) LSTM(x *Var, r Recurrent, last bool) *Var {
	h := r.units(x, 4)
	n, steps, c := x.shape.At(0), x.shape.At(2), x.shape.At(3)
	rows := n * steps
	o := t.record("lstm", outputOf(n, steps, h, last), x, r.Input, r.State, r.InputBias, r.StateBias)
	y := o.out
	o.keep = []*Var{x, r.Input, r.State}
	gates, before, cell := t.save(o, 4*rows*h), t.save(o, rows*h), t.save(o, rows*h)
	bias := t.temp(o, 4*h)
	hidden := y
	if last {
		hidden = t.temp(o, rows*h)
	}
	arrays := func() kernel.LSTM {
		return kernel.LSTM{Sequences: kernel.Sequences{N: n, T: steps, H: h}, Hidden: hidden.value, Before: before.value,
			Cell: cell.value, Gates: gates.value, Weights: r.State.value}
	}
	o.forward = func() {
		kernel.Gemm(t.pool, gates.value, x.value, r.Input.value, rows, 4*h, c, false, false, false)
		kernel.Add(t.pool, bias.value, r.InputBias.value, r.StateBias.value)
		kernel.AddBias(t.pool, gates.value, bias.value, rows, 4*h)
		kernel.LSTMForward(t.pool, arrays())
		if last {
			lastSteps(y.value, hidden.value, n, steps, h)
		}
	}
	slope, turned := t.backTemp(o, 4*rows*h), t.backTemp(o, 4*h*h)
	o.sumsAllBut(0)
	o.backward = func() {
		kernel.Transpose(t.pool, turned.value, r.State.value, h, 4*h)
		l := arrays()
		l.Weights, l.DGates = turned.value, slope.value
		if last {
			l.DLast = y.grad
		} else {
			l.DHidden = y.grad
		}
		kernel.LSTMBackward(t.pool, l)
		t.recurrentGradients(o, x.value, before.value, r.Input.value, slope.value, slope.value, rows, c, h, 4*h)
	}
	return y
}

// recurrentGradients adds the gradients of the parameters and computes that of the input, from those of the gates'
// shares of input and state. All steps make one matrix product.
func (t *Tape) recurrentGradients(o *op, x, before, weights, input, state []float32, rows, c, h, gates int) {
	if d := o.in[1].sum(); d != nil {
		kernel.Gemm(t.pool, d, x, input, c, gates, rows, true, false, true)
	}
	if d := o.in[2].sum(); d != nil {
		kernel.Gemm(t.pool, d, before, state, h, gates, rows, true, false, true)
	}
	if d := o.in[3].sum(); d != nil {
		kernel.BiasGrad(t.pool, d, input, rows, gates)
	}
	if d := o.in[4].sum(); d != nil {
		kernel.BiasGrad(t.pool, d, state, rows, gates)
	}
	if d := o.in[0].target(); d != nil {
		kernel.Gemm(t.pool, d, input, weights, rows, c, gates, false, true, false)
		o.in[0].finish(t.pool)
	}
}

// sumsAllBut marks every operand but one as summed to by backward.
func (o *op) sumsAllBut(i int) {
	for k, s := range o.in {
		s.sums = k != i
	}
}

func outputOf(n, steps, h int, last bool) tensor.Shape {
	if last {
		steps = 1
	}
	return tensor.Of(n, 1, steps, h)
}

// lastSteps copies the state after the last step of each sequence.
func lastSteps(to, hidden []float32, n, steps, h int) {
	for i := range n {
		copy(to[i*h:][:h], hidden[((i+1)*steps-1)*h:])
	}
}
