package kernel

import "math"

// SGD holds the settings of one step of stochastic gradient descent with momentum (Sutskever et al., 2013, in the
// form common to deep-learning libraries). WeightDecay is the L2 term added to the gradient.
type SGD struct {
	LR, Momentum, WeightDecay float32
	Nesterov                  bool
}

// SGDStep updates w: g = grad + WeightDecay·w; velocity = Momentum·velocity + g; w −= LR·(velocity, or
// g + Momentum·velocity with Nesterov). velocity may be nil when Momentum is 0.
func SGDStep(p *Pool, w, grad, velocity []float32, s SGD) {
	p = p.or()
	y, x := [3][]float32{w, velocity}, [4][]float32{w, grad, velocity}
	args := [8]float32{s.WeightDecay, s.Momentum, -s.LR}
	switch {
	case velocity == nil:
		p.elementwise(p.set.vec.plainSGD, y, x, [8]float32{s.WeightDecay, -s.LR})
	case s.Nesterov:
		p.elementwise(p.set.vec.nesterov, y, x, args)
	default:
		p.elementwise(p.set.vec.momentum, y, x, args)
	}
}

// AdamW holds the settings of one step of Adam with decoupled weight decay (Loshchilov and Hutter, 2019). Step
// counts from 1 and corrects the bias of the moments.
type AdamW struct {
	LR, Beta1, Beta2, Eps, WeightDecay float32
	Step                               int
}

// AdamWStep updates w and the moments m and v: m = Beta1·m + (1−Beta1)·grad, v = Beta2·v + (1−Beta2)·grad²,
// w −= LR·(m̂/(√v̂+Eps) + WeightDecay·w).
func AdamWStep(p *Pool, w, grad, m, v []float32, s AdamW) {
	p = p.or()
	p.elementwise(p.set.vec.adamW, [3][]float32{w, m, v}, [4][]float32{w, grad, m, v}, s.rates())
}

// rates folds the bias corrections into the step: β1, 1−β1, β2, 1−β2, 1/√(1−β2^t), ε, −rate/(1−β1^t), 1−rate·decay.
func (s AdamW) rates() [8]float32 {
	return [8]float32{
		s.Beta1, 1 - s.Beta1, s.Beta2, 1 - s.Beta2,
		float32(1 / math.Sqrt(1-power(float64(s.Beta2), s.Step))), s.Eps,
		float32(-float64(s.LR) / (1 - power(float64(s.Beta1), s.Step))),
		float32(1 - float64(s.LR)*float64(s.WeightDecay)),
	}
}
