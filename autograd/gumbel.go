package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
)

// Gumbel draws a sample of each row of logits, N×1×1×C, by the Gumbel softmax: softmax((logits + g)/temperature) with g
// from the standard Gumbel distribution (Jang et al., 2017; Maddison et al., 2017). With hard the sample is the largest of
// them, one-hot, while the gradient is that of the soft sample (straight through). temperature is read in every Forward, so
// that a schedule may lower it. The noise of element i follows from (seed, name, step, i) alone.
func (t *Tape) Gumbel(logits *Var, temperature *float32, hard bool, seed uint64, name string) *Var {
	c := logits.shape.At(-1)
	rows := logits.shape.Size() / c
	o := t.record("gumbel", logits.shape, logits)
	y, key, dx := o.out, stream.Seed(seed, "gumbel "+name), o.in[0]
	soft := t.save(o, rows*c)
	o.forward = func() {
		state := mix(key + mix(t.step))
		for i, v := range logits.value {
			u := (float64(mix(state+uint64(i))>>11) + 0.5) / (1 << 53)
			soft.value[i] = float32((float64(v) + kernel.Gumbel(u)) / float64(*temperature))
		}
		kernel.Softmax(t.pool, soft.value, soft.value, rows, c)
		copy(y.value, soft.value)
		for r := 0; hard && r < rows; r++ {
			oneHot(y.value[r*c:][:c])
		}
	}
	o.backward = func() {
		d := dx.target()
		kernel.SoftmaxBackward(t.pool, d, y.grad, soft.value, rows, c)
		kernel.Scale(t.pool, d, d, 1 / *temperature)
		dx.finish(t.pool)
	}
	return y
}

// OneHot is one at the first largest element of each row of x, N×1×1×C, and zero elsewhere; its gradient is passed on as
// it is (the straight-through estimator; Bengio et al., 2013).
func (t *Tape) OneHot(x *Var) *Var {
	c := x.shape.At(-1)
	o := t.record("onehot", x.shape, x)
	y, dx := o.out, o.in[0]
	o.forward = func() {
		copy(y.value, x.value)
		for r := 0; r < len(y.value); r += c {
			oneHot(y.value[r:][:c])
		}
	}
	dx.pass = true
	o.backward = func() { dx.copyFrom(t.pool, y.grad) }
	return y
}

func oneHot(row []float32) {
	best := 0
	for j, v := range row {
		if v > row[best] {
			best = j
		}
	}
	clear(row)
	row[best] = 1
}
