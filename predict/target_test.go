package predict

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalScoresKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 40).Draw(t, "values")
		scores := Normalise(values)
		for i := range values {
			for j := range values {
				if (values[i] < values[j]) != (scores[i] < scores[j]) {
					t.Fatalf("%v and %v become %v and %v", values[i], values[j], scores[i], scores[j])
				}
			}
		}
	})
}

func TestNormalScoresOfATailAreNotFarAway(t *testing.T) {
	values := []float64{10, 90, 91, 92, 93, 94, 95, 95.5, 96, 96.2}
	if s := Normalise(values); s[0] < -2.5 || slices.Max(s) < 1.3 {
		t.Errorf("scores are %v", s)
	}
	if w := Winsorise(values, 0.2); w[0] != w[1] {
		t.Errorf("the tail is not cut: %v", w)
	}
}

func TestEqualValuesBecomeZeros(t *testing.T) {
	for _, z := range [][]float64{Normalise([]float64{3, 3, 3}), Standardise([]float64{0.1, 0.1, 0.1}), Winsorise([]float64{7, 7}, 0.1)} {
		for _, x := range z {
			if x != 0 {
				t.Errorf("%v", z)
			}
		}
	}
	if math.IsNaN(Normalise([]float64{1})[0]) {
		t.Error("one value has no score")
	}
}
