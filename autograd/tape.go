package autograd

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Tape is a computation being recorded. Operations are its methods.
type Tape struct {
	pool   *kernel.Pool
	train  bool
	step   uint64  // of the running program; seeds the masks of Dropout
	blend  float32 // how far running statistics move towards those of a batch
	label  string
	fault  error // what the running program found wrong with its inputs
	ops    []*op
	vars   []*Var
	params []*Var
}

// Mode says what a tape is recorded for.
type Mode bool

const (
	// Eval records inference: running statistics, no dropout, no gradients, memory freed after the last use.
	Eval Mode = false
	// Train records a training step: batch statistics, dropout, gradients.
	Train Mode = true
)

// NewTape returns an empty tape whose program will run on the threads of pool (nil means the calling one alone).
func NewTape(mode Mode, pool *kernel.Pool) *Tape {
	return &Tape{pool: pool, train: bool(mode), blend: DefaultBlend}
}

// Label names the network node that the following operations belong to; errors of Program.Locate repeat it.
func (t *Tape) Label(name string) { t.label = name }

// Input declares a value that the caller fills before each Forward. No gradient flows into it.
func (t *Tape) Input(shape tensor.Shape) *Var {
	v := t.newVar(shape)
	v.outside = true
	return v
}

// Feed sets the numbers of an Input, which are read in place during Forward and Backward. It panics when their
// count is not that of the shape.
func (v *Var) Feed(data []float32) {
	if len(data) != v.shape.Size() {
		panic(fmt.Sprintf("autograd: %d numbers fed to an input of shape %v", len(data), v.shape))
	}
	v.value = data
}

// Param declares a trained tensor. A tape recorded for training overwrites its gradient in every Backward.
func (t *Tape) Param(p Param) *Var {
	v := t.newVar(p.Value.Shape())
	v.outside, v.value = true, p.Value.Data()
	if t.train {
		v.wants, v.grad = true, p.Grad.Data()
		t.params = append(t.params, v)
	}
	return v
}

// Constant declares the value of p as a constant of this tape: it is read in place, and no gradient flows into it. With it a
// supernet has a tape for its weights and one for its architecture parameters, and neither computes the gradients of the other.
func (t *Tape) Constant(p Param) *Var {
	v := t.newVar(p.Value.Shape())
	v.outside, v.value = true, p.Value.Data()
	return v
}

// Hold keeps the value of v, and its gradient if it has one, readable until the next Forward.
func (t *Tape) Hold(v *Var) *Var {
	v.root().held = true
	v.held = true
	return v
}

func (t *Tape) newVar(shape tensor.Shape) *Var {
	v := &Var{shape: shape, producer: -1}
	t.vars = append(t.vars, v)
	return v
}

// op is one recorded operation.
type op struct {
	kind, label string
	out         *Var
	in          []*slot
	over        []*Var // operands over which forward may write the output, most wanted first
	keep        []*Var // values that backward reads
	saved       []*Var // written by forward for backward alone
	scratch     []*Var // needed while forward runs
	backScratch []*Var // needed while backward runs
	after       []*op  // recorded before, needed where this one is, though it reads no value of theirs
	forward     func()
	backward    func()
	conv        *convolution // set if it is a convolution
	norm        *norm        // set if it is a batch norm
	live        bool         // something that is held depends on it
	differs     bool         // a gradient reaches out, so backward runs
}

// slot is one operand of an op, and where backward puts the operand's gradient.
type slot struct {
	v       *Var
	add     bool // a consumer that backward ran earlier has written to the gradient already
	sums    bool // backward adds to the gradient rather than overwriting it
	pass    bool // the operand's gradient is that of the output
	inPlace bool // backward may overwrite the output's gradient with the operand's
	done    bool // the planner let pass share the buffer: nothing is left to do
	spare   *Var // holds this operand's part while it waits to be added
}

// target returns the buffer that backward must overwrite with this operand's gradient, or nil if it is not needed.
// finish must follow.
func (s *slot) target() []float32 {
	switch {
	case !s.v.wants || s.done:
		return nil
	case s.add:
		return s.spare.value
	}
	return s.v.grad
}

// finish adds what target received to what other consumers left.
func (s *slot) finish(p *kernel.Pool) {
	if s.add && !s.done && s.v.wants {
		kernel.AddTo(p, s.v.grad, s.spare.value)
	}
}

// sum returns the buffer to which backward must add this operand's gradient, or nil if it is not needed.
func (s *slot) sum() []float32 {
	if !s.v.wants {
		return nil
	}
	if !s.add && !s.v.outside { // those outside are cleared before backward
		clear(s.v.grad)
	}
	return s.v.grad
}

// copyFrom gives the output's gradient to a pass operand that could not share it.
func (s *slot) copyFrom(p *kernel.Pool, g []float32) {
	switch {
	case !s.v.wants || s.done:
	case s.add:
		kernel.AddTo(p, s.v.grad, g)
	default:
		copy(s.v.grad, g)
	}
}

// record appends an operation with the given operands, nil ones left out; the caller sets its closures.
func (t *Tape) record(kind string, shape tensor.Shape, in ...*Var) *op {
	o := &op{kind: kind, label: t.label, out: t.newVar(shape)}
	o.out.producer = len(t.ops)
	for _, v := range in {
		if v == nil { // an absent bias or residual
			continue
		}
		o.in = append(o.in, &slot{v: v})
		o.out.wants = o.out.wants || v.wants
	}
	t.ops = append(t.ops, o)
	return o
}

// save declares n numbers that forward writes and backward reads.
func (t *Tape) save(o *op, n int) *Var {
	v := t.newVar(tensor.Of(n))
	v.producer = o.out.producer
	o.saved = append(o.saved, v)
	return v
}

// temp declares n numbers of scratch for forward.
func (t *Tape) temp(o *op, n int) *Var {
	v := t.newVar(tensor.Of(n))
	o.scratch = append(o.scratch, v)
	return v
}

// backTemp declares n numbers of scratch for backward.
func (t *Tape) backTemp(o *op, n int) *Var {
	v := t.newVar(tensor.Of(n))
	o.backScratch = append(o.backScratch, v)
	return v
}

func check(ok bool, format string, args ...any) {
	if !ok {
		panic("autograd: " + fmt.Sprintf(format, args...))
	}
}
