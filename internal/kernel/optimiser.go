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
	for i := range w {
		g := fma32(s.WeightDecay, w[i], grad[i])
		d := g
		if velocity != nil {
			v := fma32(s.Momentum, velocity[i], g)
			velocity[i] = v
			d = v
			if s.Nesterov {
				d = fma32(s.Momentum, v, g)
			}
		}
		w[i] = fma32(-s.LR, d, w[i])
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
	a := s.rates()
	for i := range w {
		g := grad[i]
		m[i] = fma32(a.b1, m[i], float32(a.c1*g))
		v[i] = fma32(a.b2, v[i], float32(float32(a.c2*g)*g))
		d := float32(math.Sqrt(float64(v[i])))
		d = fma32(d, a.root, a.eps)
		w[i] = fma32(-a.lr, m[i]/d, float32(a.keep*w[i]))
	}
}

type adamRates struct{ b1, c1, b2, c2, root, eps, lr, keep float32 }

// rates folds the bias corrections into the step: lr = LR/(1−Beta1^t), root = 1/√(1−Beta2^t), keep = 1−LR·WeightDecay.
func (s AdamW) rates() adamRates {
	t := float64(s.Step)
	return adamRates{
		b1: s.Beta1, c1: 1 - s.Beta1, b2: s.Beta2, c2: 1 - s.Beta2, eps: s.Eps,
		root: float32(1 / math.Sqrt(1-math.Pow(float64(s.Beta2), t))),
		lr:   float32(float64(s.LR) / (1 - math.Pow(float64(s.Beta1), t))),
		keep: float32(1 - float64(s.LR)*float64(s.WeightDecay)),
	}
}
