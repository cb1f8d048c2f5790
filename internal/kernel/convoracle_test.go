package kernel

import "pgregory.net/rapid"

// padding returns x with pad pixels of zeros on every side; the oracles read it instead of testing bounds.
func padding(x []float32, n, h, w, c, pad int) []float32 {
	out := make([]float32, n*(h+2*pad)*(w+2*pad)*c)
	for i := range n {
		for r := range h {
			copy(out[((i*(h+2*pad)+r+pad)*(w+2*pad)+pad)*c:][:w*c], x[(i*h+r)*w*c:][:w*c])
		}
	}
	return out
}

const far = 16 // more padding than any test shape reads

// tap is one product of an output: indices into the padded x and into w.
type tap struct{ x, w int }

// tapsOf lists the products of y[n][oh][ow][co] in the order (kh, kw, cin).
func (g ConvShape) tapsOf(n, oh, ow, co int) []tap {
	cin := g.Cin / g.Groups
	gr := co / (g.Cout / g.Groups)
	var list []tap
	for kh := range g.KH {
		for kw := range g.KW {
			ih, iw := oh*g.Stride-g.PadTop+kh*g.Dilation+far, ow*g.Stride-g.PadLeft+kw*g.Dilation+far
			for ci := range cin {
				list = append(list, tap{((n*(g.H+2*far)+ih)*(g.W+2*far)+iw)*g.Cin + gr*cin + ci, ((kh*g.KW+kw)*cin+ci)*g.Cout + co})
			}
		}
	}
	return list
}

func (g ConvShape) eachOutput(f func(i int, taps []tap)) {
	i := 0
	for n := range g.N {
		for oh := range g.OH {
			for ow := range g.OW {
				for co := range g.Cout {
					f(i, g.tapsOf(n, oh, ow, co))
					i++
				}
			}
		}
	}
}

// convOracle is the definition of ConvForward.
func convOracle(x, w []float32, g ConvShape) []float32 {
	x = padding(x, g.N, g.H, g.W, g.Cin, far)
	y := make([]float32, g.N*g.OH*g.OW*g.Cout)
	g.eachOutput(func(i int, taps []tap) {
		for _, t := range taps {
			y[i] = fma32(x[t.x], w[t.w], y[i])
		}
	})
	return y
}

// convDataOracle is the definition of ConvBackwardData: dx sums over the dy pixels in raster order, then cout; a dy
// pixel outside the output is zero, and does not change the sum.
func convDataOracle(dy, w []float32, g ConvShape) []float32 {
	dx := make([]float32, g.N*(g.H+2*far)*(g.W+2*far)*g.Cin)
	g.eachOutput(func(i int, taps []tap) {
		for _, t := range taps {
			dx[t.x] = fma32(dy[i], w[t.w], dx[t.x])
		}
	})
	return crop(dx, g)
}

func crop(dx []float32, g ConvShape) []float32 {
	out := make([]float32, 0, g.N*g.H*g.W*g.Cin)
	for n := range g.N {
		for r := range g.H {
			out = append(out, dx[((n*(g.H+2*far)+r+far)*(g.W+2*far)+far)*g.Cin:][:g.W*g.Cin]...)
		}
	}
	return out
}

// convWeightsOracle is the definition of ConvBackwardWeights, added to dw.
func convWeightsOracle(dw, x, dy []float32, g ConvShape) {
	g = g.flat()
	x = padding(x, g.N, g.H, g.W, g.Cin, far)
	chunks := imageChunks(g.N, g.OH*g.OW, len(dw))
	total := make([]float32, len(dw))
	for c := range chunks {
		part := make([]float32, len(dw))
		lo, hi := c*g.N/chunks, (c+1)*g.N/chunks
		g.eachOutput(func(i int, taps []tap) {
			if n := i / (g.OH * g.OW * g.Cout); n < lo || n >= hi {
				return
			}
			for _, t := range taps {
				part[t.w] = fma32(x[t.x], dy[i], part[t.w])
			}
		})
		for k, v := range part {
			if c == 0 {
				total[k] = v
			} else {
				total[k] += v
			}
		}
	}
	for k, v := range total {
		dw[k] += v
	}
}

// drawConv draws a small convolution of any stride, dilation, padding and grouping.
func drawConv(t *rapid.T) ConvShape {
	g := ConvShape{
		N: rapid.IntRange(1, 3).Draw(t, "n"), H: rapid.IntRange(1, 9).Draw(t, "h"), W: rapid.IntRange(1, 19).Draw(t, "w"),
		KH: rapid.IntRange(1, 3).Draw(t, "kh"), KW: rapid.IntRange(1, 3).Draw(t, "kw"), Stride: rapid.IntRange(1, 3).Draw(t, "stride"),
		PadTop: rapid.IntRange(0, 2).Draw(t, "padTop"), PadLeft: rapid.IntRange(0, 2).Draw(t, "padLeft"),
		Dilation: rapid.IntRange(1, 2).Draw(t, "dilation"), Groups: rapid.IntRange(1, 2).Draw(t, "groups"),
	}
	g.Cin = g.Groups * rapid.IntRange(1, 6).Draw(t, "cin")
	g.Cout = g.Groups * rapid.IntRange(1, 20).Draw(t, "cout")
	g.OH = (g.H+g.PadTop-1)/g.Stride + 1 - rapid.IntRange(0, 1).Draw(t, "shorter")*((g.H+g.PadTop-1)/g.Stride)/2
	g.OW = (g.W+g.PadLeft-1)/g.Stride + 1
	return g
}
