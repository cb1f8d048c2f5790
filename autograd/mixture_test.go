package autograd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

// sameComputation compares outputs and gradients of two ways to write one computation on the same random parameters.
func sameComputation(t *rapid.T, one, other func(p *probe) *autograd.Var) {
	seed := rapid.Uint64().Draw(t, "numbers")
	run := func(build func(p *probe) *autograd.Var) *probe {
		p := newProbe(t, autograd.Train)
		p.rand = rand.New(rand.NewPCG(seed, 2))
		y := build(p)
		p.rand = rand.New(rand.NewPCG(seed, 3))
		p.compile(y)
		p.loss()
		p.program.Backward()
		return p
	}
	a, b := run(one), run(other)
	near := func(what string, x, y []float32) {
		for i := range x {
			if d := math.Abs(float64(x[i] - y[i])); d > 2e-4*(1+math.Abs(float64(y[i]))) {
				t.Fatalf("%s[%d] is %v one way and %v the other", what, i, x[i], y[i])
			}
		}
	}
	near("output", a.y.Value(), b.y.Value())
	for i := range a.params {
		near("gradient of "+a.params[i].Name, a.params[i].Grad.Data(), b.params[i].Grad.Data())
	}
}

// constant declares an input of one number.
func (p *probe) constant(value float32, dims ...int) *autograd.Var {
	v := p.tape.Input(tensor.Of(dims...))
	values := make([]float32, v.Shape().Size())
	for i := range values {
		values[i] = value
	}
	v.Feed(values)
	return v
}

// normal declares a parameter of normal numbers, no two of which are alike.
func (p *probe) normal(dims ...int) *autograd.Var {
	v := p.leaf(dims...)
	values := p.params[len(p.params)-1].Value.Data()
	for i := range values {
		values[i] = float32(p.rand.NormFloat64())
	}
	return v
}

func TestStandardizeIsABatchNormWithoutScaleAndShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, h, w, c := drawImage(t)
		act := rapid.SampledFrom([]kernel.Act{kernel.None, kernel.ReLU, kernel.ReLU6, kernel.HSwish, kernel.HSigmoid}).Draw(t, "act")
		left, right := running(c), running(c)
		sameComputation(t, func(p *probe) *autograd.Var {
			return p.tape.Standardize(p.normal(4*n, h, w, c), left, act)
		}, func(p *probe) *autograd.Var {
			x := p.normal(4*n, h, w, c)
			return p.tape.BatchNorm(x, p.constant(1, c), p.constant(0, c), nil, right, act)
		})
		for j, v := range left.Variance.Data() {
			if d := math.Abs(float64(v - right.Variance.Data()[j])); !(d < 1e-4) {
				t.Fatalf("running variance %d is %v; a batch norm's %v", j, v, right.Variance.Data()[j])
			}
		}
	})
}

func TestASeparableConvolutionIsItsTwoParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c, out := rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(1, 20).Draw(t, "c"), rapid.IntRange(1, 20).Draw(t, "out")
		side := rapid.SampledFrom([]int{3, 8, 33}).Draw(t, "side") // 33 takes several groups of images
		win := autograd.Window{Kernel: 3, Stride: rapid.IntRange(1, 2).Draw(t, "stride"), Dilation: 1}
		leaves := func(p *probe) (x, depthwise, pointwise *autograd.Var) {
			return p.normal(n, side, side, c), p.normal(3, 3, c), p.normal(1, 1, c, out)
		}
		sameComputation(t, func(p *probe) *autograd.Var {
			x, depthwise, pointwise := leaves(p)
			return p.tape.Separable(x, depthwise, pointwise, win)
		}, func(p *probe) *autograd.Var {
			x, depthwise, pointwise := leaves(p)
			return p.tape.Conv(p.tape.Depthwise(x, depthwise, nil, win), pointwise, nil, autograd.Window{Kernel: 1, Stride: 1, Dilation: 1}, 1)
		})
	})
}
