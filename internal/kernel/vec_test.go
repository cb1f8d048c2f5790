package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// awkward is values with infinities, NaN, huge and tiny numbers among them.
func awkward(n int, seed uint64) []float32 {
	x := values(n, seed)
	special := []float32{float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 3e38, -3e38, 1e-42, float32(math.Copysign(0, -1)), 88, -88, 3, -3, 6, 20, -20}
	for i := range x {
		if seed = seed*6364136223846793005 + 1; seed>>60 == 3 {
			x[i] = special[seed>>30%uint64(len(special))]
		}
	}
	return x
}

func TestActivationsAgreeOnEverySetForAnyInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 70).Draw(t, "n") + rapid.SampledFrom([]int{0, flatBlock}).Draw(t, "more")
		seed := rapid.Uint64().Draw(t, "seed")
		act := Act(rapid.IntRange(0, acts-1).Draw(t, "act"))
		x, dy := awkward(n, seed), awkward(n, seed+1)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			y, dx := make([]float32, n), make([]float32, n)
			ActForward(p, y, x, act)
			ActBackward(p, dx, dy, x, act)
			return [][]float32{y, dx}
		})
	})
}

func TestElementwiseKernelsAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 70).Draw(t, "n") + rapid.SampledFrom([]int{0, flatBlock}).Draw(t, "more")
		seed := rapid.Uint64().Draw(t, "seed")
		a, b := awkward(n, seed), awkward(n, seed+1)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func() []float32 {
				y := append([]float32(nil), a...)
				out = append(out, y)
				return y
			}
			Add(p, fresh(), a, b)
			AddTo(p, fresh(), b)
			Mul(p, fresh(), a, b)
			Scale(p, fresh(), a, 0.3)
			Axpy(p, fresh(), b, -0.7)
			SGDStep(p, fresh(), b, fresh(), SGD{LR: 0.1, Momentum: 0.9, WeightDecay: 1e-3})
			SGDStep(p, fresh(), b, fresh(), SGD{LR: 0.1, Momentum: 0.9, WeightDecay: 1e-3, Nesterov: true})
			SGDStep(p, fresh(), b, nil, SGD{LR: 0.1, WeightDecay: 1e-3})
			v := fresh()
			Mul(p, v, a, a)
			AdamWStep(p, fresh(), b, fresh(), v, AdamW{LR: 0.01, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.1, Step: 3})
			return out
		})
	})
}

func TestChannelKernelsAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.IntRange(1, 50).Draw(t, "c")
		n, hw := rapid.IntRange(1, 4).Draw(t, "n"), rapid.SampledFrom([]int{1, 2, 9, 64, 600}).Draw(t, "hw")
		seed := rapid.Uint64().Draw(t, "seed")
		act := Act(rapid.IntRange(0, acts-1).Draw(t, "act"))
		rows := n * hw
		x, dy, res := values(rows*c, seed), values(rows*c, seed+1), values(rows*c, seed+2)
		gate, gamma, beta := values(n*c, seed+3), values(c, seed+4), values(c, seed+5)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func(n int) []float32 {
				y := make([]float32, n)
				out = append(out, y)
				return y
			}
			y := fresh(rows * c)
			copy(y, x)
			AddBias(p, y, beta, rows, c)
			BiasGrad(p, fresh(c), dy, rows, c)
			GateForward(p, fresh(rows*c), x, gate, n, hw, c)
			GateBackward(p, fresh(rows*c), fresh(n*c), dy, x, gate, n, hw, c)
			GlobalAvgForward(p, fresh(n*c), x, n, hw, c)
			GlobalAvgBackward(p, fresh(rows*c), gate, n, hw, c)
			mean, variance, scale, shift := fresh(c), fresh(c), fresh(c), fresh(c)
			BatchNormStats(p, mean, variance, x, rows, c)
			BatchNormCoefficients(scale, shift, mean, variance, gamma, beta, 1e-5)
			for _, residual := range [][]float32{nil, res} {
				BatchNormApply(p, fresh(rows*c), x, residual, scale, shift, rows, c, act)
				g := NormGrad{DX: fresh(rows * c), DGamma: fresh(c), DBeta: fresh(c), DY: dy, X: x, Residual: residual, Mean: mean, Variance: variance,
					Scale: scale, Shift: shift, Eps: 1e-5, Rows: rows, C: c, Act: act}
				if residual != nil {
					g.DResidual = fresh(rows * c)
				}
				BatchNormBackward(p, g)
			}
			return out
		})
	})
}
