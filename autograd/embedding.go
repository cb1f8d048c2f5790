package autograd

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Embed replaces each token id of ids, N×H×W×1, by its row of table, of shape Vocab×C. Ids are whole numbers below Vocab;
// any other is a fault of the program (see Program.Fault).
func (t *Tape) Embed(ids, table *Var) *Var {
	vocab, c := table.shape.At(0), table.shape.At(1)
	check(ids.shape.At(3) == 1, "embedding of %v, which has more than one channel", ids.shape)
	o := t.record("embedding", tensor.Of(ids.shape.At(0), ids.shape.At(1), ids.shape.At(2), c), ids, table)
	o.keep = []*Var{ids}
	y, steps := o.out, ids.shape.At(1)*ids.shape.At(2)
	o.forward = func() {
		if i := kernel.Embed(t.pool, y.value, table.value, ids.value, vocab, c); i >= 0 && t.fault == nil {
			t.fault = fmt.Errorf("token %d of sample %d is %v; ids are whole numbers from 0 to %d", i%steps, i/steps, ids.value[i], vocab-1)
		}
	}
	dtable := o.in[1]
	dtable.sums = true
	o.backward = func() {
		if d := dtable.sum(); d != nil && t.fault == nil {
			kernel.EmbedBackward(t.pool, d, y.grad, ids.value, vocab, c)
		}
	}
	return y
}

// AddPositions adds to each sample of x the numbers of positions, which has as many as one sample.
func (t *Tape) AddPositions(x, positions *Var) *Var {
	n := x.shape.At(0)
	check(x.shape.Size() == n*positions.shape.Size(), "positions of shape %v for %v", positions.shape, x.shape)
	o := t.record("positions", x.shape, x, positions)
	o.over = []*Var{x}
	y := o.out
	o.forward = func() { kernel.AddPerSample(t.pool, y.value, x.value, positions.value, n) }
	dx, dp := o.in[0], o.in[1]
	dx.pass, dp.sums = true, true
	o.backward = func() {
		if d := dp.sum(); d != nil {
			kernel.SumSamples(t.pool, d, y.grad, n)
		}
		dx.copyFrom(t.pool, y.grad)
	}
	return y
}

// Lengths counts the steps of each sequence of token ids, N×1×T×1, up to the last that is not pad. No gradient flows
// through it.
func (t *Tape) Lengths(ids *Var, pad int) *Var {
	n := ids.shape.At(0)
	o := t.record("lengths", tensor.Of(n, 1, 1, 1), ids)
	y, steps := o.out, ids.shape.Size()/max(n, 1)
	y.wants = false
	o.forward = func() {
		for i := range y.value {
			row := ids.value[i*steps:][:steps]
			last := steps
			for last > 0 && row[last-1] == float32(pad) {
				last--
			}
			y.value[i] = float32(last)
		}
	}
	return y
}
