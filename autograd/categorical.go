package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/tensor"
)

// Categorical is a distribution over the classes of each row of a batch.
type Categorical struct {
	tape    *Tape
	logp    *Var // N×1×1×C
	probs   *Var
	allowed []bool
}

// Categorical returns the distribution softmax(logits) for logits N×1×1×C. allowed forbids the classes that are false: it
// has C flags for all rows or N·C, read in every Forward, at least one of each row being true; nil allows everything.
func (t *Tape) Categorical(logits *Var, allowed []bool) *Categorical {
	n, c := logits.shape.At(0), logits.shape.At(-1)
	check(logits.shape.Size() == n*c, "a distribution over logits of shape %v", logits.shape)
	check(allowed == nil || len(allowed) == c || len(allowed) == n*c, "%d flags for logits of shape %v", len(allowed), logits.shape)
	o := t.record("logsoftmax", tensor.Of(n, 1, 1, c), logits)
	d := &Categorical{tape: t, logp: o.out, probs: t.save(o, n*c), allowed: allowed}
	o.over = []*Var{logits}
	o.forward = func() { kernel.LogSoftmax(d.logp.value, d.probs.value, logits.value, allowed, n, c) }
	dx := o.in[0]
	dx.inPlace = true
	o.backward = func() {
		kernel.LogSoftmaxBackward(dx.target(), d.logp.grad, d.probs.value, allowed, n, c)
		dx.finish(t.pool)
	}
	return d
}

// LogProbs returns the logarithms of the probabilities, N×1×1×C; those of forbidden classes are kernel.Forbidden.
func (d *Categorical) LogProbs() *Var { return d.logp }

// Sample draws one class for each row into tokens, unless they are Given. The draw of row i follows from (seed, name,
// step, i) alone. No gradient flows through it.
func (d *Categorical) Sample(tokens *Tokens, seed uint64, name string) {
	n, c := d.logp.shape.At(0), d.logp.shape.At(-1)
	check(len(tokens.ID) == n, "%d tokens for a distribution over %v", len(tokens.ID), d.logp.shape)
	t := d.tape
	o := t.record("sample", tensor.Of(1), d.logp)
	o.out.wants = false
	tokens.from = o
	key := stream.Seed(seed, "sample "+name)
	o.forward = func() {
		o.out.value[0] = 0
		if tokens.Given {
			return
		}
		state := mix(key + mix(t.step))
		for i := range tokens.ID {
			u := float64(mix(state+uint64(i))>>11) / (1 << 53)
			tokens.ID[i] = int32(kernel.Draw(d.probs.value[i*c:][:c], u))
		}
	}
	o.saved = append(o.saved, d.probs)
}

// LogProb returns the log-probability of each row's token, N×1×1×1.
func (d *Categorical) LogProb(tokens *Tokens) *Var {
	n, c := d.logp.shape.At(0), d.logp.shape.At(-1)
	check(len(tokens.ID) == n, "%d tokens for a distribution over %v", len(tokens.ID), d.logp.shape)
	o := d.tape.record("pick", tensor.Of(n, 1, 1, 1), d.logp)
	o.waitsFor(tokens)
	y, dx := o.out, o.in[0]
	o.forward = func() {
		for i, k := range tokens.ID {
			y.value[i] = d.logp.value[i*c+int(k)]
		}
	}
	dx.sums = true
	o.backward = func() {
		sum := dx.sum()
		for i, k := range tokens.ID {
			sum[i*c+int(k)] += y.grad[i]
		}
	}
	return y
}

// Entropy returns −Σ p·log p of each row, N×1×1×1.
func (d *Categorical) Entropy() *Var {
	n, c := d.logp.shape.At(0), d.logp.shape.At(-1)
	o := d.tape.record("entropy", tensor.Of(n, 1, 1, 1), d.logp)
	y, dx := o.out, o.in[0]
	o.keep = []*Var{d.logp, d.probs}
	o.saved = append(o.saved, d.probs)
	o.forward = func() {
		for i := range y.value {
			sum := 0.0
			for j, l := range d.logp.value[i*c:][:c] {
				sum -= float64(float64(d.probs.value[i*c+j]) * float64(l))
			}
			y.value[i] = float32(sum)
		}
	}
	dx.sums = true
	o.backward = func() {
		sum := dx.sum()
		for i, g := range y.grad {
			for j, l := range d.logp.value[i*c:][:c] {
				p := d.probs.value[i*c+j]
				sum[i*c+j] -= float32(g * float32(p*(l+1)))
			}
		}
	}
	return y
}
