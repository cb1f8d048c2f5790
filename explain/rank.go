package explain

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Spearman returns the correlation of the ranks of x and y, of equal length, in which equal values share the mean of theirs (Spearman, 1904); 0
// where all of x or all of y are equal.
func Spearman(x, y []float64) float64 {
	r := stat.Correlation(ranks(x), ranks(y), nil)
	if math.IsNaN(r) {
		return 0
	}
	return r
}

// ranks returns the rank of every value; equal ones share the mean of theirs.
func ranks(of []float64) []float64 {
	order := make([]int, len(of))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case of[a] < of[b]:
			return -1
		case of[a] > of[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(of))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && of[order[to]] == of[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to-1) / 2
		}
		from = to
	}
	return out
}
