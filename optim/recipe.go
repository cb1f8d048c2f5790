package optim

// SGD is stochastic gradient descent with momentum and the L2 penalty decay on weights that allow it:
// g ← g + decay·w, v ← m·v + g, w ← w − rate·v, or w ← w − rate·(g + m·v) with Nesterov's look-ahead. It is
// Chain(Decay(decay), Momentum{…}, Rate(rate)) in one pass over the memory, with fused multiply-adds.
func SGD(rate Schedule, momentum float64, nesterov bool, decay float64) Transform {
	return descent{rate, momentum, nesterov, decay}
}

// AdamW is Adam with decoupled weight decay (Loshchilov & Hutter, 2019): w ← w − rate·(m̂/(√v̂+ε) + decay·w). It is
// Chain(Adam{}, Decay(decay), Rate(rate)) in one pass over the memory, with fused multiply-adds.
func AdamW(rate Schedule, decay float64) Transform { return Adam{}.Fused(rate, decay) }
