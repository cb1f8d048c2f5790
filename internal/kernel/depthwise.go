package kernel

// DepthwiseForward computes y = x ∗ w channel by channel; y is overwritten. w is [KH][KW][C].
func DepthwiseForward(p *Pool, y, x, w []float32, g ConvShape) {
	c := g.Cin
	p.For(g.N*g.OH, func(row int) {
		n, oh := row/g.OH, row%g.OH
		for ow := range g.OW {
			out := y[(row*g.OW+ow)*c:][:c]
			clear(out)
			g.eachTap(oh, ow, func(tap, pixel int) {
				in, wr := x[(n*g.H*g.W+pixel)*c:][:c], w[tap*c:][:c]
				for i := range out {
					out[i] = fma32(in[i], wr[i], out[i])
				}
			})
		}
	})
}

// DepthwiseBackwardData computes dx from dy; dx is overwritten.
func DepthwiseBackwardData(p *Pool, dx, dy, w []float32, g ConvShape) {
	c := g.Cin
	p.For(g.N, func(n int) {
		img := dx[n*g.H*g.W*c:][:g.H*g.W*c]
		clear(img)
		for oh := range g.OH {
			for ow := range g.OW {
				d := dy[((n*g.OH+oh)*g.OW+ow)*c:][:c]
				g.eachTap(oh, ow, func(tap, pixel int) {
					out, wr := img[pixel*c:][:c], w[tap*c:][:c]
					for i := range out {
						out[i] = fma32(d[i], wr[i], out[i])
					}
				})
			}
		}
	})
}

// DepthwiseBackwardWeights adds to dw the gradient of the weights.
func DepthwiseBackwardWeights(p *Pool, dw, x, dy []float32, g ConvShape) {
	c := g.Cin
	for n := range g.N {
		for oh := range g.OH {
			for ow := range g.OW {
				d := dy[((n*g.OH+oh)*g.OW+ow)*c:][:c]
				g.eachTap(oh, ow, func(tap, pixel int) {
					in, o := x[(n*g.H*g.W+pixel)*c:][:c], dw[tap*c:][:c]
					for i := range o {
						o[i] = fma32(in[i], d[i], o[i])
					}
				})
			}
		}
	}
}

// eachTap calls f for the taps of output pixel (oh, ow) that lie inside the image, with the input pixel's index.
func (g ConvShape) eachTap(oh, ow int, f func(tap, pixel int)) {
	for kh := range g.KH {
		ih := oh*g.Stride - g.PadTop + kh*g.Dilation
		if ih < 0 || ih >= g.H {
			continue
		}
		for kw := range g.KW {
			iw := ow*g.Stride - g.PadLeft + kw*g.Dilation
			if iw >= 0 && iw < g.W {
				f(kh*g.KW+kw, ih*g.W+iw)
			}
		}
	}
}
