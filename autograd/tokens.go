package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Tokens are whole numbers, one for each row of a batch: filled by the caller before Forward, or by Sample.
type Tokens struct {
	ID    []int32
	Given bool // Sample leaves ID as the caller filled it
	from  *op  // the Sample that fills them, if any
}

// NewTokens returns tokens for n rows.
func NewTokens(n int) *Tokens { return &Tokens{ID: make([]int32, n)} }

// waitsFor makes what draws the tokens needed where o is.
func (o *op) waitsFor(k *Tokens) {
	if k.from != nil {
		o.after = append(o.after, k.from)
	}
}

// Rows takes for each token k the row k of a table V×D (or V×1×1×D), giving N×1×1×D: an embedding, or where the table is
// an embedding times the weights of the layer behind it, the input of that layer.
func (t *Tape) Rows(table *Var, tokens *Tokens) *Var {
	n, d := len(tokens.ID), table.shape.At(-1)
	check(table.shape.At(0)*d == table.shape.Size(), "rows of a table of shape %v", table.shape)
	o := t.record("rows", tensor.Of(n, 1, 1, d), table)
	o.waitsFor(tokens)
	y, dt := o.out, o.in[0]
	o.forward = func() {
		for i, k := range tokens.ID {
			copy(y.value[i*d:][:d], table.value[int(k)*d:][:d])
		}
	}
	dt.sums = true
	o.backward = func() {
		sum := dt.sum()
		for i, k := range tokens.ID {
			kernel.AddTo(t.pool, sum[int(k)*d:][:d], y.grad[i*d:][:d])
		}
	}
	return y
}
