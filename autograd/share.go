package autograd

// shareGradients lets gradients share a buffer instead of being copied. An operand with pass has the same gradient
// as the output (a sum): if nothing else consumes the operand, its buffer is only ever read, so any number of these
// may share. At most one operand may take the buffer over, to add what its other consumers contribute (pass) or to
// have its own gradient written over that of the output (inPlace), provided that all readers come before; where nobody does, one
// that shares it alone has it to itself from then on.
func (t *Tape) shareGradients() {
	writers := map[*Var][]int{} // steps in which consumers write a Var's gradient, in order
	for i := len(t.ops) - 1; i >= 0; i-- {
		if o := t.ops[i]; o.differs {
			_, b := t.when(i)
			for _, s := range o.in {
				if s.v.wants {
					writers[s.v] = append(writers[s.v], b)
				}
			}
		}
	}
	for i := len(t.ops) - 1; i >= 0; i-- {
		if o := t.ops[i]; o.differs {
			_, b := t.when(i)
			t.shareOf(o, b, writers)
		}
	}
}

func (t *Tape) shareOf(o *op, now int, writers map[*Var][]int) {
	last := now                                                                // the last step that reads the buffer
	frozen := o.out.share != nil && !o.out.took || o.out.held || o.out.outside // others may read it later still
	var alone *Var                                                             // the last operand that shares
	shared := 0
	free := func(s *slot) bool { return s.v.wants && !s.v.outside && !s.v.held && !s.done && !s.add }
	for _, s := range o.in {
		if !s.pass || !free(s) || len(writers[s.v]) != 1 {
			continue
		}
		s.v.share, s.done = o.out, true
		alone, shared = s.v, shared+1
		q := t.ops[s.v.producer]
		for _, r := range q.in {
			frozen = frozen || r.pass // its readers come later than q
		}
		_, b := t.when(s.v.producer)
		last = max(last, b)
	}
	for _, s := range o.in {
		w := writers[s.v]
		if frozen || !free(s) || !s.pass && !s.inPlace {
			continue
		}
		if s.inPlace && last > now || s.pass && len(w) > 1 && w[1] <= last {
			continue
		}
		s.v.share, s.v.took, s.done, frozen = o.out, true, s.pass, true
	}
	if shared == 1 && !frozen {
		alone.took = true
	}
}
