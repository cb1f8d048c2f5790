package optim

import "github.com/trellis-nas/trellis/autograd"

// Decay adds coefficient·weight to the update of every parameter that allows it; biases and the scales and shifts of
// norms are spared. Before Momentum it is the L2 penalty of classical SGD; after Adam it is the decoupled decay of
// AdamW (Loshchilov & Hutter, 2019).
func Decay(coefficient float64) Transform { return decay(coefficient) }

type decay float64

func (d decay) Init(params []autograd.Param) Rule {
	r := &decaying{coefficient: float32(d)}
	for _, p := range params {
		if p.Decay {
			r.params = append(r.params, p)
		}
	}
	return r
}

type decaying struct {
	stateless
	params      []autograd.Param
	coefficient float32
}

func (r *decaying) Rewrite(int) {
	if r.coefficient == 0 {
		return
	}
	for _, p := range r.params {
		w, g := p.Value.Data(), p.Grad.Data()
		for i := range g {
			g[i] += float32(r.coefficient * w[i])
		}
	}
}
