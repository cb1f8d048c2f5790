package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestRowKernelsAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, rows := rapid.IntRange(1, 70).Draw(t, "c"), rapid.SampledFrom([]int{1, 2, 9, 300, 1100}).Draw(t, "rows")
		seed := rapid.Uint64().Draw(t, "seed")
		numbers := values
		if rapid.Bool().Draw(t, "awkward") {
			numbers = awkward
		}
		x, dy, res := numbers(rows*c, seed), numbers(rows*c, seed+1), numbers(rows*c, seed+2)
		gamma, beta := values(c, seed+3), values(c, seed+4)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func(n int) []float32 {
				y := make([]float32, n)
				out = append(out, y)
				return y
			}
			y := fresh(rows * c)
			Softmax(p, y, x, rows, c)
			SoftmaxBackward(p, fresh(rows*c), dy, y, rows, c)
			sum, mean, inv := fresh(rows*c), fresh(rows), fresh(rows)
			LayerNorm(p, fresh(rows*c), sum, x, res, gamma, beta, mean, inv, rows, c, 1e-5)
			LayerNormBackward(p, fresh(rows*c), fresh(c), fresh(c), dy, sum, gamma, mean, inv, rows, c)
			LayerNorm(p, fresh(rows*c), nil, x, nil, gamma, beta, mean, inv, rows, c, 1e-5)
			RMSNorm(p, fresh(rows*c), x, gamma, inv, rows, c, 1e-5)
			RMSNormBackward(p, fresh(rows*c), fresh(c), dy, x, gamma, inv, rows, c)
			labels := make([]int32, rows)
			for i := range labels {
				labels[i] = int32(i % c)
			}
			for _, smoothing := range []float32{0, 0.1} {
				loss, correct := CrossEntropy(p, fresh(rows*c), x, labels, c, smoothing)
				again, _ := CrossEntropy(p, nil, x, labels, c, smoothing)
				out = append(out, []float32{float32(loss), float32(correct), float32(again)})
			}
			return out
		})
	})
}

func TestSequenceKernelsAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, steps, c := rapid.IntRange(1, 4).Draw(t, "n"), rapid.IntRange(1, 40).Draw(t, "t"), rapid.IntRange(1, 40).Draw(t, "c")
		seed := rapid.Uint64().Draw(t, "seed")
		act := Act(rapid.IntRange(0, acts-1).Draw(t, "act"))
		rows := n * steps
		x, dy, dz, wide := values(rows*c, seed), values(rows*c, seed+1), values(rows*2*c, seed+2), values(rows*2*c, seed+3)
		weights, bias, shared := values(c*2*c, seed+4), values(2*c, seed+5), values(steps*c, seed+6)
		ids, lengths := make([]float32, rows), make([]float32, n)
		for i := range ids {
			ids[i] = float32(i * 7 % 5)
		}
		for i := range lengths {
			lengths[i] = float32((i * 5) % (steps + 1))
		}
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func(n int) []float32 {
				y := make([]float32, n)
				out = append(out, y)
				return y
			}
			GLUForward(p, fresh(rows*c), wide, rows, c, act)
			GLUBackward(p, fresh(rows*2*c), dy, wide, rows, c, act)
			y := fresh(rows * 2 * c)
			Affine(p, y, x, weights, bias, rows, c, 2*c, act)
			if act <= ReLU6 {
				d := fresh(rows * 2 * c)
				copy(d, dz)
				AffineOutput(p, d, fresh(2*c), d, y, rows, 2*c, act)
			}
			if wrong := Embed(p, fresh(rows*c), shared, ids, min(5, steps), c); wrong < 0 {
				EmbedBackward(p, fresh(steps*c), dy, ids, min(5, steps), c)
			}
			AddPerSample(p, fresh(rows*c), x, shared, n)
			SumSamples(p, fresh(steps*c), dy, n)
			MeanSteps(p, fresh(n*c), x, lengths, n, steps, c)
			MeanStepsBackward(p, fresh(rows*c), values(n*c, seed+7), lengths, n, steps, c)
			return out
		})
	})
}

func TestAffineIsAProductWithBiasAndActivationWhateverItsSize(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		for _, s := range []struct{ rows, in, out int }{{3, 5, 7}, {20, 300, 112}, {130, 40, 160}, {9, 4100, 112}} {
			x, w, bias := values(s.rows*s.in, 1), values(s.in*s.out, 2), values(s.out, 3)
			want, got := make([]float32, s.rows*s.out), make([]float32, s.rows*s.out)
			gemmOracle(want, x, w, s.rows, s.out, s.in, false, false, false)
			AddBias(p, want, bias, s.rows, s.out)
			ActForward(p, want, want, ReLU)
			Affine(p, got, x, w, bias, s.rows, s.in, s.out, ReLU)
			sameBits(t, "affine", got, want)
		}
	})
}

// attentionOracle is the definition of attention and its gradients in float64.
func attentionOracle(out, dq, dk, dv, dout, q, k, v []float64, lengths []float32, g AttentionShape) {
	scale := 1 / math.Sqrt(float64(g.Dim))
	wide := g.Heads * g.Dim
	for n := range g.N {
		for h := range g.Heads {
			for i := range g.Queries {
				keys := g.Keys
				if lengths != nil {
					keys = int(lengths[n])
				}
				if g.Causal {
					keys = min(keys, i+1)
				}
				qi, oi := (n*g.Queries+i)*g.LDQ+h*g.Dim, (n*g.Queries+i)*wide+h*g.Dim
				prob, dprob := make([]float64, keys), make([]float64, keys)
				sum, dot := 0.0, 0.0
				for j := range keys {
					kj := (n*g.Keys+j)*g.LDK + h*g.Dim
					for d := range g.Dim {
						prob[j] += q[qi+d] * k[kj+d] * scale
						dprob[j] += dout[oi+d] * v[kj+d]
					}
					prob[j] = math.Exp(prob[j])
					sum += prob[j]
				}
				for j := range keys {
					prob[j] /= sum
					dot += prob[j] * dprob[j]
				}
				for j := range keys {
					kj := (n*g.Keys+j)*g.LDK + h*g.Dim
					ds := prob[j] * (dprob[j] - dot) * scale
					for d := range g.Dim {
						out[oi+d] += prob[j] * v[kj+d]
						dv[kj+d] += prob[j] * dout[oi+d]
						dq[qi+d] += ds * k[kj+d]
						dk[kj+d] += ds * q[qi+d]
					}
				}
			}
		}
	}
}

func drawAttention(t *rapid.T) (g AttentionShape, lengths []float32) {
	g = AttentionShape{N: rapid.IntRange(1, 3).Draw(t, "n"), Queries: rapid.IntRange(1, 80).Draw(t, "queries"), Keys: rapid.IntRange(1, 80).Draw(t, "keys"),
		Heads: rapid.IntRange(1, 3).Draw(t, "heads"), Dim: rapid.SampledFrom([]int{1, 5, 8, 16, 24, 33}).Draw(t, "dim"), Causal: rapid.Bool().Draw(t, "causal")}
	if g.Causal {
		g.Keys = g.Queries
	}
	g.LDQ, g.LDK = g.Heads*g.Dim+rapid.IntRange(0, 3).Draw(t, "gap"), g.Heads*g.Dim
	if rapid.Bool().Draw(t, "padded") {
		for range g.N {
			lengths = append(lengths, float32(rapid.IntRange(0, g.Keys).Draw(t, "length")))
		}
	}
	return g, lengths
}

func TestAttentionIsItsDefinitionAndHasTheSameBitsOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, lengths := drawAttention(t)
		seed := rapid.Uint64().Draw(t, "seed")
		wide := g.Heads * g.Dim
		q, k, v := values(g.N*g.Queries*g.LDQ, seed), values(g.N*g.Keys*g.LDK, seed+1), values(g.N*g.Keys*g.LDK, seed+2)
		dout := values(g.N*g.Queries*wide, seed+3)
		var got [][]float32
		everySetAgrees(t, func(p *Pool) [][]float32 {
			out, top, inv := make([]float32, len(dout)), make([]float32, g.Stats()), make([]float32, g.Stats())
			dq, dk, dv := make([]float32, len(q)), values(len(k), 9), values(len(v), 10)
			AttentionForward(p, out, top, inv, q, k, v, lengths, g)
			AttentionBackward(p, dq, dk, dv, dout, out, top, inv, q, k, v, lengths, g)
			got = [][]float32{out, dq, dk, dv}
			return got
		})
		want := [][]float64{make([]float64, len(dout)), make([]float64, len(q)), make([]float64, len(k)), make([]float64, len(v))}
		attentionOracle(want[0], want[1], want[2], want[3], widen(dout), widen(q), widen(k), widen(v), lengths, g)
		for i, w := range want {
			for j := range w {
				if d := math.Abs(w[j] - float64(got[i][j])); d > 3e-4*(1+math.Abs(w[j])) {
					t.Fatalf("%+v: result %d[%d] is %v; want %v", g, i, j, got[i][j], w[j])
				}
			}
		}
	})
}

func TestEmbedRefusesWhatIsNoTokenAndSaysWhere(t *testing.T) {
	table, y := values(12, 1), make([]float32, 9)
	for _, c := range []struct {
		ids   []float32
		wrong int
	}{{[]float32{0, 3, 1}, -1}, {[]float32{0, 4, 1}, 1}, {[]float32{-1, 0, 0}, 0}, {[]float32{0, 1, 1.5}, 2}, {[]float32{0, 0, float32(math.NaN())}, 2},
		{[]float32{float32(math.Inf(1)), 0, 0}, 0}} {
		if got := Embed(nil, y, table, c.ids, 4, 3); got != c.wrong {
			t.Errorf("ids %v are wrong at %d; want %d", c.ids, got, c.wrong)
		}
		if c.wrong >= 0 && Sum(nil, y) != 0 {
			t.Errorf("ids %v left %v behind", c.ids, y)
		}
	}
}
