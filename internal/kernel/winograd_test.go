package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// nearly fails unless got differs from want by no more than some roundings of the largest number.
func nearly(t interface{ Fatalf(string, ...any) }, what string, got, want []float32) {
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers; want %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i, v := range got {
		if d := math.Abs(float64(v - want[i])); !(d <= 2e-6*scale) {
			t.Fatalf("%s[%d] is %v; want %v, the largest being %v", what, i, v, want[i], scale)
		}
	}
}

// drawTiled draws a convolution that is computed by Winograd's filtering.
func drawTiled(t *rapid.T) ConvShape {
	even := rapid.SampledFrom([]int{8, 10})
	units := rapid.SampledFrom([]int{16, 32})
	g := same(rapid.IntRange(1, 2).Draw(t, "n"), even.Draw(t, "h"), even.Draw(t, "w"), units.Draw(t, "cin"), units.Draw(t, "cout"), 3, 1, 1, 1)
	if rapid.Bool().Draw(t, "valid") && g.H > 8 && g.W > 8 {
		g.PadTop, g.PadLeft, g.OH, g.OW = 0, 0, g.H-2, g.W-2
	}
	if !g.winograd() {
		t.Skip("too small")
	}
	return g
}

func TestWinogradConvolutionsAreTheirDefinitionUpToRounding(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	rapid.Check(t, func(t *rapid.T) { checkConv(t, p, drawTiled(t), rapid.Uint64().Draw(t, "seed")) })
}

func TestWinogradConvolutionsHaveTheSameBitsOnEverySetAndWithAnyThreads(t *testing.T) {
	for i, g := range []ConvShape{same(1, 8, 8, 16, 16, 3, 1, 1, 1), same(9, 10, 8, 32, 16, 3, 1, 1, 1), same(1, 16, 12, 16, 64, 3, 1, 1, 1)} {
		x, w, dy := values(g.N*g.H*g.W*g.Cin, uint64(i)), values(g.weights(), uint64(i+1)), values(g.N*g.OH*g.OW*g.Cout, uint64(i+2))
		everySetAgrees(t, func(p *Pool) [][]float32 {
			y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), append([]float32(nil), w...)
			ConvForward(p, y, x, w, g)
			ConvBackwardData(p, dx, dy, w, g)
			ConvBackwardWeights(p, dw, x, dy, g)
			return [][]float32{y, dx, dw}
		})
	}
}

func TestTheOutputsOfASampleDoNotDependOnTheBatch(t *testing.T) {
	g := same(11, 16, 16, 16, 32, 3, 1, 1, 1)
	p := NewPool(2)
	defer p.Close()
	x, w := values(g.N*g.H*g.W*g.Cin, 1), values(g.weights(), 2)
	all := make([]float32, g.N*g.OH*g.OW*g.Cout)
	ConvForward(p, all, x, w, g)
	one := g
	one.N = 1
	for i := range g.N {
		y := make([]float32, g.OH*g.OW*g.Cout)
		ConvForward(p, y, x[i*g.H*g.W*g.Cin:][:g.H*g.W*g.Cin], w, one)
		sameBits(t, "an image alone", y, all[i*len(y):][:len(y)])
	}
}
