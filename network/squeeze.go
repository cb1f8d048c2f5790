package network

// SqueezeExcite appends a squeeze-and-excitation gate on x and returns the gated tensor (Hu et al. 2018): global
// average pooling, a pointwise convolution with bias to hidden channels, ReLU, a pointwise convolution with bias back,
// the gate function (Sigmoid or HSigmoid by custom), and a multiplication with x.
func (b *Builder) SqueezeExcite(x Ref, hidden int, gate ActFunc) Ref {
	squeeze, excite := Pointwise(hidden), Pointwise(b.Shape(x).C)
	squeeze.Bias, excite.Bias = true, true
	s := b.Add(GlobalAvgPool{}, x)
	s = b.Add(squeeze, s)
	s = b.Add(Activation{ReLU}, s)
	s = b.Add(excite, s)
	s = b.Add(Activation{gate}, s)
	return b.Add(Multiply{}, x, s)
}
