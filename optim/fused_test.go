package optim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// descend makes steps with random gradients on parameters of several sizes and returns the weights.
func descend(pool *kernel.Pool, t optim.Transform, steps int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	params := []autograd.Param{
		autograd.NewParam("w", tensor.Of(40000), true), autograd.NewParam("b", tensor.Of(7), false),
	}
	for _, p := range params {
		for i := range p.Value.Data() {
			p.Value.Data()[i] = float32(r.NormFloat64())
		}
	}
	o := optim.NewOn(pool, params, t)
	for range steps {
		for _, p := range params {
			for i := range p.Grad.Data() {
				p.Grad.Data()[i] = float32(r.NormFloat64())
			}
		}
		o.Step()
	}
	return append(append([]float32(nil), params[0].Value.Data()...), params[1].Value.Data()...)
}

func TestFusedOptimizersDoWhatTheirChainsDo(t *testing.T) {
	rate := optim.Stepwise(0.1, 0.5, 2)
	one, two := kernel.NewPool(1), kernel.NewPool(2)
	defer two.Close()
	for _, c := range []struct {
		name         string
		fused, chain optim.Transform
	}{
		{"momentum", optim.SGD(rate, 0.9, false, 0.01), optim.Chain(optim.Decay(0.01), optim.Momentum{Coefficient: optim.Constant(0.9)}, optim.Rate(rate))},
		{"nesterov", optim.SGD(rate, 0.9, true, 0.01), optim.Chain(optim.Decay(0.01), optim.Momentum{Coefficient: optim.Constant(0.9), Nesterov: true}, optim.Rate(rate))},
		{"plain", optim.SGD(rate, 0, false, 0.01), optim.Chain(optim.Decay(0.01), optim.Rate(rate))},
		{"adamw", optim.AdamW(rate, 0.01), optim.Chain(optim.Adam{}, optim.Decay(0.01), optim.Rate(rate))},
		{"adam of other settings", optim.Adam{Beta1: 0.5, Beta2: 0.99}.Fused(rate, 0), optim.Chain(optim.Adam{Beta1: 0.5, Beta2: 0.99}, optim.Rate(rate))},
		{"clipped", optim.Chain(optim.Clip(3), optim.SGD(rate, 0.9, true, 0.01)), optim.Chain(optim.Clip(3), optim.Decay(0.01), optim.Momentum{Coefficient: optim.Constant(0.9), Nesterov: true}, optim.Rate(rate))},
	} {
		got, want := descend(one, c.fused, 6), descend(one, c.chain, 6)
		threaded := descend(two, c.fused, 6)
		for i := range want {
			if d := math.Abs(float64(got[i] - want[i])); d > 1e-5 {
				t.Errorf("%s: weight %d is %v fused and %v as a chain", c.name, i, got[i], want[i])
				break
			}
			if got[i] != threaded[i] {
				t.Errorf("%s: weight %d is %v with two threads and %v with one", c.name, i, threaded[i], got[i])
				break
			}
		}
	}
}

func TestATransformThatChangesTheWeightsMustBeTheLastOfItsChain(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a chain with SGD before Clip was accepted")
		}
	}()
	optim.New(weights(1, 1), optim.Chain(optim.SGD(optim.Constant(0.1), 0.9, false, 0), optim.Clip(1)))
}

func TestAnOptimizerStepAllocatesNothing(t *testing.T) {
	for _, tr := range []optim.Transform{optim.SGD(optim.Constant(0.1), 0.9, true, 0.5), optim.AdamW(optim.Constant(0.1), 0.5), optim.Rate(optim.Constant(0.1))} {
		o := optim.New(weights(1, 1), tr)
		o.Step()
		if n := testing.AllocsPerRun(20, o.Step); n != 0 {
			t.Errorf("a step of %T allocates %v times", tr, n)
		}
	}
}
