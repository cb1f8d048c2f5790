package search

import "math"

// expectedImprovement is E[max(0, f − best)] of f normal with this mean and variance (Jones, Schonlau & Welch, "Efficient Global
// Optimization of Expensive Black-Box Functions", 1998).
func expectedImprovement(mean, variance, best float64) float64 {
	deviation := math.Sqrt(variance)
	u := (mean - best) / deviation
	return deviation * (u*0.5*math.Erfc(-u/math.Sqrt2) + math.Exp(-u*u/2)/math.Sqrt(2*math.Pi))
}

// upperBound is mean + β·deviation (Srinivas et al., "Gaussian Process Optimization in the Bandit Setting", 2010).
func upperBound(mean, variance, beta float64) float64 { return mean + beta*math.Sqrt(variance) }
