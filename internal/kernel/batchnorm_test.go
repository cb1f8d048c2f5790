package kernel

import (
	"math"
	"testing"
)

// normLoss is Σ weight·act(norm(x)+res) in float64, the oracle of the gradient.
func normLoss(x, res, gamma, beta []float64, weight []float32, rows, c int, act Act) float64 {
	loss := 0.0
	for j := range c {
		var m, v float64
		for r := range rows {
			m += x[r*c+j] / float64(rows)
		}
		for r := range rows {
			v += (x[r*c+j] - m) * (x[r*c+j] - m) / float64(rows)
		}
		for r := range rows {
			i := r*c + j
			loss += float64(weight[i]) * reference[act]((x[i]-m)/math.Sqrt(v+1e-5)*gamma[j]+beta[j]+res[i])
		}
	}
	return loss
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func TestBatchNormGradientsAreDerivatives(t *testing.T) {
	const rows, c, h = 23, 5, 1e-5
	for _, act := range []Act{None, ReLU, HSwish, SiLU, Tanh, GELU, Sigmoid} {
		x, res, weight, gamma, beta := values(rows*c, 1), values(rows*c, 2), values(rows*c, 3), values(c, 4), values(c, 5)
		for j := range gamma {
			gamma[j] = gamma[j]/8 + 1.1
		}
		mean, variance, scale, shift := make([]float32, c), make([]float32, c), make([]float32, c), make([]float32, c)
		BatchNormStats(nil, mean, variance, x, rows, c)
		BatchNormCoefficients(scale, shift, mean, variance, gamma, beta, 1e-5)
		g := NormGrad{DX: make([]float32, rows*c), DResidual: make([]float32, rows*c), DGamma: make([]float32, c), DBeta: make([]float32, c),
			DY: weight, X: x, Residual: res, Mean: mean, Variance: variance, Scale: scale, Shift: shift, Eps: 1e-5, Rows: rows, C: c, Act: act}
		BatchNormBackward(nil, g)
		x64, res64, gamma64, beta64 := widen(x), widen(res), widen(gamma), widen(beta)
		check := func(name string, at []float64, got []float32) {
			t.Helper()
			for i := range at {
				old := at[i]
				at[i] = old + h
				up := normLoss(x64, res64, gamma64, beta64, weight, rows, c, act)
				at[i] = old - h
				down := normLoss(x64, res64, gamma64, beta64, weight, rows, c, act)
				at[i] = old
				if want := (up - down) / (2 * h); math.Abs(want-float64(got[i])) > 1e-3*(1+math.Abs(want)) {
					t.Errorf("activation %d: %s[%d] is %v; want %v", act, name, i, got[i], want)
				}
			}
		}
		check("dx", x64, g.DX)
		check("dresidual", res64, g.DResidual)
		check("dgamma", gamma64, g.DGamma)
		check("dbeta", beta64, g.DBeta)
	}
}

func TestStatisticsOfAChannelFarFromZeroKeepTheirVariance(t *testing.T) {
	const rows = 5000
	x := values(rows, 9)
	var m, v float64
	for i := range x {
		x[i] += 1000
		m += float64(x[i]) / rows
	}
	for i := range x {
		v += (float64(x[i]) - m) * (float64(x[i]) - m) / rows
	}
	mean, variance := make([]float32, 1), make([]float32, 1)
	BatchNormStats(nil, mean, variance, x, rows, 1)
	if math.Abs(float64(mean[0])-m) > 1e-4 || math.Abs(float64(variance[0])-v) > 1e-4*v {
		t.Errorf("mean %v variance %v; want %v and %v", mean[0], variance[0], m, v)
	}
}
