package optim

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
)

// Clip scales all gradients down together so that their global Euclidean norm is at most norm (Pascanu et al., 2013).
// Gradients within it are left exactly as they are.
func Clip(norm float64) Transform { return clip(norm) }

type clip float64

func (c clip) Init(params []autograd.Param) Rule { return &clipping{params: params, norm: float64(c)} }

type clipping struct {
	stateless
	params []autograd.Param
	norm   float64
}

func (r *clipping) Rewrite(int) {
	norm := Norm(r.params)
	if norm <= r.norm {
		return
	}
	scale := float32(r.norm / norm)
	for _, p := range r.params {
		g := p.Grad.Data()
		for i := range g {
			g[i] *= scale
		}
	}
}

// Norm returns the global Euclidean norm of all gradients, accumulated in float64 in the order of the parameters.
func Norm(params []autograd.Param) float64 {
	var sum float64
	for _, p := range params {
		for _, g := range p.Grad.Data() {
			sum += float64(float64(g) * float64(g))
		}
	}
	return math.Sqrt(sum)
}
