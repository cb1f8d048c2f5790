package autograd

import "github.com/trellis-nas/trellis/internal/kernel"

// norm is what a batch norm computes, and how much of it the convolutions beside it do. They copy what they read to near
// memory and have what they wrote there, so that each of these saves a pass over the whole batch.
type norm struct {
	x, gamma, beta, residual *Var
	mean, variance           *Var // of the batch; nil in evaluation
	scale, shift             *Var
	linear, constant         *Var // of the gradient of x; see kernel.NormGrad
	dx, dgamma, dbeta        *slot
	rows, c                  int
	act                      kernel.Act
	counted                  bool // the convolution before takes the statistics
	folded                   bool // the convolution after reads through the norm: its output is the storage of x
	summed                   bool // that convolution also takes the sums of backward
	passed                   bool // the gradient of x is worked out by the convolution before while it reads that of the output
}

// foldNorms gives work of batch norms to the convolutions beside them where nothing else reads what is then not stored.
func (t *Tape) foldNorms() {
	readers := map[*Var][]*op{}
	for _, o := range t.ops {
		if o.live {
			for _, s := range o.in {
				readers[s.v] = append(readers[s.v], o)
			}
		}
	}
	private := func(v *Var) bool { return len(readers[v]) == 1 && !v.held && !v.outside && v.of == nil }
	for _, o := range t.ops {
		if n := o.norm; n != nil && o.live && n.act.Foldable() {
			if private(o.out) {
				n.foldAfter(o, readers[o.out][0])
			}
			if t.train && n.x.producer >= 0 {
				n.foldBefore(o, t.ops[n.x.producer], private(n.x))
			}
		}
	}
}

// foldAfter lets reader, which alone reads the output of o, read through the norm.
func (n *norm) foldAfter(o, reader *op) {
	if n.residual != nil || reader.conv == nil || reader.conv.x != o.out {
		return
	}
	n.folded, reader.conv.in, o.out.of = true, n, n.x
	reader.scratch = append(reader.scratch, n.scale, n.shift)
	if o.differs && reader.differs && owned(n.gamma) && owned(n.beta) {
		n.summed = true
		reader.backScratch = append(reader.backScratch, n.linear, n.constant)
	}
}

// owned reports whether the gradient of a parameter can be added to before the norm's own turn.
func owned(v *Var) bool { return v.outside || !v.wants }

// foldBefore lets the convolution that writes the input of o count for the norm and, if nothing else reads it, take the gradient.
func (n *norm) foldBefore(o, writer *op, alone bool) {
	if writer.conv == nil || writer.conv.bias != nil || writer.conv.next != nil {
		return
	}
	n.counted, writer.conv.next = true, n
	writer.scratch = append(writer.scratch, n.mean, n.variance)
	if !alone || !o.differs || !writer.differs || n.residual != nil && n.act != kernel.None {
		return
	}
	n.passed, n.dx.pass, n.dx.inPlace = true, true, false
	writer.keep = append(writer.keep, writer.out)
	writer.backScratch = append(writer.backScratch, n.scale, n.shift, n.linear, n.constant)
}

// store writes the output, unless the reader works it out.
func (n *norm) store(p *kernel.Pool, y *Var) {
	if n.folded {
		return
	}
	var skip []float32
	if n.residual != nil {
		skip = n.residual.value
	}
	kernel.BatchNormApply(p, y.value, n.x.value, skip, n.scale.value, n.shift.value, n.rows, n.c, n.act)
}

// apply is the norm as the convolution after reads through it.
func (n *norm) apply() kernel.Norm {
	if n == nil {
		return kernel.Norm{}
	}
	return kernel.Norm{Scale: n.scale.value, Shift: n.shift.value, Act: n.act}
}

// moments is where the convolution before puts the statistics, nil if none are wanted.
func (n *norm) moments() (mean, variance []float32) {
	if n == nil {
		return nil, nil
	}
	return n.mean.value, n.variance.value
}

// slope is how the convolution before reads the gradient.
func (n *norm) slope() kernel.NormSlope {
	if n == nil || !n.passed {
		return kernel.NormSlope{}
	}
	return kernel.NormSlope{Norm: n.apply(), X: n.x.value, Linear: n.linear.value, Const: n.constant.value}
}

// sums is the backward pass as the convolution after does it.
func (n *norm) sums() kernel.NormGrad {
	if n == nil || !n.summed {
		return kernel.NormGrad{}
	}
	return n.grad()
}

// grad is the backward pass without its gradients of data.
func (n *norm) grad() kernel.NormGrad {
	return kernel.NormGrad{DGamma: n.dgamma.sum(), DBeta: n.dbeta.sum(), X: n.x.value, Mean: n.mean.value, Variance: n.variance.value,
		Scale: n.scale.value, Shift: n.shift.value, Linear: n.linear.value, Const: n.constant.value, Eps: Epsilon, Rows: n.rows, C: n.c, Act: n.act}
}
