package autograd

import "github.com/trellis-nas/trellis/tensor"

// Reinforce returns the loss −mean(logp·advantage) − bonus·mean(entropy) of N samples, whose gradient is that of the expected
// reward by the score function (Williams, 1992) with an entropy bonus; advantage is the reward less a baseline. All
// three have N elements. No gradient flows into advantage, and Backward reads it anew: a caller whose reward depends on
// what Forward drew may feed it between the two (the loss is then the one of the advantage before).
func (t *Tape) Reinforce(logp, entropy, advantage *Var, bonus float32) *Var {
	n := logp.shape.Size()
	check(entropy.shape.Size() == n && advantage.shape.Size() == n && !advantage.wants,
		"log-probabilities, entropies and advantages of shapes %v, %v and %v", logp.shape, entropy.shape, advantage.shape)
	o := t.record("reinforce", tensor.Of(), logp, entropy, advantage)
	o.keep = []*Var{advantage}
	loss := o.out
	o.forward = func() {
		sum := 0.0
		for i, a := range advantage.value {
			sum -= float64(float64(logp.value[i])*float64(a)) + float64(float64(bonus)*float64(entropy.value[i]))
		}
		loss.value[0] = float32(sum / float64(n))
	}
	dl, de := o.in[0], o.in[1]
	o.backward = func() {
		each := loss.grad[0] / float32(n)
		if d := dl.target(); d != nil {
			for i, a := range advantage.value {
				d[i] = -each * a
			}
			dl.finish(t.pool)
		}
		if d := de.target(); d != nil {
			for i := range d {
				d[i] = -each * bonus
			}
			de.finish(t.pool)
		}
	}
	return loss
}
