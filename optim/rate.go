package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
)

// Rate multiplies updates by a learning rate. It stands last in a chain.
func Rate(rate Schedule) Transform { return rateOf(rate) }

type rateOf Schedule

func (r rateOf) Init(params []autograd.Param) Rule {
	return &rating{params: params, rate: Schedule(r), pool: kernel.NewPool(1)}
}

type rating struct {
	stateless
	params []autograd.Param
	rate   Schedule
	pool   *kernel.Pool // of the calling thread alone
}

func (r *rating) Rewrite(step int) {
	lr := float32(r.rate(step))
	for _, p := range r.params {
		kernel.Scale(r.pool, p.Grad.Data(), p.Grad.Data(), lr)
	}
}
