package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
)

// Dropout sets each element to zero with the given probability in [0, 1) and scales the others by 1/(1−rate), so that
// the mean stays (Srivastava et al., 2014, in the inverted form). In evaluation it is x itself. The mask of element i
// follows from (seed, name, step, i) alone.
func (t *Tape) Dropout(x *Var, rate float32, seed uint64, name string) *Var {
	check(rate >= 0 && rate < 1, "dropout with rate %v", rate)
	if !t.train || rate == 0 {
		return x
	}
	o := t.record("dropout", x.shape, x)
	o.over = []*Var{x}
	y, key := o.out, stream.Seed(seed, "dropout "+name)
	mask := t.save(o, (x.shape.Size()+3)/4)
	scale := 1 / (1 - rate)
	limit := uint64(float64(rate) * (1 << 32))
	o.forward = func() {
		m := octets(mask, len(y.value))
		state := mix(key + mix(t.step))
		for i := range m {
			m[i] = 0
			if mix(state+uint64(i))>>32 >= limit {
				m[i] = 1
			}
		}
		kernel.ApplyMask(t.pool, y.value, x.value, m, scale)
	}
	dx := o.in[0]
	o.backward = func() {
		kernel.ApplyMask(t.pool, dx.target(), y.grad, octets(mask, len(y.value)), scale)
		dx.finish(t.pool)
	}
	return y
}

// mix is the output function of SplitMix64 (Steele, Lea & Flood, 2014). Applied to a counter under a random key it
// gives numbers good enough for masks at two nanoseconds each, in any order.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
