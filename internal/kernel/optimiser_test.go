package kernel

import "testing"

func TestSGDFollowsItsFormula(t *testing.T) {
	w, v := []float32{1, -2}, []float32{0.5, 0}
	SGDStep(nil, w, []float32{0.25, 1}, v, SGD{LR: 0.1, Momentum: 0.9, WeightDecay: 0.01})
	near(t, "velocity", v, []float64{0.45 + 0.26, 0.98})
	near(t, "weights", w, []float64{1 - 0.1*0.71, -2 - 0.1*0.98})

	w, v = []float32{1}, []float32{0.5}
	SGDStep(nil, w, []float32{0.25}, v, SGD{LR: 0.1, Momentum: 0.9, Nesterov: true})
	near(t, "velocity", v, []float64{0.7})
	near(t, "weights", w, []float64{1 - 0.1*(0.25+0.63)})

	w = []float32{1}
	SGDStep(nil, w, []float32{0.25}, nil, SGD{LR: 0.1, WeightDecay: 0.5})
	near(t, "weights", w, []float64{1 - 0.1*0.75})
}

// The first step of Adam moves each weight by the rate, whatever the gradient's size; decay is apart from it.
func TestAdamWFollowsItsFormula(t *testing.T) {
	w, m, v := []float32{1, 1}, make([]float32, 2), make([]float32, 2)
	s := AdamW{LR: 0.01, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.1, Step: 1}
	AdamWStep(nil, w, []float32{0.3, -200}, m, v, s)
	near(t, "weights", w, []float64{1 - 0.001 - 0.01, 1 - 0.001 + 0.01})
	near(t, "first moment", m, []float64{0.03, -20})
	s.Step, s.WeightDecay = 2, 0
	AdamWStep(nil, w[:1], []float32{0.1}, m[:1], v[:1], s)
	// m̂ = (0.9·0.03+0.01)/0.19, v̂ = (0.999·0.00009+0.00001)/0.001999
	near(t, "second step", w[:1], []float64{0.989 - 0.01*0.19473684/0.22359127})
}
