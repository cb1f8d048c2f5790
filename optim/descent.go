package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// descent is the transform of SGD.
type descent struct {
	rate     Schedule
	momentum float64
	nesterov bool
	decay    float64
}

func (d descent) Init(params []autograd.Param) Rule {
	r := &descending{descent: d, params: params}
	if d.momentum != 0 {
		r.velocity = slots("momentum", params)
	}
	return r
}

type descending struct {
	descent
	finished
	params   []autograd.Param
	velocity []tensor.Named
}

// Finish implements Finisher.
func (r *descending) Finish(step int, pool *kernel.Pool) {
	s := kernel.SGD{LR: float32(r.rate(step)), Momentum: float32(r.momentum), Nesterov: r.nesterov}
	for k, p := range r.params {
		s.WeightDecay = 0
		if p.Decay {
			s.WeightDecay = float32(r.decay)
		}
		var v []float32
		if r.velocity != nil {
			v = r.velocity[k].Data()
		}
		kernel.SGDStep(pool, p.Value.Data(), p.Grad.Data(), v, s)
	}
}

func (r *descending) State() []tensor.Named { return r.velocity }
