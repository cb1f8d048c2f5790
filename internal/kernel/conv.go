package kernel

// ConvForward computes y = x ∗ w; y is overwritten. Lengths: y N·OH·OW·Cout, x N·H·W·Cin, w KH·KW·(Cin/Groups)·Cout.
func ConvForward(p *Pool, y, x, w []float32, g ConvShape) {
	cin, cout := g.Cin/g.Groups, g.Cout/g.Groups
	p.For(g.N*g.OH, func(row int) {
		n, oh := row/g.OH, row%g.OH
		for ow := range g.OW {
			out := y[(row*g.OW+ow)*g.Cout:][:g.Cout]
			clear(out)
			for kh := range g.KH {
				ih := oh*g.Stride - g.PadTop + kh*g.Dilation
				for kw := range g.KW {
					iw := ow*g.Stride - g.PadLeft + kw*g.Dilation
					if ih < 0 || ih >= g.H || iw < 0 || iw >= g.W {
						continue
					}
					in := x[((n*g.H+ih)*g.W+iw)*g.Cin:][:g.Cin]
					for gr := range g.Groups {
						o := out[gr*cout:][:cout]
						for ci := range cin {
							v := in[gr*cin+ci]
							wr := w[((kh*g.KW+kw)*cin+ci)*g.Cout+gr*cout:][:len(o)]
							for i := range o {
								o[i] = fma32(v, wr[i], o[i])
							}
						}
					}
				}
			}
		}
	})
}

// ConvBackwardData computes dx, the gradient of the input, from dy, that of the output; dx is overwritten.
func ConvBackwardData(p *Pool, dx, dy, w []float32, g ConvShape) {
	cin, cout := g.Cin/g.Groups, g.Cout/g.Groups
	p.For(g.N, func(n int) {
		img := dx[n*g.H*g.W*g.Cin:][:g.H*g.W*g.Cin]
		clear(img)
		for oh := range g.OH {
			for ow := range g.OW {
				d := dy[((n*g.OH+oh)*g.OW+ow)*g.Cout:][:g.Cout]
				for kh := range g.KH {
					ih := oh*g.Stride - g.PadTop + kh*g.Dilation
					for kw := range g.KW {
						iw := ow*g.Stride - g.PadLeft + kw*g.Dilation
						if ih < 0 || ih >= g.H || iw < 0 || iw >= g.W {
							continue
						}
						out := img[(ih*g.W+iw)*g.Cin:][:g.Cin]
						for gr := range g.Groups {
							for ci := range cin {
								wr := w[((kh*g.KW+kw)*cin+ci)*g.Cout+gr*cout:][:cout]
								s := out[gr*cin+ci]
								for i, v := range wr {
									s = fma32(d[gr*cout+i], v, s)
								}
								out[gr*cin+ci] = s
							}
						}
					}
				}
			}
		}
	})
}

// ConvBackwardWeights adds to dw the gradient of the weights.
func ConvBackwardWeights(p *Pool, dw, x, dy []float32, g ConvShape) {
	cin, cout := g.Cin/g.Groups, g.Cout/g.Groups
	p.For(g.KH*g.KW, func(tap int) {
		kh, kw := tap/g.KW, tap%g.KW
		for n := range g.N {
			for oh := range g.OH {
				ih := oh*g.Stride - g.PadTop + kh*g.Dilation
				if ih < 0 || ih >= g.H {
					continue
				}
				for ow := range g.OW {
					iw := ow*g.Stride - g.PadLeft + kw*g.Dilation
					if iw < 0 || iw >= g.W {
						continue
					}
					in := x[((n*g.H+ih)*g.W+iw)*g.Cin:][:g.Cin]
					d := dy[((n*g.OH+oh)*g.OW+ow)*g.Cout:][:g.Cout]
					for gr := range g.Groups {
						for ci := range cin {
							v := in[gr*cin+ci]
							o := dw[(tap*cin+ci)*g.Cout+gr*cout:][:cout]
							for i := range o {
								o[i] = fma32(v, d[gr*cout+i], o[i])
							}
						}
					}
				}
			}
		}
	})
}
