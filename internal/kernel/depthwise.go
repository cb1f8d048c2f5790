package kernel

// DepthwiseForward computes y = x ∗ w channel by channel; y is overwritten. w is [KH][KW][C]; each output sums in the
// order (kh, kw).
func DepthwiseForward(p *Pool, y, x, w []float32, g ConvShape) {
	p.or().forward(y, stored(x), w[:g.KH*g.KW*g.Cin], g, true)
}

// DepthwiseBackwardData computes dx from dy; dx is overwritten. Each dx sums in the order of the dy pixels it reads.
func DepthwiseBackwardData(p *Pool, dx, dy, w []float32, g ConvShape) {
	p.or().backward(dx, stored(dy), w[:g.KH*g.KW*g.Cin], g, true)
}

// DepthwiseBackwardWeights adds to dw the gradient of the weights, summed in chunks as in ConvBackwardWeights.
func DepthwiseBackwardWeights(p *Pool, dw, x, dy []float32, g ConvShape) {
	p = p.or()
	p.gradient(dw[:g.KH*g.KW*g.Cin], stored(x[:g.N*g.H*g.W*g.Cin]), stored(dy[:g.N*g.OH*g.OW*g.Cout]), g, true, &p.jobs.conv, NormGrad{})
}
