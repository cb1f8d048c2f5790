package lattice

import "math"

// LogSum adds numbers that are given as their logarithms. With a score, divided by a temperature, as the weight of each step a fold gives
// the logarithm of the partition function: of the sum of exp(score/temperature) over all architectures.
type LogSum struct{}

// Zero returns log 0 = −Inf.
func (LogSum) Zero() float64 { return math.Inf(-1) }

// One returns log 1 = 0.
func (LogSum) One() float64 { return 0 }

// Plus returns log(exp a + exp b).
func (LogSum) Plus(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) || math.IsInf(a, 1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// Times returns a + b, with log 0 stronger than anything.
func (LogSum) Times(a, b float64) float64 {
	if math.IsInf(a, -1) || math.IsInf(b, -1) {
		return math.Inf(-1)
	}
	return a + b
}

// Moments are the logarithm of the weight of a set of paths, and the mean and the variance of a value that adds up along them, under the
// distribution proportional to their weights.
type Moments struct{ LogWeight, Mean, Variance float64 }

// Expectation is the semiring of moments (the second-order expectation semiring of Li & Eisner, 2009, kept normalised so that nothing
// cancels): sets of paths mix, and what follows one another is independent.
type Expectation struct{}

// Zero returns the moments of no path.
func (Expectation) Zero() Moments { return Moments{LogWeight: math.Inf(-1)} }

// One returns the moments of the empty path.
func (Expectation) One() Moments { return Moments{} }

// Plus returns the moments of two sets of paths together.
func (Expectation) Plus(a, b Moments) Moments {
	if math.IsInf(a.LogWeight, -1) {
		return b
	}
	if math.IsInf(b.LogWeight, -1) {
		return a
	}
	sum := LogSum{}.Plus(a.LogWeight, b.LogWeight)
	p, q := math.Exp(a.LogWeight-sum), math.Exp(b.LogWeight-sum)
	d := b.Mean - a.Mean
	return Moments{sum, a.Mean + q*d, p*a.Variance + q*b.Variance + p*q*d*d}
}

// Times returns the moments of paths of a, each followed by a path of b.
func (e Expectation) Times(a, b Moments) Moments {
	if math.IsInf(a.LogWeight, -1) || math.IsInf(b.LogWeight, -1) {
		return e.Zero()
	}
	return Moments{a.LogWeight + b.LogWeight, a.Mean + b.Mean, a.Variance + b.Variance}
}
