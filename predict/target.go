package predict

import (
	"cmp"
	"math"
	"slices"
)

// Normalise returns normal scores of values: every value becomes the quantile of the standard normal distribution at its rank (the Gaussian
// copula of Salinas et al., "A Quantile-based Approach for Hyperparameter Transfer Learning", 2020), with variance 1. Equal values stay
// equal. The long lower tail of accuracies, networks that learned nothing, is drawn in, and what is left is their order.
func Normalise(values []float64) []float64 {
	n := len(values)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	out := make([]float64, n)
	for first := 0; first < n; {
		last := first + 1
		for last < n && values[order[last]] == values[order[first]] {
			last++
		}
		quantile := float64(first+last) / 2 / float64(n)
		for _, i := range order[first:last] {
			out[i] = math.Sqrt2 * math.Erfinv(2*quantile-1)
		}
		first = last
	}
	return Standardise(out)
}

// Winsorise returns values with those below the share-quantile raised to it, standardised: distances among the better ones are kept, and
// the tail is cut (share 0.1 in the measurements of docs/strategies.md).
func Winsorise(values []float64, share float64) []float64 {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	floor := sorted[int(share*float64(len(sorted)-1))]
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.Max(v, floor)
	}
	return Standardise(out)
}

// Standardise returns values shifted and scaled to mean 0 and variance 1; if they are all equal, zeros.
func Standardise(values []float64) []float64 {
	mean, deviation := moments(values)
	out := make([]float64, len(values))
	if deviation == 0 {
		return out
	}
	for i, v := range values {
		out[i] = (v - mean) / deviation
	}
	return out
}

// moments returns the mean and the standard deviation of values; deviations within rounding are 0.
func moments(values []float64) (mean, deviation float64) {
	n := math.Max(1, float64(len(values)))
	for _, v := range values {
		mean += v
	}
	mean /= n
	for _, v := range values {
		deviation += (v - mean) * (v - mean)
	}
	deviation = math.Sqrt(deviation / n)
	if deviation <= 1e-12*math.Abs(mean) {
		deviation = 0
	}
	return mean, deviation
}
