package lattice_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/lattice"
)

// The oracle adds up over all architectures within the limits.
func TestTheFisherInformationIsTheCovarianceOfTheOptionsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "chained") {
			l = l.Chained()
		}
		limits := e.budgets(t)
		inside := e.within(limits)
		if len(inside) == 0 {
			t.Skip("nothing is within the limits")
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		n := len(l.Parameters())
		scores, v := make([]float64, n), make([]float64, n)
		for i := range scores {
			scores[i], v[i] = rapid.Float64Range(-2, 2).Draw(t, "score"), rapid.Float64Range(-2, 2).Draw(t, "v")
		}
		g := r.GibbsOf(scores)
		mean, along, both := make([]float64, n), 0.0, make([]float64, n)
		for _, i := range inside {
			taken, err := l.ParametersOf(e.archs[i])
			if err != nil || len(taken) != e.archs[i].Len() {
				t.Fatalf("%v takes %v (%v)", e.archs[i], taken, err)
			}
			p, x := math.Exp(g.LogProb(e.archs[i])), 0.0
			for _, k := range taken {
				x += v[k]
			}
			along += p * x
			for _, k := range taken {
				mean[k] += p
				both[k] += p * x
			}
		}
		for k, got := range g.FisherTimes(v) {
			if want := both[k] - mean[k]*along; math.Abs(got-want) > 1e-9 {
				t.Fatalf("component %d is %v, want %v", k, got, want)
			}
		}
	})
}
