package kernel

import (
	"math"
	"testing"
)

// reference is each activation in float64.
var reference = [acts]func(x float64) float64{
	None:     func(x float64) float64 { return x },
	ReLU:     func(x float64) float64 { return max(x, 0) },
	ReLU6:    func(x float64) float64 { return min(max(x, 0), 6) },
	HSwish:   func(x float64) float64 { return x * min(max(x+3, 0), 6) / 6 },
	SiLU:     func(x float64) float64 { return x / (1 + math.Exp(-x)) },
	Sigmoid:  func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	HSigmoid: func(x float64) float64 { return min(max(x+3, 0), 6) / 6 },
	Tanh:     math.Tanh,
	GELU:     func(x float64) float64 { return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))) },
}

func TestActivationsAreCloseToTheirFloat64Form(t *testing.T) {
	for act, f := range reference {
		for i := -40000; i <= 40000; i++ {
			x := float32(i) / 2000
			got, want := float64(Act(act).value(x)), f(float64(x))
			if math.Abs(got-want) > 5e-7*math.Abs(want)+1e-9 && math.Abs(got-want) > 2.5e-7 {
				t.Fatalf("activation %d of %v is %v; want %v", act, x, got, want)
			}
		}
	}
}

func TestTanhAndSigmoidKeepTheirRelativeErrorNearZeroAndInTheTails(t *testing.T) {
	for _, x := range []float32{1e-30, 1e-7, 1e-4, 0.01, 0.1, 0.3, 0.35, 1, 5} {
		for _, x := range []float32{x, -x} {
			if got, want := float64(tanh(x)), math.Tanh(float64(x)); math.Abs(got-want) > 6e-7*math.Abs(want) {
				t.Errorf("tanh(%v) is %v; want %v", x, got, want)
			}
			big := x * 15
			if got, want := float64(sigmoid(big)), 1/(1+math.Exp(-float64(big))); math.Abs(got-want) > 3e-7*want {
				t.Errorf("sigmoid(%v) is %v; want %v", big, got, want)
			}
		}
	}
}

func TestSlopesAreDerivatives(t *testing.T) {
	const h = 1e-5
	for act, f := range reference {
		for i := -800; i <= 800; i++ {
			x := float32(i)/100 + 0.00437 // off the knees
			want := (f(float64(x)+h) - f(float64(x)-h)) / (2 * h)
			if got := float64(Act(act).slope(1, x)); math.Abs(got-want) > 1e-5 {
				t.Fatalf("slope of activation %d at %v is %v; want %v", act, x, got, want)
			}
		}
	}
}

func TestNaNGoesThroughEveryActivation(t *testing.T) {
	nan := float32(math.NaN())
	for act := range acts {
		if y := Act(act).value(nan); y == y {
			t.Errorf("activation %d of NaN is %v", act, y)
		}
	}
}
