package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawPool(t *rapid.T) PoolShape {
	k := rapid.IntRange(1, 4).Draw(t, "k")
	g := PoolShape{
		N: rapid.IntRange(1, 3).Draw(t, "n"), H: rapid.IntRange(k, 9).Draw(t, "h"), W: rapid.IntRange(k, 11).Draw(t, "w"),
		C: rapid.IntRange(1, 20).Draw(t, "c"), K: k, Stride: rapid.IntRange(1, 3).Draw(t, "stride"),
		PadTop: rapid.IntRange(0, k/2).Draw(t, "padTop"), PadLeft: rapid.IntRange(0, k/2).Draw(t, "padLeft"),
	}
	g.OH, g.OW = (g.H+2*g.PadTop-k)/g.Stride+1, (g.W+2*g.PadLeft-k)/g.Stride+1
	return g
}

// eachWindow calls f for every output value with the indices of its window's values inside the image, in order.
func (g PoolShape) eachWindow(f func(out int, in []int)) {
	for n := range g.N {
		for oh := range g.OH {
			for ow := range g.OW {
				for c := range g.C {
					var in []int
					for kh := range g.K {
						for kw := range g.K {
							ih, iw := oh*g.Stride-g.PadTop+kh, ow*g.Stride-g.PadLeft+kw
							if ih >= 0 && ih < g.H && iw >= 0 && iw < g.W {
								in = append(in, ((n*g.H+ih)*g.W+iw)*g.C+c)
							}
						}
					}
					f(((n*g.OH+oh)*g.OW+ow)*g.C+c, in)
				}
			}
		}
	}
}

func TestPoolingIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawPool(t)
		seed := rapid.Uint64().Draw(t, "seed")
		x, dy := values(g.N*g.H*g.W*g.C, seed), values(g.N*g.OH*g.OW*g.C, seed+1)
		top, mean := make([]float32, len(dy)), make([]float64, len(dy))
		dtop, dmean := make([]float32, len(x)), make([]float64, len(x))
		g.eachWindow(func(out int, in []int) {
			best := in[0]
			for _, i := range in {
				if x[i] > x[best] {
					best = i
				}
				mean[out] += float64(x[i]) / float64(len(in))
				dmean[i] += float64(dy[out]) / float64(len(in))
			}
			top[out] = x[best]
			dtop[best] += dy[out]
		})
		y, dx, arg := make([]float32, len(dy)), make([]float32, len(x)), make([]uint8, len(dy))
		MaxPoolForward(nil, y, x, arg, g)
		sameBits(t, "max", y, top)
		MaxPoolBackward(nil, dx, dy, arg, g)
		sameBits(t, "gradient of max", dx, dtop)
		AvgPoolForward(nil, y, x, g)
		near(t, "mean", y, mean)
		AvgPoolBackward(nil, dx, dy, g)
		near(t, "gradient of mean", dx, dmean)
	})
}

func TestPoolingAgreesOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawPool(t)
		seed := rapid.Uint64().Draw(t, "seed")
		x, dy := values(g.N*g.H*g.W*g.C, seed), values(g.N*g.OH*g.OW*g.C, seed+1)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			top, mean, dtop, dmean := make([]float32, len(dy)), make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(x))
			arg := make([]uint8, len(dy))
			MaxPoolForward(p, top, x, arg, g)
			MaxPoolBackward(p, dtop, dy, arg, g)
			AvgPoolForward(p, mean, x, g)
			AvgPoolBackward(p, dmean, dy, g)
			return [][]float32{top, mean, dtop, dmean}
		})
	})
}

func near(t interface{ Fatalf(string, ...any) }, what string, got []float32, want []float64) {
	for i := range got {
		if math.Abs(float64(got[i])-want[i]) > 1e-5*(1+math.Abs(want[i])) {
			t.Fatalf("%s: element %d is %v; want %v", what, i, got[i], want[i])
		}
	}
}

func TestAWindowWithNaNPoolsToNaN(t *testing.T) {
	x := []float32{1, float32(math.NaN()), 3, 4}
	y, arg := make([]float32, 1), make([]uint8, 1)
	MaxPoolForward(nil, y, x, arg, PoolShape{N: 1, H: 2, W: 2, C: 1, K: 2, Stride: 2, OH: 1, OW: 1})
	if y[0] == y[0] {
		t.Errorf("maximum of a window with NaN is %v", y[0])
	}
}

func TestGlobalAverageIsTheMean(t *testing.T) {
	x := []float32{1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60}
	y := make([]float32, 4)
	GlobalAvgForward(nil, y, x, 2, 3, 2)
	near(t, "mean", y, []float64{2, 20, 5, 50})
	dx := make([]float32, 12)
	GlobalAvgBackward(nil, dx, []float32{3, 6, 9, 12}, 2, 3, 2)
	near(t, "gradient", dx, []float64{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4})
}
