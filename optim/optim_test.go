package optim_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// weights returns a decayed weight w and a spared bias b.
func weights(w, b float32) []autograd.Param {
	ps := []autograd.Param{
		autograd.NewParam("w", tensor.Of(1), true),
		autograd.NewParam("b", tensor.Of(1), false),
	}
	ps[0].Value.Data()[0], ps[1].Value.Data()[0] = w, b
	return ps
}

// Every optimizer makes two steps on the quadratic w²/2 (gradient w) and two under the constant gradient 1; the
// expected weights were worked out by hand from the formula in the comment of each.
func TestEveryOptimizerFollowsItsFormulaOnTwoProblems(t *testing.T) {
	lr := optim.Constant(0.1)
	for _, c := range []struct {
		name            string
		transform       optim.Transform
		quadratic, line [2]float64 // w after each step, from w = 1
	}{
		{"gradient descent", optim.Rate(lr),
			[2]float64{0.9, 0.81}, [2]float64{0.9, 0.8}},
		{"momentum 0.9", optim.SGD(lr, 0.9, false, 0),
			[2]float64{0.9, 0.9 - 0.1*(0.9*1+0.9)}, [2]float64{0.9, 0.9 - 0.19}},
		{"nesterov 0.9", optim.SGD(lr, 0.9, true, 0),
			[2]float64{1 - 0.19, 0.81 - 0.1*(0.81+0.9*(0.9+0.81))}, [2]float64{1 - 0.19, 0.81 - 0.1*(1+0.9*1.9)}},
		{"decay 0.5", optim.SGD(lr, 0, false, 0.5),
			[2]float64{0.85, 0.85 * 0.85}, [2]float64{0.85, 0.85 - 0.1*1.425}},
		{"clip 0.5", optim.Chain(optim.Clip(0.5), optim.Rate(lr)),
			[2]float64{0.95, 0.90}, [2]float64{0.95, 0.90}},
		{"adam", optim.AdamW(lr, 0), // the first step is lr·sign; the second's m̂ and v̂ are weighted means
			[2]float64{0.9, 0.9 - 0.1*((0.1*0.9+0.09)/0.19)/math.Sqrt((0.001*0.81+0.000999)/0.001999)}, [2]float64{0.9, 0.8}},
		{"adamw 0.5", optim.AdamW(lr, 0.5),
			[2]float64{0.85, 0.85 - 0.1*((0.1*0.85+0.09)/0.19/math.Sqrt((0.001*0.85*0.85+0.000999)/0.001999)+0.5*0.85)}, [2]float64{0.85, 0.85 - 0.1*1.425}},
	} {
		for problem, want := range [2][2]float64{c.quadratic, c.line} {
			ps := weights(1, 0)
			o := optim.New(ps, c.transform)
			w, g := ps[0].Value.Data(), ps[0].Grad.Data()
			for step, want := range want {
				g[0], ps[1].Grad.Data()[0] = 1, 0
				if problem == 0 {
					g[0] = w[0]
				}
				o.Step()
				if math.Abs(float64(w[0])-want) > 2e-6 {
					t.Errorf("%s, problem %d: weight after step %d is %.7f; want %.7f", c.name, problem, step+1, w[0], want)
				}
			}
			if o.Steps() != 2 {
				t.Errorf("%s counted %d steps; want 2", c.name, o.Steps())
			}
		}
	}
}

func TestWeightDecaySparesBiasesAndNorms(t *testing.T) {
	for _, tr := range []optim.Transform{optim.SGD(optim.Constant(0.1), 0.9, true, 0.5), optim.AdamW(optim.Constant(0.1), 0.5)} {
		ps := weights(1, 1)
		optim.New(ps, tr).Step()
		if w, b := ps[0].Value.Data()[0], ps[1].Value.Data()[0]; w >= 1 || b != 1 {
			t.Errorf("without gradient the weight went from 1 to %v and the bias to %v; want less than 1 and 1", w, b)
		}
	}
}

func TestClippingScalesAllGradientsTogetherAndLeavesSmallOnesAlone(t *testing.T) {
	ps := weights(0, 0)
	rule := optim.Clip(1).Init(ps)
	ps[0].Grad.Data()[0], ps[1].Grad.Data()[0] = 3, 4
	rule.Rewrite(0)
	if a, b := ps[0].Grad.Data()[0], ps[1].Grad.Data()[0]; math.Abs(float64(a)-0.6) > 1e-6 || math.Abs(float64(b)-0.8) > 1e-6 {
		t.Errorf("gradients (3, 4) clipped to norm 1 are (%v, %v); want (0.6, 0.8)", a, b)
	}
	ps[0].Grad.Data()[0], ps[1].Grad.Data()[0] = 0.3, 0.4
	rule.Rewrite(1)
	if a, b := ps[0].Grad.Data()[0], ps[1].Grad.Data()[0]; a != 0.3 || b != 0.4 {
		t.Errorf("gradients (0.3, 0.4) within norm 1 became (%v, %v)", a, b)
	}
}

func TestSchedulesPassThroughTheirCornerPoints(t *testing.T) {
	for _, c := range []struct {
		name string
		s    optim.Schedule
		at   map[int]float64
	}{
		{"constant", optim.Constant(0.3), map[int]float64{0: 0.3, 1000: 0.3}},
		{"linear", optim.Linear(1, 0, 10), map[int]float64{0: 1, 5: 0.5, 10: 0, 11: 0}},
		{"cosine", optim.Cosine(1, 0.2, 100), map[int]float64{0: 1, 25: 0.2 + 0.4*(1+math.Sqrt2/2), 50: 0.6, 100: 0.2, 500: 0.2}},
		{"one cycle", optim.OneCycle(1, 100, 0.3), map[int]float64{0: 0.04, 15: 0.52, 30: 1, 65: 0.50005, 100: 1e-4, 200: 1e-4}},
		{"one cycle without rise", optim.OneCycle(1, 100, 0), map[int]float64{0: 1, 100: 1e-4}},
		{"one cycle momentum", optim.OneCycleMomentum(0.95, 0.85, 100, 0.3), map[int]float64{0: 0.95, 30: 0.85, 65: 0.90, 100: 0.95}},
		{"warm-up", optim.Warmup(4, optim.Cosine(1, 0, 10)), map[int]float64{0: 0.25, 1: 0.5, 3: 1, 4: 1, 9: 0.5, 14: 0}},
		{"no warm-up", optim.Warmup(0, optim.Linear(1, 0, 2)), map[int]float64{0: 1, 1: 0.5}},
	} {
		for step, want := range c.at {
			if got := c.s(step); math.Abs(got-want) > 1e-9 {
				t.Errorf("%s at step %d is %.6f; want %.6f", c.name, step, got, want)
			}
		}
	}
}

func TestAnAverageFollowsTheWeightsAndSwapsBack(t *testing.T) {
	ps := weights(0, 5)
	a := optim.NewAverage(ps, 0.9)
	w := ps[0].Value.Data()
	w[0] = 1
	a.Update() // decay (1+0)/(10+0) = 0.1: 0.1·0 + 0.9·1
	a.Update() // decay 2/11: 2/11·0.9 + 9/11·1
	want := 0.9*2/11.0 + 9/11.0
	a.Swap()
	if math.Abs(float64(w[0])-want) > 1e-6 || ps[1].Value.Data()[0] != 5 {
		t.Errorf("the average is %v and of a constant %v; want %v and 5", w[0], ps[1].Value.Data()[0], want)
	}
	if a.Swap(); w[0] != 1 {
		t.Errorf("after swapping back the weight is %v; want 1", w[0])
	}
}

func TestAResumedOptimizerContinuesAsIfItHadNeverStopped(t *testing.T) {
	for _, tr := range []optim.Transform{
		optim.SGD(optim.Cosine(0.1, 0, 10), 0.9, true, 1e-3),
		optim.AdamW(optim.OneCycle(0.1, 10, 0.3), 1e-3),
	} {
		run := func(ps []autograd.Param, o *optim.Optimizer, steps int) {
			for range steps {
				for _, p := range ps {
					p.Grad.Data()[0] = p.Value.Data()[0]
				}
				o.Step()
			}
		}
		whole := weights(1, 2)
		run(whole, optim.New(whole, tr), 8)

		first := weights(1, 2)
		before := optim.New(first, tr)
		run(first, before, 3)
		second := weights(first[0].Value.Data()[0], first[1].Value.Data()[0])
		after := optim.New(second, tr)
		for i, s := range before.State() {
			if after.State()[i].Name != s.Name {
				t.Fatalf("state %d is called %q and then %q", i, s.Name, after.State()[i].Name)
			}
			copy(after.State()[i].Data(), s.Data())
		}
		after.Resume(before.Steps())
		run(second, after, 5)
		for i := range whole {
			if a, b := whole[i].Value.Data()[0], second[i].Value.Data()[0]; a != b {
				t.Errorf("parameter %s is %v after 8 steps and %v after 3 and 5", whole[i].Name, a, b)
			}
		}
	}
}
