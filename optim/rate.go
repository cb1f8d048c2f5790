package optim

import "github.com/trellis-nas/trellis/autograd"

// Rate multiplies updates by a learning rate. It stands last in a chain.
func Rate(rate Schedule) Transform { return rateOf(rate) }

type rateOf Schedule

func (r rateOf) Init(params []autograd.Param) Rule { return &rating{params: params, rate: Schedule(r)} }

type rating struct {
	stateless
	params []autograd.Param
	rate   Schedule
}

func (r *rating) Rewrite(step int) {
	lr := float32(r.rate(step))
	for _, p := range r.params {
		g := p.Grad.Data()
		for i := range g {
			g[i] *= lr
		}
	}
}
