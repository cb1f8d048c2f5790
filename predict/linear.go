package predict

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Linear is Bayesian linear regression on features that an architecture has or has not, given by their hashes (Rasmussen & Williams, 2006,
// chapter 2). Weights are normal with mean 0 and variance 1/m, m being the mean number of features, so that values vary by about 1;
// the variance of the noise is the one of a grid with the greatest marginal likelihood. It is solved in the space of the observations, so that the number
// of features does not matter.
type Linear struct {
	rows     [][]uint64
	targets  []float64
	variance float64 // of a weight
	noise    float64
	cholesky mat.Cholesky
}

// NewLinear fits the model to standardised targets. rows holds the features of each observation, none twice.
func NewLinear(rows [][]uint64, targets []float64) *Linear {
	l := &Linear{rows: rows, targets: targets, variance: 1}
	n := len(rows)
	features := 0
	for _, r := range rows {
		features += len(r)
	}
	if n == 0 || features == 0 {
		return l
	}
	l.variance = float64(n) / float64(features)
	shared := mat.NewSymDense(n, nil)
	sets := newSets(rows)
	for i, a := range sets {
		for j, b := range sets[:i+1] {
			shared.SetSym(i, j, l.variance*float64(a.common(b)))
		}
	}
	y := mat.NewVecDense(n, targets)
	best := math.Inf(-1)
	for _, noise := range []float64{0.01, 0.03, 0.1, 0.3, 1} {
		k := mat.NewSymDense(n, nil)
		k.CopySym(shared)
		for i := range n {
			k.SetSym(i, i, k.At(i, i)+noise)
		}
		var cholesky mat.Cholesky
		var alpha mat.VecDense
		if !cholesky.Factorize(k) || cholesky.SolveVecTo(&alpha, y) != nil {
			continue
		}
		if likelihood := -mat.Dot(y, &alpha)/2 - cholesky.LogDet()/2; likelihood > best {
			best, l.noise = likelihood, noise
			l.cholesky.Clone(&cholesky)
		}
	}
	return l
}

// Draw returns a draw of the weights from the posterior, as a function of the feature: a draw from the prior, moved by what the
// observations say of it (Matheron's rule, Wilson et al., "Efficiently Sampling Functions from Gaussian Process Posteriors", 2020). Features
// without observations have weights too.
func (l *Linear) Draw(r *rand.Rand) func(feature uint64) float64 {
	seed := r.Uint64()
	deviation := math.Sqrt(l.variance)
	prior := func(f uint64) float64 { return deviation * normal(mix(seed, f)) }
	n := len(l.rows)
	if l.noise == 0 {
		return prior
	}
	rest := mat.NewVecDense(n, nil)
	for i, row := range l.rows {
		value := math.Sqrt(l.noise) * r.NormFloat64()
		for _, f := range row {
			value += prior(f)
		}
		rest.SetVec(i, l.targets[i]-value)
	}
	var alpha mat.VecDense
	if l.cholesky.SolveVecTo(&alpha, rest) != nil {
		return prior
	}
	moved := map[uint64]float64{}
	for i, row := range l.rows {
		for _, f := range row {
			moved[f] += l.variance * alpha.AtVec(i)
		}
	}
	return func(f uint64) float64 { return prior(f) + moved[f] }
}

// normal returns the standard normal number of a hash (Box & Muller, 1958).
func normal(h uint64) float64 {
	const unit = 1.0 / (1 << 53)
	u, v := (float64(h>>11)+0.5)*unit, float64(mix(h, 1)>>11)*unit
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

// Feature returns the hash of words, as the features of a [Linear].
func Feature(words ...string) uint64 {
	h := uint64(len(words))
	for _, w := range words {
		h = mix(h, hashText(w))
	}
	return h
}
