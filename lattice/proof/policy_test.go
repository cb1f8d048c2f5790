package proof_test

import (
	"math"

	"github.com/trellis-nas/trellis/lattice"
)

// policy is a distribution over the architectures within the limits, by sums over all of them.
type policy struct {
	q      *question
	scores []float64 // of the parameters; −Inf forbids
	logs   []float64 // of every architecture inside: the sum of its scores
	p      []float64 // their probabilities
	logZ   float64
}

// distribute draws a distribution. Scores of a spread of 400 are beyond what plain numbers hold; some distributions forbid an option.
func (q *question) distribute(number map[lattice.Parameter]int) {
	b := policy{q: q, scores: make([]float64, len(q.points))}
	spread := oneOf(q.random, []float64{0, 1, 1, 3, 3, 400})
	for k := range b.scores {
		b.scores[k] = spread * q.random.NormFloat64()
	}
	if spared := q.features[oneOf(q.random, q.inside)]; len(q.points) > 0 && q.random.IntN(5) == 0 {
		forbidden := q.random.IntN(len(q.points))
		takes := false
		for _, k := range spared {
			takes = takes || k == forbidden
		}
		if !takes {
			b.scores[forbidden] = math.Inf(-1)
		}
	}
	fixed := 0.0
	if q.random.IntN(2) == 0 {
		q.gibbs = q.region.GibbsOf(b.scores)
	} else {
		fixed = 3
		q.gibbs = q.region.Gibbs(weightOf(number, b.scores, fixed))
	}
	most := math.Inf(-1)
	for _, i := range q.inside {
		sum := fixed
		for _, k := range q.features[i] {
			sum += b.scores[k]
		}
		b.logs = append(b.logs, sum)
		most = max(most, sum)
	}
	total := 0.0
	for _, x := range b.logs {
		total += math.Exp(x - most)
	}
	b.logZ = most + math.Log(total)
	for _, x := range b.logs {
		b.p = append(b.p, math.Exp(x-b.logZ))
	}
	q.policy = b
}

// mean returns the expectation of a value of every architecture inside, and that of its products with the counts of every parameter.
func (b policy) mean(value func(k int) float64) (float64, []float64) {
	mean, products := 0.0, make([]float64, len(b.scores))
	for k, p := range b.p {
		if p == 0 {
			continue
		}
		x := p * value(k)
		mean += x
		for _, i := range b.q.features[b.q.inside[k]] {
			products[i] += x
		}
	}
	return mean, products
}

// covariance returns the mean of a value and its covariance with the counts of every parameter.
func (b policy) covariance(value func(k int) float64) (float64, []float64) {
	mean, _ := b.mean(value)
	_, products := b.mean(func(k int) float64 { return value(k) - mean })
	return mean, products
}

// taken returns the probability of every parameter.
func (b policy) taken() []float64 {
	_, taken := b.mean(func(int) float64 { return 1 })
	return taken
}

func closeTo(t failer, what string, got, want []float64, scale float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*(1+scale)) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}
