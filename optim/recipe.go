package optim

// SGD is stochastic gradient descent with momentum and the L2 penalty decay on weights that allow it.
func SGD(rate Schedule, momentum float64, nesterov bool, decay float64) Transform {
	return Chain(Decay(decay), Momentum{Coefficient: Constant(momentum), Nesterov: nesterov}, Rate(rate))
}

// AdamW is Adam with decoupled weight decay (Loshchilov & Hutter, 2019): w ← w − rate·(m̂/(√v̂+ε) + decay·w).
func AdamW(rate Schedule, decay float64) Transform {
	return Chain(Adam{}, Decay(decay), Rate(rate))
}
