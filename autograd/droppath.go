package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
)

// DropPath sets whole samples of x to zero with the given probability in [0, 1) and scales the others by 1/(1−rate): a
// branch that is now and then missing (Huang et al., 2016, "stochastic depth"; Larsson et al., 2017). In evaluation it is x
// itself. The mask of sample i follows from (seed, name, step, i) alone.
func (t *Tape) DropPath(x *Var, rate float32, seed uint64, name string) *Var {
	check(rate >= 0 && rate < 1, "drop-path with rate %v", rate)
	if !t.train || rate == 0 {
		return x
	}
	o := t.record("droppath", x.shape, x)
	o.over = []*Var{x}
	y, key := o.out, stream.Seed(seed, "drop-path "+name)
	limit := uint64(float64(rate) * (1 << 32))
	n := x.shape.At(0)
	size := x.shape.Size() / n
	scale := func(to, from []float32) {
		state := mix(key + mix(t.step))
		for i := range n {
			if mix(state+uint64(i))>>32 < limit {
				clear(to[i*size:][:size])
			} else {
				kernel.Scale(t.pool, to[i*size:][:size], from[i*size:][:size], 1/(1-rate))
			}
		}
	}
	o.forward = func() { scale(y.value, x.value) }
	dx := o.in[0]
	dx.inPlace = true
	o.backward = func() {
		scale(dx.target(), y.grad)
		dx.finish(t.pool)
	}
	return y
}
