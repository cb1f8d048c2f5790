package autograd

// reuseStorage lets an operation write its output over an operand that nothing reads any more, where the operation
// allows it (op.over). Fewer buffers are alive and the output is in the cache already.
func (t *Tape) reuseStorage() {
	last := map[*Var]int{} // the last step that reads or keeps the storage of a root
	read := func(v *Var, at int) { last[v.root()] = max(last[v.root()], at) }
	for i, o := range t.ops {
		if !o.live {
			continue
		}
		f, b := t.when(i)
		for _, s := range o.in {
			read(s.v, f)
		}
		if o.differs {
			for _, v := range o.keep {
				read(v, b)
			}
		}
	}
	for i, o := range t.ops {
		if !o.live {
			continue
		}
		f, _ := t.when(i)
		for _, x := range o.over {
			if r := x.root(); !r.outside && !r.held && !o.out.held && o.out.of == nil && last[r] == f && o.reads(r) == 1 {
				last[r] = max(f, last[o.out])
				o.out.of = r
			}
		}
	}
}

// reads returns how many operands lie in the storage of root.
func (o *op) reads(root *Var) int {
	n := 0
	for _, s := range o.in {
		if s.v.root() == root {
			n++
		}
	}
	return n
}
