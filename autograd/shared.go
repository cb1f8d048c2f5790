package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Shared is a matrix, with a bias or without, that multiplies many values of one tape, such as the states of all steps
// of a controller. What backward finds at each use is only noted there; the gradient of the matrix is then a single
// matrix product over all uses. Rows of a use stand behind those of the use before it.
type Shared struct {
	tape          *Tape
	weights, bias *Var
	owner         *op
	rows          int // of each use
	uses          []*op
	inputs        *Var // [uses][rows][in]
	slopes        *Var // [uses][rows][out]
	turned        *Var // the weights transposed
	fresh         bool // turned holds the weights of this step
}

// Shared declares a matrix of shape in×out, and a bias of out numbers or nil, for at most uses uses on batches of
// rows each.
func (t *Tape) Shared(weights, bias *Var, uses, rows int) *Shared {
	check(weights.shape.Rank() == 2 && uses > 0, "a shared layer of weights %v for %d uses", weights.shape, uses)
	in, out := weights.shape.At(0), weights.shape.At(1)
	check(bias == nil || bias.shape.Size() == out, "a shared layer of weights %v with a bias of another size", weights.shape)
	o := t.record("shared", tensor.Of(1), weights, bias)
	s := &Shared{tape: t, weights: weights, bias: bias, owner: o, rows: rows}
	o.keep = []*Var{weights}
	s.inputs = t.save(o, uses*rows*in)
	s.slopes, s.turned = t.backTemp(o, uses*rows*out), t.backTemp(o, in*out)
	o.forward = func() {
		s.fresh = false
		for k, use := range s.uses {
			if !use.live {
				clear(s.input(k))
			}
		}
		clear(s.inputs.value[len(s.uses)*rows*in:])
		o.out.value[0] = 0
	}
	for _, slot := range o.in {
		slot.sums = true
	}
	o.backward = func() {
		for k, use := range s.uses {
			if !use.differs {
				clear(s.slope(k))
			}
		}
		all := len(s.uses) * rows
		if d := o.in[0].sum(); d != nil {
			kernel.Gemm(t.pool, d, s.inputs.value, s.slopes.value, in, out, all, true, false, true)
		}
		if bias != nil {
			if d := o.in[1].sum(); d != nil {
				kernel.BiasGrad(t.pool, d, s.slopes.value, all, out)
			}
		}
		s.fresh = false
	}
	return s
}

// input returns the rows multiplied in use k, and slope the gradient of their products.
func (s *Shared) input(k int) []float32 {
	n := s.rows * s.weights.shape.At(0)
	return s.inputs.value[k*n:][:n]
}

func (s *Shared) slope(k int) []float32 {
	n := s.rows * s.weights.shape.At(1)
	return s.slopes.value[k*n:][:n]
}

// transposed returns the transposed weights; the first use in a backward pass turns them.
func (s *Shared) transposed() []float32 {
	if !s.fresh {
		kernel.Transpose(s.tape.pool, s.turned.value, s.weights.value, s.weights.shape.At(0), s.weights.shape.At(1))
		s.fresh = true
	}
	return s.turned.value
}

// use records an operation that multiplies by the matrix, and returns which use it is.
func (s *Shared) use(kind string, shape tensor.Shape, in ...*Var) (o *op, k int) {
	k = len(s.uses)
	size := s.rows * s.weights.shape.At(0)
	check((k+1)*size <= s.inputs.shape.Size(), "a shared layer is used more often than its %d times", k)
	o = s.tape.record(kind, shape, append(in, s.owner.out)...)
	o.in[len(o.in)-1].sums = true // it carries no numbers: the owner only has to come later in backward
	o.keep = []*Var{s.weights}
	o.backScratch = append(o.backScratch, s.slopes, s.turned)
	s.uses = append(s.uses, o)
	return o, k
}

// Apply multiplies x, rows×1×1×in, by the matrix and adds the bias.
func (s *Shared) Apply(x *Var) *Var {
	t, n, out := s.tape, s.rows, s.weights.shape.At(1)
	in := s.weights.shape.At(0)
	check(x.shape.Size() == n*in && x.shape.At(0) == n, "a shared layer of %v, for %d rows, by weights %v", x.shape, n, s.weights.shape)
	o, k := s.use("dense", tensor.Of(n, 1, 1, out), x)
	y := o.out
	o.forward = func() {
		copy(s.input(k), x.value)
		kernel.Gemm(t.pool, y.value, x.value, s.weights.value, n, out, in, false, false, false)
		if s.bias != nil {
			kernel.AddBias(t.pool, y.value, s.bias.value, n, out)
		}
	}
	dx := o.in[0]
	o.backward = func() {
		copy(s.slope(k), y.grad)
		if d := dx.target(); d != nil {
			kernel.Gemm(t.pool, d, y.grad, s.transposed(), n, in, out, false, false, false)
			dx.finish(t.pool)
		}
	}
	return y
}

// LSTMStep takes one step of a long short-term memory in the arithmetic of LSTM, s being its state matrix H×4H without
// a bias: input is the input's share of the gates, rows×1×1×4H with both biases in it, and state, rows×1×1×2H, the hidden
// state followed by the cell, or nil for zeros. It returns the next state; Slice(next, 0, H) is its hidden part.
func (s *Shared) LSTMStep(input, state *Var) *Var {
	t, n, h := s.tape, s.rows, s.weights.shape.At(0)
	check(s.weights.shape.At(1) == 4*h && s.bias == nil, "a step of an LSTM by weights %v", s.weights.shape)
	check(input.shape == tensor.Of(n, 1, 1, 4*h), "a step of an LSTM of %d units with an input's share of shape %v", h, input.shape)
	check(state == nil || state.shape == tensor.Of(n, 1, 1, 2*h), "a step of an LSTM of %d units from a state of another shape", h)
	in := []*Var{input}
	if state != nil {
		in = append(in, state)
	}
	o, k := s.use("lstmstep", tensor.Of(n, 1, 1, 2*h), in...)
	y, gates := o.out, t.save(o, n*4*h)
	o.keep = append(o.keep, y)
	o.keep = append(o.keep, in[1:]...)
	step := func() kernel.LSTMStep {
		l := kernel.LSTMStep{Rows: n, H: h, Input: input.value, Weights: s.weights.value, Gates: gates.value, Hidden: s.input(k), Next: y.value}
		if state != nil {
			l.State = state.value
		}
		return l
	}
	o.forward = func() { kernel.LSTMStepForward(t.pool, step()) }
	dx := o.in[0]
	dx.sums = true
	o.backward = func() {
		l := step()
		l.Weights, l.DNext, l.DGates = s.transposed(), y.grad, s.slope(k)
		if state != nil {
			l.DState = o.in[1].target()
		}
		kernel.LSTMStepBackward(t.pool, l)
		if state != nil {
			o.in[1].finish(t.pool)
		}
		dx.copyFrom(t.pool, l.DGates)
	}
	return y
}
