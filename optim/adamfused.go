package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
)

type fusedAdam struct {
	Adam
	rate  Schedule
	decay float64
}

func (a fusedAdam) Init(params []autograd.Param) Rule {
	return &adaptingFused{fusedAdam: a, params: params, moments: newMoments(params)}
}

type adaptingFused struct {
	fusedAdam
	finished
	moments
	params []autograd.Param
}

// Finish implements Finisher.
func (r *adaptingFused) Finish(step int, pool *kernel.Pool) {
	s := kernel.AdamW{
		LR: float32(r.rate(step)), Beta1: float32(r.Beta1), Beta2: float32(r.Beta2), Eps: float32(r.Epsilon), Step: step + 1,
	}
	for k, p := range r.params {
		s.WeightDecay = 0
		if p.Decay {
			s.WeightDecay = float32(r.decay)
		}
		kernel.AdamWStep(pool, p.Value.Data(), p.Grad.Data(), r.mean[k].Data(), r.square[k].Data(), s)
	}
}
