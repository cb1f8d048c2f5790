package explain

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/trellis-nas/trellis/lattice"
)

// Choice is which of two surrogates is taken, and why.
type Choice struct {
	Surrogates [2]Surrogate // the simpler one first
	Taken      int          // its place
	Gain       float64      // by how much the [Fit.LeaveOneOut] of the second is greater than that of the first
	Error      float64      // the standard error of Gain
}

// Choose fits a surrogate by [New] over each of two lattices, the simpler one first, and takes the simpler unless the other predicts better
// by more than one standard error (the rule of Breiman, Friedman, Olshen & Stone, 1984): the error of the paired differences of the squared
// errors of predicting each trial from the others.
func Choose(trials []Trial, simple, rich *lattice.Lattice) (Choice, error) {
	var c Choice
	for i, l := range []*lattice.Lattice{simple, rich} {
		s, err := New(l, trials)
		if err != nil {
			return Choice{}, err
		}
		c.Surrogates[i] = s
	}
	values, better := make([]float64, len(trials)), make([]float64, len(trials))
	for i, t := range trials {
		a, b := c.Surrogates[0].residual[i], c.Surrogates[1].residual[i]
		values[i], better[i] = t.Value, a*a-b*b
	}
	n := float64(len(trials))
	all := stat.PopVariance(values, nil)
	c.Gain, c.Error = stat.Mean(better, nil)/all, stat.StdDev(better, nil)/math.Sqrt(n)/all
	if c.Gain > c.Error {
		c.Taken = 1
	}
	return c, nil
}
