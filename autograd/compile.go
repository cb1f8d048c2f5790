package autograd

import "github.com/trellis-nas/trellis/tensor"

// Compile plans the memory of the tape and returns its program. loss is a single number to differentiate, or nil in
// a tape recorded for evaluation. Values passed to Hold are computed too; whatever neither needs is not. The tape must
// not be written to afterwards.
func (t *Tape) Compile(arena *tensor.Arena, loss *Var) *Program {
	p := &Program{tape: t, arena: arena, loss: loss}
	if loss != nil {
		check(loss.shape.Size() == 1, "a loss is a single number, not of shape %v", loss.shape)
		t.Hold(loss)
	}
	t.markLive()
	if loss != nil {
		t.markGradients(loss)
	}
	t.foldNorms()
	t.shareGradients()
	t.reuseStorage()
	t.measure(loss)
	p.layOut()
	return p
}

// markLive finds the operations that something held depends on.
func (t *Tape) markLive() {
	needed := make([]bool, len(t.ops))
	for _, v := range t.vars {
		if v.held && v.producer >= 0 {
			needed[v.producer] = true
		}
	}
	for i := len(t.ops) - 1; i >= 0; i-- {
		o := t.ops[i]
		if !needed[i] {
			continue
		}
		o.live = true
		for _, s := range o.in {
			if s.v.producer >= 0 {
				needed[s.v.producer] = true
			}
		}
		for _, q := range o.after {
			needed[q.out.producer] = true
		}
	}
}

// markGradients finds the operations that the loss reaches and, in the order backward runs them, which consumer
// writes each gradient first; the others add.
func (t *Tape) markGradients(loss *Var) {
	reached := map[*Var]bool{loss: true}
	for _, v := range t.params {
		reached[v] = true // backward finds zeros there, or what it is to add to
	}
	for i := len(t.ops) - 1; i >= 0; i-- {
		o := t.ops[i]
		if !o.live || !o.out.wants || !reached[o.out] || o.backward == nil {
			continue
		}
		o.differs = true
		for _, s := range o.in {
			if s.v.wants {
				s.add = reached[s.v]
				reached[s.v] = true
			}
		}
	}
}

// when returns the steps of the program in which operation i runs forward and backward.
func (t *Tape) when(i int) (forward, backward int) { return i, 2*len(t.ops) - 1 - i }

// measure fills in the lifetime of every buffer.
func (t *Tape) measure(loss *Var) {
	end := 2 * len(t.ops)
	value := func(v *Var, at int) {
		if r := v.root(); !r.outside {
			r.plan.value, r.plan.hasValue = extend(r.plan.value, r.plan.hasValue, at), true
		}
	}
	grad := func(v *Var, at int) {
		r := v.gradRoot()
		r.plan.grad, r.plan.hasGrad = extend(r.plan.grad, r.plan.hasGrad, at), true
		v.plan.hasGrad = true
	}
	if loss != nil {
		f, _ := t.when(len(t.ops) - 1)
		grad(loss, f)
	}
	for i, o := range t.ops {
		if !o.live {
			continue
		}
		f, b := t.when(i)
		value(o.out, f)
		for _, s := range o.in {
			value(s.v, f)
		}
		for _, v := range o.saved {
			value(v, f)
		}
		for _, v := range o.scratch {
			value(v, f)
		}
		if !o.differs {
			continue
		}
		grad(o.out, b)
		for _, v := range o.keep {
			value(v, b)
		}
		for _, v := range o.saved {
			value(v, b)
		}
		for _, v := range o.backScratch {
			value(v, b)
		}
		for _, s := range o.in {
			if !s.v.wants {
				continue
			}
			grad(s.v, b)
			if s.add && !s.done && !s.sums && !s.pass {
				s.spare = t.newVar(s.v.shape)
				value(s.spare, b)
			}
		}
	}
	for _, v := range t.vars {
		if v.held {
			value(v, end)
			if v.plan.hasGrad {
				grad(v, end)
			}
		}
	}
}

func extend(l tensor.Lifetime, has bool, at int) tensor.Lifetime {
	if !has {
		return tensor.Lifetime{First: at, Last: at}
	}
	return tensor.Lifetime{First: min(l.First, at), Last: max(l.Last, at)}
}

// layOut packs every buffer that the plan owns.
func (p *Program) layOut() {
	var lifetimes []tensor.Lifetime
	for _, v := range p.tape.vars {
		if l := v.plan.value; v.plan.hasValue && v.of == nil && !v.outside {
			l.Size = v.shape.Size()
			lifetimes = append(lifetimes, l)
			p.bindings = append(p.bindings, binding{v: v})
		}
		if l := v.plan.grad; v.plan.hasGrad && v.share == nil && !v.outside {
			l.Size = v.shape.Size()
			lifetimes = append(lifetimes, l)
			p.bindings = append(p.bindings, binding{v: v, grad: true})
		}
	}
	offsets, total := tensor.Pack(lifetimes)
	for i := range p.bindings {
		p.bindings[i].offset = offsets[i]
	}
	p.total = total
	if total == 0 {
		p.total = tensor.Align
	}
}
