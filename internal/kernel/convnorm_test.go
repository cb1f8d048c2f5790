package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

// drawFoldable draws a convolution, dense or depthwise.
func drawFoldable(t *rapid.T) ConvShape {
	g := drawConv(t)
	if rapid.Bool().Draw(t, "depthwise") {
		g.Cin = rapid.IntRange(1, 37).Draw(t, "c")
		g.Cout, g.Groups = g.Cin, g.Cin
	}
	if rapid.Bool().Draw(t, "many") {
		g.N = rapid.IntRange(8, 20).Draw(t, "n8")
	}
	return g
}

func drawCheapAct(t *rapid.T) Act {
	return rapid.SampledFrom([]Act{None, ReLU, ReLU6, HSwish, HSigmoid}).Draw(t, "act")
}

func TestAConvolutionReadingThroughABatchNormIsTheConvolutionOfItsResult(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			g, act := drawFoldable(t), drawCheapAct(t)
			seed := rapid.Uint64().Draw(t, "seed")
			rows := g.N * g.H * g.W
			x, w := values(rows*g.Cin, seed), values(g.weights(), seed+1)
			scale, shift := values(g.Cin, seed+2), values(g.Cin, seed+3)
			y, z, want := make([]float32, g.N*g.OH*g.OW*g.Cout), make([]float32, len(x)), make([]float32, g.N*g.OH*g.OW*g.Cout)
			BatchNormApply(p, z, x, nil, scale, shift, rows, g.Cin, act)
			ConvForward(p, want, z, w, g)
			c := ConvNorm{Shape: g, X: x, W: w, In: Norm{Scale: scale, Shift: shift, Act: act}}
			mean, variance := make([]float32, g.Cout), make([]float32, g.Cout)
			c.Forward(p, y, mean, variance)
			sameBits(t, "y", y, want)
			for k := range mean {
				m, v := momentsOf(y, g.Cout, k)
				// Squares are summed about the first pixel of each image, whose distance from the mean they lose digits to.
				far := float32(0)
				for n := range g.N {
					d := y[n*g.OH*g.OW*g.Cout+k] - m
					far = max(far, d, -d)
				}
				if !close32(mean[k], m, m, 1) || !close32(variance[k], v, v, max(1, far*far/20)) {
					t.Fatalf("channel %d has mean %v and variance %v; want %v and %v", k, mean[k], variance[k], m, v)
				}
			}
		})
	})
}

// momentsOf returns mean and biased variance of channel k of rows of c channels, worked out in float64.
func momentsOf(y []float32, c, k int) (mean, variance float32) {
	n, sum, square := float64(len(y)/c), 0.0, 0.0
	for i := k; i < len(y); i += c {
		sum += float64(y[i])
	}
	for i := k; i < len(y); i += c {
		d := float64(y[i]) - sum/n
		square += float64(d * d)
	}
	return float32(sum / n), float32(square / n)
}

// close32 reports whether a and b agree to 1e-4 of a magnitude or of size.
func close32(a, b, magnitude, size float32) bool {
	d, m := max(a-b, b-a), max(magnitude, -magnitude, size)
	return d <= 1e-4*m
}

func TestGradientsThroughTheBatchNormsAroundAConvolutionAreThoseOfTheSeparateOperations(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			g, act, next := drawFoldable(t), drawCheapAct(t), drawCheapAct(t)
			seed := rapid.Uint64().Draw(t, "seed")
			rows, outs := g.N*g.H*g.W, g.N*g.OH*g.OW
			x, w, y, dy := values(rows*g.Cin, seed), values(g.weights(), seed+1), values(outs*g.Cout, seed+2), values(outs*g.Cout, seed+3)
			in := func(i uint64) []float32 { return values(g.Cin, seed+i) }
			out := func(i uint64) []float32 { return values(g.Cout, seed+i) }
			before := NormGrad{X: x, Mean: in(4), Variance: magnitude(in(5)), Scale: in(6), Shift: in(7), Eps: 1e-5, Rows: rows, C: g.Cin, Act: act,
				DGamma: in(8), DBeta: in(9), Linear: in(10), Const: in(11)}
			slope := NormSlope{Norm: Norm{Scale: out(12), Shift: out(13), Act: next}, X: y, Linear: out(14), Const: out(15)}

			dz, z, wantDW, wantDX := make([]float32, len(dy)), make([]float32, len(x)), values(len(w), seed+16), make([]float32, len(x))
			BatchNormSlope(p, NormGrad{DX: dz, DY: dy, X: y, Scale: slope.Scale, Shift: slope.Shift, Linear: slope.Linear, Const: slope.Const, Rows: outs, C: g.Cout, Act: next})
			BatchNormApply(p, z, x, nil, before.Scale, before.Shift, rows, g.Cin, act)
			ConvBackwardWeights(p, wantDW, z, dz, g)
			ConvBackwardData(p, wantDX, dz, w, g)
			want := before
			want.DY, want.DGamma, want.DBeta, want.Linear, want.Const = wantDX, in(8), in(9), in(10), in(11)
			BatchNormBackward(p, want)

			c := ConvNorm{Shape: g, X: x, W: w, In: Norm{Scale: before.Scale, Shift: before.Shift, Act: act}}
			d := ConvNormGrad{DX: make([]float32, len(x)), DW: values(len(w), seed+16), DY: dy, Slope: slope, Before: before}
			c.Backward(p, d)
			sameBits(t, "dx", d.DX, wantDX)
			sameBits(t, "dw", d.DW, wantDW)
			for k := range g.Cin {
				size := float32(0) // of the terms of the sums
				for i := k; i < len(wantDX); i += g.Cin {
					size += max(wantDX[i], -wantDX[i]) * (1 + max(x[i], -x[i]) + 8)
				}
				size *= 1 + 1/want.Variance[k]
				if !close32(before.DGamma[k], want.DGamma[k], 0, 1+size) || !close32(before.DBeta[k], want.DBeta[k], 0, 1+size) {
					t.Fatalf("channel %d: dγ %v and dβ %v; want %v and %v", k, before.DGamma[k], before.DBeta[k], want.DGamma[k], want.DBeta[k])
				}
			}
		})
	})
}

// magnitude makes the numbers positive, none below 1/16.
func magnitude(x []float32) []float32 {
	for i, v := range x {
		x[i] = max(v, -v, 1./16)
	}
	return x
}

func TestConvolutionsFoldedWithBatchNormsHaveTheSameBitsOnEverySetAndAnyThreads(t *testing.T) {
	for i, g := range []ConvShape{same(20, 8, 8, 16, 40, 1, 1, 1, 1), same(9, 14, 14, 24, 24, 3, 2, 1, 24), same(3, 40, 40, 48, 48, 3, 1, 1, 48), same(17, 6, 6, 8, 20, 3, 1, 1, 1)} {
		everySetAgrees(t, func(p *Pool) [][]float32 {
			x, w := values(g.N*g.H*g.W*g.Cin, 1), values(g.weights(), 2)
			y := make([]float32, g.N*g.OH*g.OW*g.Cout)
			mean, variance := make([]float32, g.Cout), make([]float32, g.Cout)
			c := ConvNorm{Shape: g, X: x, W: w, In: Norm{Scale: values(g.Cin, 3), Shift: values(g.Cin, 4), Act: ReLU6}}
			c.Forward(p, y, mean, variance)
			before := NormGrad{X: x, Mean: values(g.Cin, 5), Variance: magnitude(values(g.Cin, 6)), Scale: c.In.Scale, Shift: c.In.Shift, Eps: 1e-5, Rows: g.N * g.H * g.W, C: g.Cin,
				Act: ReLU6, DGamma: values(g.Cin, 7), DBeta: values(g.Cin, 8), Linear: values(g.Cin, 9), Const: values(g.Cin, 10)}
			d := ConvNormGrad{DX: values(len(x), 11), DW: values(len(w), 12), DY: values(len(y), 13), Before: before, Add: !g.Depthwise() && i%2 == 1,
				Slope: NormSlope{Norm: Norm{Scale: values(g.Cout, 14), Shift: values(g.Cout, 15), Act: ReLU}, X: y, Linear: values(g.Cout, 16), Const: values(g.Cout, 17)}}
			c.Backward(p, d)
			return [][]float32{y, mean, variance, d.DX, d.DW, before.DGamma, before.DBeta, before.Linear, before.Const}
		})
	}
}

func TestAGradientOfTheInputMayBeWrittenOverThatOfTheOutput(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			c, k, dilation := rapid.IntRange(2, 40).Draw(t, "c"), rapid.SampledFrom([]int{3, 5}).Draw(t, "k"), rapid.IntRange(1, 2).Draw(t, "dilation")
			h := rapid.IntRange(1, 12).Draw(t, "h")
			if rapid.IntRange(0, 9).Draw(t, "bands") == 0 {
				c, h = 33, 40 // more than one band
			}
			g := same(rapid.IntRange(1, 3).Draw(t, "n"), h, h, c, c, k, 1, dilation, c)
			if !g.InPlace() {
				t.Fatalf("a depthwise convolution %+v cannot be differentiated in place", g)
			}
			seed := rapid.Uint64().Draw(t, "seed")
			n := g.N * g.H * g.W * c
			layer := ConvNorm{Shape: g, X: values(n, seed), W: values(g.weights(), seed+1)}
			dy, dx, dw, again := values(n, seed+2), make([]float32, n), make([]float32, g.weights()), make([]float32, g.weights())
			layer.Backward(p, ConvNormGrad{DX: dx, DW: dw, DY: dy})
			layer.Backward(p, ConvNormGrad{DX: dy, DW: again, DY: dy})
			sameBits(t, "dx", dy, dx)
			sameBits(t, "dw", again, dw)
		})
	})
}
