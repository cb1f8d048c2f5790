package autograd_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/tensor"
)

func TestAHardGumbelSampleIsOneHotFollowsTheDistributionAndRepeatsByStep(t *testing.T) {
	const n, c = 6000, 3
	tape := autograd.NewTape(autograd.Train, nil)
	logits := autograd.NewParam("logits", tensor.Of(n, 1, 1, c), false)
	for i := range n {
		copy(logits.Value.Data()[i*c:], []float32{0, float32(math.Log(3)), float32(math.Log(6))})
	}
	temperature := float32(0.5)
	y := tape.Hold(tape.Gumbel(tape.Param(logits), &temperature, true, 1, "g"))
	p := tape.Compile(new(tensor.Arena), tape.Mean(y))
	p.Forward(1)
	first := append([]float32(nil), y.Value()...)
	count := [c]float64{}
	for i := range n {
		row := first[i*c:][:c]
		if row[0]+row[1]+row[2] != 1 || row[0]*row[1]+row[1]*row[2]+row[0]*row[2] != 0 {
			t.Fatalf("sample %d is %v; want one-hot", i, row)
		}
		for j, v := range row {
			count[j] += float64(v)
		}
	}
	for j, want := range []float64{.1, .3, .6} {
		if got := count[j] / n; math.Abs(got-want) > 0.025 {
			t.Errorf("class %d has a share of %.3f; want %.1f", j, got, want)
		}
	}
	p.Forward(2)
	differ := 0
	for i, v := range y.Value() {
		if v != first[i] {
			differ++
		}
	}
	p.Forward(1)
	for i, v := range y.Value() {
		if v != first[i] {
			t.Fatalf("element %d is %v and then %v in the same step", i, first[i], v)
		}
	}
	if differ < n/2 {
		t.Errorf("only %d elements differ between two steps", differ)
	}
}

func TestOneHotPassesItsGradientStraightThrough(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	x := param("x", 0.2, 0.7, 0.7)
	y := tape.Hold(tape.OneHot(tape.Param(x)))
	weights := tape.Input(tensor.Of(3))
	weights.Feed([]float32{3, 6, 9})
	p := tape.Compile(new(tensor.Arena), tape.Mean(tape.Multiply(y, weights)))
	p.Forward(0)
	p.Backward()
	for i, want := range []float32{0, 1, 0} {
		if y.Value()[i] != want || x.Grad.Data()[i] != float32(i+1) {
			t.Errorf("element %d is %v with gradient %v; want %v with %v", i, y.Value()[i], x.Grad.Data()[i], want, i+1)
		}
	}
}

func TestDropPathDropsWholeSamplesAndScalesTheRest(t *testing.T) {
	const n, size = 4000, 6
	tape := autograd.NewTape(autograd.Train, nil)
	ones := autograd.NewParam("ones", tensor.Of(n, 1, 1, size), true)
	for i := range ones.Value.Data() {
		ones.Value.Data()[i] = 1
	}
	y := tape.Hold(tape.DropPath(tape.Param(ones), 0.25, 1, "d"))
	p := tape.Compile(new(tensor.Arena), tape.Mean(y))
	p.Forward(1)
	dropped := 0
	for i := range n {
		row := y.Value()[i*size:][:size]
		if row[0] == 0 {
			dropped++
		}
		for _, v := range row {
			if v != row[0] || v != 0 && math.Abs(float64(v)-4./3) > 1e-6 {
				t.Fatalf("sample %d is %v; want all zeros or all 4/3", i, row)
			}
		}
	}
	if math.Abs(float64(dropped)/n-0.25) > 0.03 {
		t.Errorf("%d of %d samples were dropped; want about a quarter", dropped, n)
	}
}

// Every parameter here has uses of each kind: one that adds and one that would overwrite.
func TestAccumulateAddsTheGradientsOfMicroBatches(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	w, x := param("w", 2, 3), tape.Input(tensor.Of(2))
	v := tape.Param(w)
	p := tape.Compile(new(tensor.Arena), tape.Mean(tape.Multiply(tape.Multiply(v, x), v)))
	step := func(a, b float32, backward func()) {
		x.Feed([]float32{a, b})
		p.Forward(0)
		backward()
	}
	step(1, 10, p.Backward)
	step(100, 1000, p.Accumulate)
	for i, want := range []float32{2 * 101, 3 * 1010} { // w·x from each of the two uses, halved by the mean
		if got := w.Grad.Data()[i]; got != want {
			t.Errorf("the gradient of number %d is %v; want %v", i, got, want)
		}
	}
	step(1, 10, p.Backward)
	if got := w.Grad.Data()[0]; got != 2 {
		t.Errorf("Backward left %v of the gradient before; want 2", got)
	}
}
