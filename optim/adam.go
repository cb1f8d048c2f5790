package optim

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
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
}

type adapting struct {
	Adam
	moments
	params []autograd.Param
}

func (r *adapting) Rewrite(step int) {
	b1, b2, eps := float32(r.Beta1), float32(r.Beta2), float32(r.Epsilon)
	c1 := float32(1 / (1 - math.Pow(r.Beta1, float64(step+1))))
	c2 := float32(1 / math.Sqrt(1-math.Pow(r.Beta2, float64(step+1))))
	for k, p := range r.params {
		g := p.Grad.Data()
		m, v := r.mean[k].Data()[:len(g)], r.square[k].Data()[:len(g)]
		for i, gi := range g {
			m[i] = float32(b1*m[i]) + float32((1-b1)*gi)
			v[i] = float32(b2*v[i]) + float32((1-b2)*gi*gi)
			g[i] = c1 * m[i] / (float32(c2*float32(math.Sqrt(float64(v[i])))) + eps)
		}
	}
}
