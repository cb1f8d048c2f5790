package kernel

import (
	"math"
	"testing"
)

// lossOf is the smoothed cross-entropy of one batch in float64.
func lossOf(logits []float64, labels []int32, c int, smoothing float64) float64 {
	loss := 0.0
	for r, label := range labels {
		row := logits[r*c:][:c]
		sum := 0.0
		for _, v := range row {
			sum += math.Exp(v)
		}
		for j, v := range row {
			t := smoothing / float64(c)
			if j == int(label) {
				t += 1 - smoothing
			}
			loss -= t * (v - math.Log(sum))
		}
	}
	return loss
}

func TestCrossEntropyAndItsGradientAreTheirDefinition(t *testing.T) {
	const c, h = 7, 1e-5
	labels := []int32{3, 0, 6, 2}
	for _, smoothing := range []float32{0, 0.1} {
		logits := values(len(labels)*c, 5)
		d := make([]float32, len(logits))
		got, _ := CrossEntropy(nil, d, logits, labels, c, smoothing)
		x := widen(logits)
		if want := lossOf(x, labels, c, float64(smoothing)); math.Abs(got-want) > 1e-5 {
			t.Errorf("loss %v; want %v", got, want)
		}
		for i := range x {
			x[i] += h
			up := lossOf(x, labels, c, float64(smoothing))
			x[i] -= 2 * h
			down := lossOf(x, labels, c, float64(smoothing))
			x[i] += h
			if want := (up - down) / (2 * h) / float64(len(labels)); math.Abs(want-float64(d[i])) > 1e-6 {
				t.Errorf("gradient %d is %v; want %v", i, d[i], want)
			}
		}
	}
}

func TestCrossEntropyCountsTheRowsWhoseLargestLogitIsAtTheLabel(t *testing.T) {
	logits := []float32{1, 2, 3, 9, 2, 3, 5, 5, 1, float32(math.NaN()), 0, 0}
	loss, correct := CrossEntropy(nil, nil, logits, []int32{2, 0, 1, 0}, 3, 0)
	if correct != 2 {
		t.Errorf("%d rows correct; want the first two", correct)
	}
	if loss == loss {
		t.Errorf("the loss of a row with NaN is %v", loss)
	}
}

func TestSoftmaxRowsSumToOneWhateverTheSize(t *testing.T) {
	x := []float32{1e30, 1e30, -1e30, 0, 0, 0, 300, 200, 100}
	y := make([]float32, len(x))
	Softmax(nil, y, x, 3, 3)
	near(t, "softmax", y, []float64{0.5, 0.5, 0, 1. / 3, 1. / 3, 1. / 3, 1, 0, 0})
}

func TestLogIsTheLogarithm(t *testing.T) {
	for _, x := range []float64{1, 1e-300, 0.7, 0.70711, 0.9999999, 1.0000001, 1.41421, 1.5, 2, 10, 12345.678, 1e300} {
		if got, want := log(x), math.Log(x); math.Abs(got-want) > 4e-16*math.Max(math.Abs(want), 1e-3) {
			t.Errorf("log(%v) is %v; want %v", x, got, want)
		}
	}
}
