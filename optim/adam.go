package optim

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Adam divides a running mean of the gradient by the root of a running mean of its square, both corrected for their
// start at zero (Kingma & Ba, 2015): m̂ / (√v̂ + ε). The zero value has the usual β₁ 0.9, β₂ 0.999, ε 1e-8.
type Adam struct {
	Beta1, Beta2, Epsilon float64
}

// Init implements Transform.
func (a Adam) Init(params []autograd.Param) Rule {
	return &adapting{Adam: a.usual(), params: params, moments: newMoments(params)}
}

// Fused is Chain(a, Decay(decay), Rate(rate)) in one pass over the memory; it must stand last in a chain.
func (a Adam) Fused(rate Schedule, decay float64) Transform { return fusedAdam{a.usual(), rate, decay} }

func (a Adam) usual() Adam {
	if a.Beta1 == 0 {
		a.Beta1 = 0.9
	}
	if a.Beta2 == 0 {
		a.Beta2 = 0.999
	}
	if a.Epsilon == 0 {
		a.Epsilon = 1e-8
	}
<<<<<<< HEAD
	return a
}

// moments are the running means of the gradients and of their squares.
type moments struct{ mean, square []tensor.Named }

func newMoments(params []autograd.Param) moments {
	return moments{slots("adam.mean", params), slots("adam.square", params)}
}

// State implements Rule.
func (m moments) State() []tensor.Named {
	return append(append([]tensor.Named(nil), m.mean...), m.square...)
=======
	return &adapting{Adam: a, params: params, mean: slots("adam.mean", params), square: slots("adam.square", params), pool: kernel.NewPool(1)}
>>>>>>> 1b37174 (peer, optim: the recurrent controller of the comparison; updates of optimisers in vector kernels with the bits they had)
}

type adapting struct {
	Adam
<<<<<<< HEAD
	moments
	params []autograd.Param
=======
	params       []autograd.Param
	mean, square []tensor.Named
	pool         *kernel.Pool // of the calling thread alone
>>>>>>> 1b37174 (peer, optim: the recurrent controller of the comparison; updates of optimisers in vector kernels with the bits they had)
}

func (r *adapting) Rewrite(step int) {
	b1, b2 := float32(r.Beta1), float32(r.Beta2)
	c1 := float32(1 / (1 - math.Pow(r.Beta1, float64(step+1))))
	c2 := float32(1 / math.Sqrt(1-math.Pow(r.Beta2, float64(step+1))))
	for k, p := range r.params {
		kernel.Adam(r.pool, p.Grad.Data(), r.mean[k].Data(), r.square[k].Data(),
			[7]float32{b1, 1 - b1, b2, 1 - b2, c1, c2, float32(r.Epsilon)})
	}
}
