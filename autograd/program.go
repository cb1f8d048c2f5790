package autograd

import (
	"fmt"

	"github.com/trellis-nas/trellis/tensor"
)

// Program is a compiled tape. It belongs to one goroutine at a time, like the arena it runs in.
type Program struct {
	tape       *Tape
	arena      *tensor.Arena
	generation int
	bindings   []binding
	views      []*Var // of inputs, whose storage changes with every Feed
	total      int
	loss       *Var
}

// binding ties a buffer of a Var to a place in the slab.
type binding struct {
	v      *Var
	grad   bool
	offset int
}

// Bytes returns the size of the memory in which the program runs, its inputs and parameters aside.
func (p *Program) Bytes() int64 { return 4 * int64(p.total) }

// Forward computes every value from the inputs fed. step numbers the masks of Dropout: the same step has the same masks.
func (p *Program) Forward(step uint64) {
	p.bind()
	for _, v := range p.views {
		v.value = v.root().value
	}
	p.tape.step, p.tape.fault = step, nil
	for _, o := range p.tape.ops {
		if o.live && o.forward != nil {
			o.forward()
		}
	}
}

// Fault returns what the last Forward found wrong with the numbers fed to it, such as a token id outside the
// vocabulary, or nil. After a fault the values mean nothing.
func (p *Program) Fault() error { return p.tape.fault }

// Blend sets how far running statistics move towards those of each batch in Forward: DefaultBlend unless set. With 1/(i+1) in
// the i-th of several forward passes they become the plain mean over these batches (re-estimation).
func (p *Program) Blend(share float32) { p.tape.blend = share }

// Backward computes the gradient of the loss for every parameter, overwriting what was there. It must follow Forward.
func (p *Program) Backward() {
	for _, v := range p.tape.params {
		clear(v.grad)
	}
	p.Accumulate()
}

// Accumulate is Backward that adds to the gradients: after Backward for the first of k micro-batches and Accumulate for the others
// they hold the sums ((g₁ + g₂) + g₃) + … of each parameter, every use of a parameter adding in its turn. For the gradient
// of the mean over equal micro-batches the caller scales by 1/k.
func (p *Program) Accumulate() {
	check(p.loss != nil, "backward of a program without a loss")
	p.loss.grad[0] = 1
	for i := len(p.tape.ops) - 1; i >= 0; i-- {
		if o := p.tape.ops[i]; o.differs && o.backward != nil {
			o.backward()
		}
	}
}

// Locate runs Forward again and names the first operation whose output is not finite, or returns nil. It is the
// slow way to explain a loss that is NaN or infinite.
func (p *Program) Locate(step uint64) error {
	p.bind()
	p.tape.step = step
	for _, v := range p.tape.vars {
		if v.producer < 0 && v.outside && !finite(v.value) {
			for _, o := range p.tape.ops {
				for _, s := range o.in {
					if s.v == v {
						return fmt.Errorf("an operand of %s is not finite", o.describe())
					}
				}
			}
		}
	}
	for _, o := range p.tape.ops {
		if !o.live {
			continue
		}
		if o.forward != nil {
			o.forward()
		}
		if o.forward != nil && !finite(o.out.value) {
			return fmt.Errorf("the output of %s is not finite", o.describe())
		}
	}
	return nil
}

func (o *op) describe() string {
	if o.label == "" {
		return o.kind
	}
	return o.kind + " at " + o.label
}

// finite reports whether no number is NaN or infinite: x−x is zero for finite x alone.
func finite(x []float32) bool {
	var sum float32
	for _, v := range x {
		sum += v - v
	}
	return sum == 0
}

// bind gives every planned buffer its place in the arena, anew if the slab was replaced.
func (p *Program) bind() {
	if p.generation == p.arena.Generation() && p.generation > 0 {
		return
	}
	p.arena.Reserve(p.total)
	p.generation = p.arena.Generation()
	for _, b := range p.bindings {
		at := p.arena.Slice(b.offset, b.v.shape.Size())
		if b.grad {
			b.v.grad = at
		} else {
			b.v.value = at
		}
	}
	p.views = p.views[:0]
	for _, v := range p.tape.vars {
		if v.of != nil {
			v.value = v.root().value
			if v.root().outside {
				p.views = append(p.views, v)
			}
		}
		if v.share != nil {
			v.grad = v.gradRoot().grad
		}
	}
}
