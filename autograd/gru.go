package autograd

import "github.com/trellis-nas/trellis/internal/kernel"

// GRU runs a layer of gated recurrent units (Cho et al., 2014; the reset gate behind the product, as in PyTorch) over
// sequences x, N×1×T×C, from a state of zeros. It returns the hidden states N×1×T×H, or with last only the one after
// the last step, N×1×1×H.
func (t *Tape) GRU(x *Var, r Recurrent, last bool) *Var {
	h := r.units(x, 3)
	n, steps, c := x.shape.At(0), x.shape.At(2), x.shape.At(3)
	rows := n * steps
	o := t.record("gru", outputOf(n, steps, h, last), x, r.Input, r.State, r.InputBias, r.StateBias)
	y := o.out
	o.keep = []*Var{x, r.Input, r.State}
	gates, before, kept := t.save(o, 3*rows*h), t.save(o, rows*h), t.save(o, rows*h)
	hidden := y
	if last {
		hidden = t.temp(o, rows*h)
	}
	arrays := func() kernel.GRU {
		return kernel.GRU{Sequences: kernel.Sequences{N: n, T: steps, H: h}, Hidden: hidden.value, Before: before.value,
			Kept: kept.value, Gates: gates.value, Bias: r.StateBias.value, Weights: r.State.value}
	}
	o.forward = func() {
		kernel.Gemm(t.pool, gates.value, x.value, r.Input.value, rows, 3*h, c, false, false, false)
		kernel.AddBias(t.pool, gates.value, r.InputBias.value, rows, 3*h)
		kernel.GRUForward(t.pool, arrays())
		if last {
			lastSteps(y.value, hidden.value, n, steps, h)
		}
	}
	input, state, turned := t.backTemp(o, 3*rows*h), t.backTemp(o, 3*rows*h), t.backTemp(o, 3*h*h)
	o.sumsAllBut(0)
	o.backward = func() {
		kernel.Transpose(t.pool, turned.value, r.State.value, h, 3*h)
		g := arrays()
		g.Weights, g.DInput, g.DState = turned.value, input.value, state.value
		if last {
			g.DLast = y.grad
		} else {
			g.DHidden = y.grad
		}
		kernel.GRUBackward(t.pool, g)
		t.recurrentGradients(o, x.value, before.value, r.Input.value, input.value, state.value, rows, c, h, 3*h)
	}
	return y
}
