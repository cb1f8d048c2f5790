package kernel

import "math"

// PoolShape describes a pooling window of K×K pixels (K at most 15) over NHWC data, read like ConvShape; pixels
// outside the image take no part.
type PoolShape struct {
	N, H, W, C      int
	K, Stride       int
	PadTop, PadLeft int
	OH, OW          int
}

func (g PoolShape) conv() ConvShape {
	return ConvShape{N: g.N, H: g.H, W: g.W, Cin: g.C, Cout: g.C, KH: g.K, KW: g.K, Stride: g.Stride,
		PadTop: g.PadTop, PadLeft: g.PadLeft, Dilation: 1, Groups: g.C, OH: g.OH, OW: g.OW}
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

// MaxPoolForward computes y and, for the backward pass, which tap (kh·K+kw) held the largest value: the first of
// equals, and the last NaN if there is one. argmax has the length of y.
func MaxPoolForward(p *Pool, y, x []float32, argmax []uint8, g PoolShape) {
	s := g.conv()
	p.For(g.N*g.OH, func(row int) {
		n, oh := row/g.OH, row%g.OH
		for ow := range g.OW {
			out, arg := y[(row*g.OW+ow)*g.C:][:g.C], argmax[(row*g.OW+ow)*g.C:][:g.C]
			for i := range out {
				out[i], arg[i] = float32(math.Inf(-1)), 255
			}
			s.eachTap(oh, ow, func(tap, pixel int) {
				for i, v := range x[(n*g.H*g.W+pixel)*g.C:][:g.C] {
					if v > out[i] || v != v || arg[i] == 255 {
						out[i], arg[i] = v, uint8(tap)
					}
				}
			})
		}
	})
}

// MaxPoolBackward gives each dy to the tap that argmax names; dx is overwritten.
func MaxPoolBackward(p *Pool, dx, dy []float32, argmax []uint8, g PoolShape) {
	p.For(g.N, func(n int) {
		img := dx[n*g.H*g.W*g.C:][:g.H*g.W*g.C]
		clear(img)
		for oh := range g.OH {
			for ow := range g.OW {
				at := ((n*g.OH+oh)*g.OW + ow) * g.C
				base := (oh*g.Stride-g.PadTop)*g.W + ow*g.Stride - g.PadLeft
				arg := argmax[at:][:g.C]
				for i, v := range dy[at:][:g.C] {
					kh, kw := int(arg[i])/g.K, int(arg[i])%g.K
					img[(base+kh*g.W+kw)*g.C+i] += v
				}
			}
		}
	})
}

// AvgPoolForward computes the mean of the window's pixels inside the image.
func AvgPoolForward(p *Pool, y, x []float32, g PoolShape) {
	s := g.conv()
	p.For(g.N*g.OH, func(row int) {
		n, oh := row/g.OH, row%g.OH
		for ow := range g.OW {
			out := y[(row*g.OW+ow)*g.C:][:g.C]
			clear(out)
			s.eachTap(oh, ow, func(_, pixel int) {
				for i, v := range x[(n*g.H*g.W+pixel)*g.C:][:g.C] {
					out[i] += v
				}
			})
			inv := g.inverseCount(oh, ow)
			for i := range out {
				out[i] *= inv
			}
		}
	})
}

// AvgPoolBackward spreads each dy evenly over its window; dx is overwritten.
func AvgPoolBackward(p *Pool, dx, dy []float32, g PoolShape) {
	s := g.conv()
	p.For(g.N, func(n int) {
		img := dx[n*g.H*g.W*g.C:][:g.H*g.W*g.C]
		clear(img)
		for oh := range g.OH {
			for ow := range g.OW {
				inv := g.inverseCount(oh, ow)
				d := dy[((n*g.OH+oh)*g.OW+ow)*g.C:][:g.C]
				s.eachTap(oh, ow, func(_, pixel int) {
					out := img[pixel*g.C:][:g.C]
					for i, v := range d {
						out[i] = fma32(v, inv, out[i])
					}
				})
			}
		}
	})
}

// inverseCount is 1 / number of pixels of the window at (oh, ow) that lie inside the image.
func (g PoolShape) inverseCount(oh, ow int) float32 {
	h0, w0 := oh*g.Stride-g.PadTop, ow*g.Stride-g.PadLeft
	h := min(h0+g.K, g.H) - max(h0, 0)
	w := min(w0+g.K, g.W) - max(w0, 0)
	return 1 / float32(h*w)
}

// GlobalAvgForward computes y[n][c], the mean over the hw pixels of x[n][hw][c].
func GlobalAvgForward(p *Pool, y, x []float32, n, hw, c int) {
	inv := 1 / float32(hw)
	p.For(n, func(i int) {
		out := y[i*c:][:c]
		clear(out)
		for r := range hw {
			for j, v := range x[(i*hw+r)*c:][:c] {
				out[j] += v
			}
		}
		for j := range out {
			out[j] *= inv
		}
	})
}

// GlobalAvgBackward spreads dy[n][c] evenly over the hw pixels of dx[n][hw][c]; dx is overwritten.
func GlobalAvgBackward(p *Pool, dx, dy []float32, n, hw, c int) {
	inv := 1 / float32(hw)
	p.For(n, func(i int) {
		d := dy[i*c:][:c]
		for r := range hw {
			for j, v := range d {
				dx[(i*hw+r)*c+j] = v * inv
			}
		}
	})
}
