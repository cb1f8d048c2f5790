package explain

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// decomposition is the thin singular value decomposition of a matrix X of centred columns, without its right vectors. One serves all
// penalties and all groups of rows that are left out.
type decomposition struct {
	left   *mat.Dense // rows of X × values
	values []float64  // squared singular values, above 0
}

// negligible is the part of the greatest squared singular value that rounding makes of one that is 0.
const negligible = 1e-12

// decompose finds it from the products of rows or of columns, whichever are fewer.
func decompose(x *mat.Dense) (decomposition, error) {
	n, p := x.Dims()
	of := mat.Matrix(x)
	if n > p {
		of = x.T()
	}
	var gram mat.SymDense
	gram.SymOuterK(1, of)
	var e mat.EigenSym
	if !e.Factorize(&gram, true) {
		return decomposition{}, fmt.Errorf("the least squares of %d trials do not converge", n)
	}
	var vectors, product mat.Dense
	e.VectorsTo(&vectors)
	left := &vectors
	if n > p {
		product.Mul(x, &vectors)
		left = &product
	}
	all := e.Values(nil) // ascending
	var kept []int
	for j, v := range all {
		if v > negligible*all[len(all)-1] {
			kept = append(kept, j)
		}
	}
	d := decomposition{values: make([]float64, len(kept)), left: mat.NewDense(n, max(1, len(kept)), nil)}
	for k, j := range kept {
		d.values[k] = all[j]
		for i := range n {
			u := left.At(i, j)
			if n > p {
				u /= math.Sqrt(all[j])
			}
			d.left.Set(i, k, u)
		}
	}
	return d, nil
}

// solution is ridge regression of values of mean 0 with a penalty λ: weights Xᵀα with (XXᵀ + λ)α = y.
type solution struct {
	penalty     float64
	alpha       []float64 // up to a part that is orthogonal to all columns of X
	fitted      []float64 // values
	residual    []float64 // the values less the fitted ones
	looResidual []float64 // the values less what is predicted from all others
}

// solve returns the solution with the least squared error of predicting each value from the others (Allen, 1974).
func (d decomposition) solve(y []float64, penalties []float64) solution {
	n := len(y)
	turned := make([]float64, len(d.values))
	for k := range turned {
		for i := range y {
			turned[k] += d.left.At(i, k) * y[i]
		}
	}
	var best solution
	least := math.Inf(1)
	for _, lambda := range penalties {
		s := solution{lambda, make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
		off := 0.0
		for i := range y {
			for k, v := range d.values {
				u := d.left.At(i, k) * turned[k] / (v + lambda)
				s.alpha[i] += u
				s.fitted[i] += u * v
			}
			s.residual[i] = y[i] - s.fitted[i]
			s.looResidual[i] = s.residual[i] / math.Max(1e-12, 1-d.hat(i, i, lambda))
			off += s.looResidual[i] * s.looResidual[i]
		}
		if off < least {
			least, best = off, s
		}
	}
	return best
}

// hat returns the element (i, j) of the hat matrix: the derivative of fitted value i by value j, the offset included.
func (d decomposition) hat(i, j int, lambda float64) float64 {
	n, _ := d.left.Dims()
	sum := 1 / float64(n) // of the offset
	for k, v := range d.values {
		sum += d.left.At(i, k) * d.left.At(j, k) * v / (v + lambda)
	}
	return sum
}
