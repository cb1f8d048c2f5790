package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMixturesAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, c := rapid.SampledFrom([]int{1, 2, 7, 64, 200, 1032}).Draw(t, "rows"), rapid.SampledFrom([]int{1, 3, 8, 16, 20, 32, 70}).Draw(t, "c")
		n, seed := rapid.IntRange(1, 5).Draw(t, "branches"), rapid.Uint64().Draw(t, "seed")
		act := rapid.SampledFrom([]Act{None, ReLU, ReLU6, HSwish, HSigmoid}).Draw(t, "act")
		dy := values(rows*c, seed)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func(n int) []float32 {
				out = append(out, make([]float32, n))
				return out[len(out)-1]
			}
			m := Mixture{Y: fresh(rows * c), DY: dy, Rows: rows, C: c, Eps: 1e-5}
			for i := range n {
				b := Branch{X: values(rows*c, seed+uint64(i)), Weight: 0.3 * float32(i+1)}
				if i != 1 {
					b.Mean, b.Variance = fresh(c), fresh(c)
					Moments(p, b.Mean, b.Variance, b.X, rows, c)
				}
				if i != 2 {
					b.DX = fresh(rows * c)
				}
				m.Branches = append(m.Branches, b)
			}
			MixtureForward(p, m)
			MixtureBackward(p, m)
			for _, b := range m.Branches {
				out = append(out, []float32{b.DWeight})
			}
			b := m.Branches[0]
			g := Standardized{X: b.X, Y: fresh(rows * c), DX: fresh(rows * c), DY: dy, Mean: b.Mean, Variance: b.Variance, Eps: 1e-5, Rows: rows, C: c, Act: act}
			Standardize(p, g)
			StandardizeBackward(p, g)
			return out
		})
	})
}
