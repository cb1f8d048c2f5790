package optim

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/tensor"
)

// Average keeps an exponential moving average of weights, which often tests better than the weights themselves
// (Polyak & Juditsky, 1992). Early on the decay is held to (1+n)/(10+n) after n updates, so that the average does not
// remember the initial weights.
type Average struct {
	params []autograd.Param
	mean   []tensor.Named
	decay  float64
	count  int
}

// NewAverage starts an average at the present weights. decay is near 1, 0.999 say.
func NewAverage(params []autograd.Param, decay float64) *Average {
	a := &Average{params: params, mean: slots("average", params), decay: decay}
	for i, p := range params {
		copy(a.mean[i].Data(), p.Value.Data())
	}
	return a
}

// Update moves the average towards the present weights.
func (a *Average) Update() {
	n := float64(a.count)
	a.count++
	d := float32(min(a.decay, (1+n)/(10+n)))
	for i, p := range a.params {
		w := p.Value.Data()
		m := a.mean[i].Data()[:len(w)]
		for j := range w {
			m[j] = float32(d*m[j]) + float32((1-d)*w[j])
		}
	}
}

// Swap exchanges the weights and their average; a second Swap undoes it. Evaluate between the two.
func (a *Average) Swap() {
	for i, p := range a.params {
		w, m := p.Value.Data(), a.mean[i].Data()
		for j := range w {
			w[j], m[j] = m[j], w[j]
		}
	}
}

// State returns the average, to be written to a checkpoint, as Optimizer.State does.
func (a *Average) State() []tensor.Named { return a.mean }

// Updates returns how many updates the average has had, and Resume continues from there.
func (a *Average) Updates() int { return a.count }

// Resume continues as if count updates had been made.
func (a *Average) Resume(count int) { a.count = count }
