package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

func TestConvolutionsAreTheirDefinitionOnEverySet(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			checkConv(t, p, drawConv(t), rapid.Uint64().Draw(t, "seed"))
		})
	})
}

func TestUsualConvolutionsAreTheirDefinitionOnEverySet(t *testing.T) {
	shapes := []ConvShape{
		same(2, 16, 16, 3, 16, 3, 1, 1, 1), same(1, 12, 12, 16, 16, 3, 1, 1, 1), same(2, 8, 8, 32, 32, 3, 2, 1, 1), same(3, 8, 8, 16, 48, 1, 1, 1, 1),
		same(2, 8, 8, 24, 64, 1, 2, 1, 1), same(1, 7, 7, 8, 40, 5, 1, 1, 1), same(1, 9, 9, 8, 80, 3, 1, 2, 1), same(9, 14, 14, 1, 8, 5, 2, 1, 1),
		same(1, 8, 8, 16, 32, 3, 2, 1, 4), same(1, 6, 40, 4, 18, 7, 1, 1, 1),
	}
	everySet(t, func(t *testing.T, p *Pool) {
		for i, g := range shapes {
			checkConv(t, p, g, uint64(i))
		}
	})
}

// same is a square convolution with padding that keeps ⌈size/stride⌉ pixels.
func same(n, h, w, cin, cout, k, stride, dilation, groups int) ConvShape {
	pad := dilation * (k - 1) / 2
	return ConvShape{N: n, H: h, W: w, Cin: cin, Cout: cout, KH: k, KW: k, Stride: stride, PadTop: pad, PadLeft: pad,
		Dilation: dilation, Groups: groups, OH: (h + stride - 1) / stride, OW: (w + stride - 1) / stride}
}

func checkConv(t interface{ Fatalf(string, ...any) }, p *Pool, g ConvShape, seed uint64) {
	x, y := make([]float32, g.N*g.H*g.W*g.Cin), make([]float32, g.N*g.OH*g.OW*g.Cout)
	w := make([]float32, g.KH*g.KW*g.Cin/g.Groups*g.Cout)
	fill(x, seed)
	fill(w, seed+1)
	fill(y, seed+2)
	got := append([]float32(nil), y...)
	equal := sameBits
	if g.winograd() {
		equal = nearly
	}
	ConvForward(p, got, x, w, g)
	equal(t, "y", got, convOracle(x, w, g))

	got = append([]float32(nil), x...)
	ConvBackwardData(p, got, y, w, g)
	equal(t, "dx", got, convDataOracle(y, w, g))

	got, want := append([]float32(nil), w...), append([]float32(nil), w...)
	ConvBackwardWeights(p, got, x, y, g)
	convWeightsOracle(want, x, y, g)
	equal(t, "dw", got, want)
}

func TestSlicesShorterThanTheShapePanic(t *testing.T) {
	g := same(2, 8, 8, 16, 16, 3, 1, 1, 1)
	x, y, w := values(2*8*8*16, 1), values(2*8*8*16, 2), values(9*16*16, 3)
	for name, f := range map[string]func(){
		"forward, w":  func() { ConvForward(nil, y, x, w[1:], g) },
		"forward, x":  func() { ConvForward(nil, y, x[1:], w, g) },
		"forward, y":  func() { ConvForward(nil, y[1:], x, w, g) },
		"data, w":     func() { ConvBackwardData(nil, x, y, w[1:], g) },
		"data, dy":    func() { ConvBackwardData(nil, x, y[1:], w, g) },
		"weights, dy": func() { ConvBackwardWeights(nil, w, x, y[1:], g) },
		"weights, dw": func() { ConvBackwardWeights(nil, w[1:], x, y, g) },
		"product, a":  func() { Gemm(nil, y, x[:63:63], w, 8, 8, 8, false, false, false) },
		"norm, scale": func() { BatchNormApply(nil, y, x, nil, w[:15:15], w, 128, 16, ReLU) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a slice that is too short goes unseen", name)
				}
			}()
			f()
		}()
	}
}
