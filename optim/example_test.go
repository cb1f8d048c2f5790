package optim_test

import (
	"fmt"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// Any optimizer is a chain: here Adam on gradients clipped to norm 1, with decoupled weight decay and a rate that
// warms up.
func ExampleChain() {
	w := autograd.NewParam("w", tensor.Of(1), true)
	w.Value.Data()[0] = 3
	o := optim.New([]autograd.Param{w}, optim.Chain(
		optim.Clip(1),
		optim.Adam{},
		optim.Decay(0.01),
		optim.Rate(optim.Warmup(10, optim.Cosine(0.1, 0, 90))),
	))
	for range 100 { // minimise w²/2, whose gradient is w
		w.Grad.Data()[0] = w.Value.Data()[0]
		o.Step()
	}
	fmt.Printf("|w| < 0.1: %v\n", w.Value.Data()[0]*w.Value.Data()[0] < 0.01)
	// Output: |w| < 0.1: true
}
