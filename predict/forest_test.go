package predict

import (
	"math"
	"math/rand/v2"
	"testing"
)

// table returns rows of features with a value that depends on two of them together and on a third.
func table(n int, seed uint64) ([][]bool, []float64) {
	r := rand.New(rand.NewPCG(seed, 0))
	var rows [][]bool
	var values []float64
	for range n {
		row := make([]bool, 10)
		for i := range row {
			row[i] = r.IntN(2) == 1
		}
		v := 0.0
		if row[0] && row[1] {
			v++
		}
		if row[2] {
			v += 0.5
		}
		rows, values = append(rows, row), append(values, v)
	}
	return rows, values
}

func TestTreesPredictWhatTheyWereNotShown(t *testing.T) {
	rows, values := table(300, 1)
	test, want := table(100, 2)
	r := rand.New(rand.NewPCG(3, 0))
	forest, boosted := NewForest(rows, values, 30, r), NewBoosted(rows, values, 5, r)
	for name, predict := range map[string]func([]bool) (float64, float64){"forest": forest.Predict, "boosted": boosted.Predict} {
		var squares float64
		for i, row := range test {
			mean, variance := predict(row)
			squares += (mean - want[i]) * (mean - want[i])
			if variance <= 0 {
				t.Errorf("%s: a variance of %v", name, variance)
			}
		}
		if rmse := math.Sqrt(squares / 100); rmse > 0.1 {
			t.Errorf("%s: an error of %.3f where values vary by 0.5", name, rmse)
		}
	}
}

func TestDrawsOfALinearModelAreItsPosterior(t *testing.T) {
	// One feature seen often with value 1, one never: the posterior of the first is narrow around 1, that of the second is the prior.
	var rows [][]uint64
	var values []float64
	for range 50 {
		rows, values = append(rows, []uint64{7}), append(values, 1)
	}
	l := NewLinear(rows, values)
	r := rand.New(rand.NewPCG(1, 0))
	const draws = 3000
	var mean, squares, other, otherSquares float64
	for range draws {
		w := l.Draw(r)
		mean, squares = mean+w(7)/draws, squares+(w(7)-1)*(w(7)-1)/draws
		other, otherSquares = other+w(8)/draws, otherSquares+w(8)*w(8)/draws
	}
	// With variance 1 and noise 0.01 the posterior mean is 50/(50+0.01) and its variance 0.01/50.01.
	if math.Abs(mean-50/50.01) > 0.002 || math.Abs(math.Sqrt(squares)-math.Sqrt(0.01/50.01)) > 0.002 {
		t.Errorf("the weight that was seen has mean %v and deviation %v", mean, math.Sqrt(squares))
	}
	if math.Abs(other) > 0.08 || math.Abs(otherSquares-1) > 0.1 {
		t.Errorf("the weight that was not seen has mean %v and variance %v", other, otherSquares)
	}
}
