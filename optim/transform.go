package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Transform is a rule that turns gradients into updates. It is a value; its memory is made by Init.
type Transform interface {
	// Init returns the running rule for these parameters, of which it may keep the slice.
	Init(params []autograd.Param) Rule
}

// Rule rewrites the gradients of the parameters it was made for. It allocates nothing after Init.
type Rule interface {
	// Rewrite turns the gradients in place into the updates of the given step, counted from 0, which are then subtracted.
	Rewrite(step int)
	// State returns the memory of the rule, which a checkpoint writes and restores in place. Names are unique within a rule.
	State() []tensor.Named
}

// Chain runs transforms in order, each on what the one before left. The empty chain leaves gradients as they are.
func Chain(links ...Transform) Transform { return chain(links) }

type chain []Transform

func (c chain) Init(params []autograd.Param) Rule {
	rules := make(rules, len(c))
	for i, t := range c {
		rules[i] = t.Init(params)
		if _, ok := rules[i].(Finisher); ok && i < len(c)-1 {
			rules[i].Rewrite(0) // says why this cannot be
		}
	}
	if len(c) > 0 {
		if last, ok := rules[len(c)-1].(Finisher); ok {
			return &finishing{rules[:len(c)-1], last}
		}
	}
	return rules
}

// finishing is a chain that ends with a Finisher.
type finishing struct {
	rules
	last Finisher
}

func (f *finishing) Rewrite(step int) { f.last.Rewrite(step) }

func (f *finishing) Finish(step int, pool *kernel.Pool) {
	f.rules.Rewrite(step)
	f.last.Finish(step, pool)
}

func (f *finishing) State() []tensor.Named { return append(f.rules.State(), f.last.State()...) }

type rules []Rule

func (r rules) Rewrite(step int) {
	for _, rule := range r {
		rule.Rewrite(step)
	}
}

func (r rules) State() []tensor.Named {
	var all []tensor.Named
	for _, rule := range r {
		all = append(all, rule.State()...)
	}
	return all
}

// Optimizer applies a transform to parameters step by step.
type Optimizer struct {
	params []autograd.Param
	rule   Rule
	pool   *kernel.Pool
	step   int
}

// New returns an optimizer of the given parameters, at step 0, that runs on the calling thread.
func New(params []autograd.Param, t Transform) *Optimizer {
	return NewOn(kernel.NewPool(1), params, t)
}

// NewOn is New with the threads of a pool, which may not be busy otherwise during Step. The results are the same.
func NewOn(pool *kernel.Pool, params []autograd.Param, t Transform) *Optimizer {
	return &Optimizer{params: params, rule: t.Init(params), pool: pool}
}

// Step changes every weight by the update that the transform makes of its gradient. What the gradients hold
// afterwards is undefined.
func (o *Optimizer) Step() {
	if f, ok := o.rule.(Finisher); ok {
		f.Finish(o.step, o.pool)
	} else {
		o.rule.Rewrite(o.step)
		for _, p := range o.params {
			kernel.Axpy(o.pool, p.Value.Data(), p.Grad.Data(), -1)
		}
	}
	o.step++
}

// Steps returns how many steps were made.
func (o *Optimizer) Steps() int { return o.step }

// State returns the memory of the optimizer (momenta and the like), to be written to a checkpoint. A checkpoint is
// restored by copying into these tensors and calling Resume.
func (o *Optimizer) State() []tensor.Named { return o.rule.State() }

// Resume continues the schedules at the given step.
func (o *Optimizer) Resume(step int) { o.step = step }

// slots returns a tensor of zeros for every parameter, named after it with a prefix.
func slots(prefix string, params []autograd.Param) []tensor.Named {
	s := make([]tensor.Named, len(params))
	for i, p := range params {
		s[i] = tensor.Named{Name: prefix + "." + p.Name, Tensor: tensor.New(p.Value.Shape())}
	}
	return s
}

// stateless is embedded by rules without memory.
type stateless struct{}

func (stateless) State() []tensor.Named { return nil }
