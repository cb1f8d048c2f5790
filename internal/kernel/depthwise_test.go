package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

// A depthwise convolution is a convolution in as many groups as channels.
func TestDepthwiseConvolutionsAreTheirDefinitionOnEverySet(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			g := drawConv(t)
			g.Cin = rapid.IntRange(1, 37).Draw(t, "c")
			g.Cout, g.Groups = g.Cin, g.Cin
			g.KH = rapid.SampledFrom([]int{1, 2, 3, 5}).Draw(t, "kh5")
			g.KW = rapid.SampledFrom([]int{1, 3, 7}).Draw(t, "kw7")
			checkDepthwise(t, p, g, rapid.Uint64().Draw(t, "seed"))
		})
	})
}

func TestUsualDepthwiseConvolutionsAreTheirDefinitionOnEverySet(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		for i, g := range []ConvShape{same(2, 16, 16, 24, 24, 3, 1, 1, 24), same(2, 14, 14, 16, 16, 5, 2, 1, 16), same(1, 9, 9, 33, 33, 7, 1, 1, 33),
			same(1, 12, 12, 8, 8, 3, 1, 2, 8), same(12, 7, 7, 48, 48, 3, 2, 1, 48), same(9, 10, 10, 1, 1, 3, 1, 1, 1)} {
			checkDepthwise(t, p, g, uint64(i))
		}
	})
}

func checkDepthwise(t interface{ Fatalf(string, ...any) }, p *Pool, g ConvShape, seed uint64) {
	x, y := values(g.N*g.H*g.W*g.Cin, seed), values(g.N*g.OH*g.OW*g.Cout, seed+1)
	w := values(g.KH*g.KW*g.Cin, seed+2)
	got := append([]float32(nil), y...)
	DepthwiseForward(p, got, x, w, g)
	sameBits(t, "y", got, convOracle(x, w, g))

	got = append([]float32(nil), x...)
	DepthwiseBackwardData(p, got, y, w, g)
	sameBits(t, "dx", got, convDataOracle(y, w, g))

	got, want := append([]float32(nil), w...), append([]float32(nil), w...)
	DepthwiseBackwardWeights(p, got, x, y, g)
	convWeightsOracle(want, x, y, g)
	sameBits(t, "dw", got, want)
}
