package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/tensor"
)

// Momentum replaces the gradient g by a decaying sum of gradients, v ← m·v + g (Polyak, 1964), or with Nesterov's
// look-ahead by g + m·v (Sutskever et al., 2013). Both are as PyTorch has them: the learning rate multiplies the sum.
type Momentum struct {
	Coefficient Schedule // m, usually Constant(0.9); nil means 0
	Nesterov    bool
}

// Init implements Transform.
func (m Momentum) Init(params []autograd.Param) Rule {
	if m.Coefficient == nil {
		m.Coefficient = Constant(0)
	}
	return &rolling{Momentum: m, params: params, velocity: slots("momentum", params)}
}

type rolling struct {
	Momentum
	params   []autograd.Param
	velocity []tensor.Named
}

func (r *rolling) Rewrite(step int) {
	m := float32(r.Coefficient(step))
	for k, p := range r.params {
		g, v := p.Grad.Data(), r.velocity[k].Data()
		v = v[:len(g)]
		if r.Nesterov {
			for i := range g {
				v[i] = float32(m*v[i]) + g[i]
				g[i] += float32(m * v[i])
			}
			continue
		}
		for i := range g {
			v[i] = float32(m*v[i]) + g[i]
			g[i] = v[i]
		}
	}
}

func (r *rolling) State() []tensor.Named { return r.velocity }
