package autograd_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

func param(name string, values ...float32) autograd.Param {
	p := autograd.NewParam(name, tensor.Of(len(values)), true)
	copy(p.Value.Data(), values)
	return p
}

func TestEvaluationNormalisesByTheRunningStatisticsAndLeavesThemAlone(t *testing.T) {
	tape := autograd.NewTape(autograd.Eval, nil)
	r := autograd.Running{Mean: tensor.View(tensor.Of(1), []float32{2}), Variance: tensor.View(tensor.Of(1), []float32{4})}
	x := tape.Input(tensor.Of(3, 1, 1, 1))
	y := tape.Hold(tape.BatchNorm(x, tape.Param(param("scale", 3)), tape.Param(param("shift", 1)), nil, r, kernel.ReLU))
	p := tape.Compile(new(tensor.Arena), nil)
	x.Feed([]float32{2, 4, -10})
	p.Forward(0)
	for i, want := range []float64{1, 4, 0} { // 3·(x−2)/2 + 1, not below 0
		if got := y.Value()[i]; math.Abs(float64(got)-want) > 1e-4 {
			t.Errorf("output %d is %v; want %v", i, got, want)
		}
	}
	if r.Mean.Data()[0] != 2 || r.Variance.Data()[0] != 4 {
		t.Errorf("evaluation changed the running statistics to %v and %v", r.Mean.Data(), r.Variance.Data())
	}
}

func TestTrainingMovesTheRunningStatisticsTowardsThoseOfTheBatch(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	r := autograd.Running{Mean: tensor.New(tensor.Of(1)), Variance: tensor.View(tensor.Of(1), []float32{1})}
	x := tape.Input(tensor.Of(2, 1, 1, 1))
	y := tape.BatchNorm(x, tape.Param(param("scale", 1)), tape.Param(param("shift", 0)), nil, r, kernel.None)
	p := tape.Compile(new(tensor.Arena), tape.Mean(y))
	x.Feed([]float32{1, 5})
	p.Forward(0) // mean 3, unbiased variance 8
	if m, v := r.Mean.Data()[0], r.Variance.Data()[0]; math.Abs(float64(m)-0.3) > 1e-6 || math.Abs(float64(v)-1.7) > 1e-6 {
		t.Errorf("running mean %v and variance %v; want 0.3 and 1.7", m, v)
	}
}

func TestDropoutKeepsItsShareScalesTheRestAndRepeatsByStep(t *testing.T) {
	const n = 20000
	tape := autograd.NewTape(autograd.Train, nil)
	ones := autograd.NewParam("ones", tensor.Of(n), true)
	for i := range ones.Value.Data() {
		ones.Value.Data()[i] = 1
	}
	y := tape.Hold(tape.Dropout(tape.Param(ones), 0.25, 1, "d"))
	p := tape.Compile(new(tensor.Arena), tape.Mean(y))
	mask := func(step uint64) []float32 {
		p.Forward(step)
		return append([]float32(nil), y.Value()...)
	}
	a, b, again := mask(1), mask(2), mask(1)
	zeros, differ := 0, 0
	for i, v := range a {
		switch {
		case v == 0:
			zeros++
		case math.Abs(float64(v)-1/0.75) > 1e-6:
			t.Fatalf("element %d is %v; want 0 or %v", i, v, 1/0.75)
		}
		if v != b[i] {
			differ++
		}
		if v != again[i] {
			t.Fatalf("element %d is %v and then %v in the same step", i, v, again[i])
		}
	}
	if math.Abs(float64(zeros)/n-0.25) > 0.015 {
		t.Errorf("%d of %d elements were dropped; want about a quarter", zeros, n)
	}
	if want := 2 * 0.25 * 0.75; math.Abs(float64(differ)/n-want) > 0.02 {
		t.Errorf("%d of %d elements differ between two steps; want about %v of them", differ, n, want)
	}
}

func TestAParameterThatTheLossDoesNotDependOnHasGradientZero(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	used, idle := param("used", 1, 2), param("idle", 3, 4)
	copy(idle.Grad.Data(), []float32{9, 9})
	x := tape.Param(used)
	tape.Multiply(x, tape.Param(idle))
	p := tape.Compile(new(tensor.Arena), tape.Mean(x))
	p.Forward(0)
	p.Backward()
	if g := idle.Grad.Data(); g[0] != 0 || g[1] != 0 {
		t.Errorf("the gradient of the idle parameter is %v; want zeros", g)
	}
	if g := used.Grad.Data(); g[0] != 0.5 || g[1] != 0.5 {
		t.Errorf("the gradient of the used parameter is %v; want halves", g)
	}
}

func TestLocateNamesTheFirstOperationThatIsNotFinite(t *testing.T) {
	tape := autograd.NewTape(autograd.Eval, nil)
	x := tape.Input(tensor.Of(2))
	tape.Label("first")
	square := tape.Multiply(x, x)
	tape.Label("second")
	tape.Hold(tape.Multiply(square, square))
	p := tape.Compile(new(tensor.Arena), nil)
	for _, c := range []struct {
		fed  []float32
		want string
	}{
		{[]float32{1, 2}, ""},
		{[]float32{1, 1e15}, "the output of multiply at second is not finite"},
		{[]float32{1e30, 1}, "the output of multiply at first is not finite"},
		{[]float32{float32(math.NaN()), 1}, "an operand of multiply at first is not finite"},
	} {
		x.Feed(c.fed)
		if err := p.Locate(0); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("fed %v, Locate says %v; want %q", c.fed, err, c.want)
		}
	}
}

func TestAViewOfAnInputSeesWhatIsFedLater(t *testing.T) {
	tape := autograd.NewTape(autograd.Eval, nil)
	x := tape.Input(tensor.Of(1, 1, 2, 1))
	flat := tape.Flatten(x)
	y := tape.Hold(tape.Add(flat, flat))
	p := tape.Compile(new(tensor.Arena), nil)
	for i := range 3 {
		x.Feed([]float32{float32(i), 5})
		p.Forward(0)
		if got := y.Value()[0]; got != float32(2*i) {
			t.Errorf("fed %d, twice its view is %v", i, got)
		}
	}
}

func TestProgramsThatShareAnArenaDoNotDisturbEachOther(t *testing.T) {
	var arena tensor.Arena
	program := func(n int) (*autograd.Var, *autograd.Var, *autograd.Program) {
		tape := autograd.NewTape(autograd.Eval, nil)
		x := tape.Input(tensor.Of(n))
		y := tape.Hold(tape.Add(tape.Multiply(x, x), x))
		return x, y, tape.Compile(&arena, nil)
	}
	x1, y1, small := program(3)
	x2, y2, large := program(3000)
	for i := range 3 {
		v := float32(i)
		x1.Feed([]float32{v, v, v})
		small.Forward(0)
		if got := y1.Value()[2]; got != v*v+v {
			t.Errorf("round %d: the small program gave %v; want %v", i, got, v*v+v)
		}
		wide := make([]float32, 3000)
		wide[2999] = v + 1
		x2.Feed(wide)
		large.Forward(0)
		if got := y2.Value()[2999]; got != (v+1)*(v+2) {
			t.Errorf("round %d: the large program gave %v; want %v", i, got, (v+1)*(v+2))
		}
	}
	if arena.Bytes() != large.Bytes() {
		t.Errorf("the arena has %d bytes; want the %d of the larger program", arena.Bytes(), large.Bytes())
	}
}

func TestAMistakeInShapesPanicsWhileRecordingAndNamesThem(t *testing.T) {
	tape := autograd.NewTape(autograd.Train, nil)
	a, b := tape.Input(tensor.Of(1, 2, 3, 4)), tape.Input(tensor.Of(4, 3))
	point := autograd.Window{Kernel: 1, Stride: 1, Dilation: 1}
	for name, f := range map[string]func(){
		"add":        func() { tape.Add(a, b) },
		"add of one": func() { tape.Add(a) },
		"multiply":   func() { tape.Multiply(a, b) },
		"concat":     func() { tape.Concat(a, tape.Input(tensor.Of(1, 2, 2, 4))) },
		"conv":       func() { tape.Conv(a, tape.Input(tensor.Of(1, 1, 3, 4)), nil, point, 1) },
		"depthwise":  func() { tape.Depthwise(a, tape.Input(tensor.Of(1, 1, 3)), nil, point) },
		"dense":      func() { tape.Dense(a, b, nil) },
		"gate":       func() { tape.Gate(a, tape.Input(tensor.Of(1, 1, 1, 3))) },
		"dropout":    func() { tape.Dropout(a, 1, 0, "") },
		"feed":       func() { a.Feed(make([]float32, 3)) },
		"loss":       func() { tape.Compile(new(tensor.Arena), a) },
	} {
		func() {
			defer func() {
				if r, _ := recover().(string); !strings.HasPrefix(r, "autograd: ") {
					t.Errorf("%s with shapes that do not fit: panic %q; want one that begins with autograd:", name, r)
				}
			}()
			f()
		}()
	}
}
