package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

func drawSequences(t *rapid.T) Sequences {
	return Sequences{N: rapid.IntRange(1, 19).Draw(t, "n"), T: rapid.IntRange(1, 5).Draw(t, "steps"), H: rapid.IntRange(1, 37).Draw(t, "h")}
}

func TestRecurrentKernelsAgreeOnEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, seed, lastOnly := drawSequences(t), rapid.Uint64().Draw(t, "seed"), rapid.Bool().Draw(t, "last only")
		rows := g.N * g.T * g.H
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var out [][]float32
			fresh := func(n int) []float32 {
				y := make([]float32, n)
				out = append(out, y)
				return y
			}
			given := func(n int, k uint64) []float32 {
				copy(fresh(n), values(n, seed+k))
				return out[len(out)-1]
			}
			slope, last := values(rows, seed+9), []float32(nil)
			if lastOnly {
				slope, last = nil, values(g.N*g.H, seed+9)
			}
			w4, w3 := values(4*g.H*g.H, seed+1), values(3*g.H*g.H, seed+1)
			l := LSTM{Sequences: g, Hidden: fresh(rows), Before: fresh(rows), Cell: fresh(rows), Gates: given(4*rows, 2), Weights: w4,
				DHidden: slope, DLast: last, DGates: fresh(4 * rows)}
			LSTMForward(p, l)
			l.Weights = fresh(len(w4))
			Transpose(p, l.Weights, w4, g.H, 4*g.H)
			LSTMBackward(p, l)
			u := GRU{Sequences: g, Hidden: fresh(rows), Before: fresh(rows), Kept: fresh(rows), Gates: given(3*rows, 3), Weights: w3,
				Bias: values(3*g.H, seed+4), DHidden: slope, DLast: last, DInput: fresh(3 * rows), DState: fresh(3 * rows)}
			GRUForward(p, u)
			u.Weights = fresh(len(w3))
			Transpose(p, u.Weights, w3, g.H, 3*g.H)
			GRUBackward(p, u)
			return out
		})
	})
}

func TestATransposedMatrixHoldsEveryElementInItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 40).Draw(t, "rows"), rapid.IntRange(1, 150).Draw(t, "cols")
		x, y := values(rows*cols, 1), make([]float32, rows*cols)
		Transpose(nil, y, x, rows, cols)
		for i, v := range x {
			if got := y[i%cols*rows+i/cols]; got != v {
				t.Fatalf("element (%d, %d) of %d×%d is %v; want %v", i/cols, i%cols, rows, cols, got, v)
			}
		}
	})
}

// A layer over a sequence and single steps are two ways through the same arithmetic.
func TestStepsOfAnLSTMEqualTheLayerOverTheSequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, seed := drawSequences(t), rapid.Uint64().Draw(t, "seed")
		n, h := g.N, g.H
		w, turned := values(4*h*h, seed), make([]float32, 4*h*h)
		Transpose(nil, turned, w, h, 4*h)
		share, slope := values(n*g.T*4*h, seed+1), values(n*g.T*h, seed+2)
		want := LSTM{Sequences: g, Hidden: make([]float32, n*g.T*h), Before: make([]float32, n*g.T*h), Cell: make([]float32, n*g.T*h),
			Gates: append([]float32(nil), share...), Weights: w, DHidden: slope, DGates: make([]float32, n*g.T*4*h)}
		LSTMForward(newPool(portable(), 1), want)
		want.Weights = turned
		LSTMBackward(newPool(portable(), 1), want)
		everySetAgrees(t, func(p *Pool) [][]float32 {
			var results [][]float32
			steps := make([]LSTMStep, g.T)
			for k := range steps {
				l := &steps[k]
				*l = LSTMStep{Rows: n, H: h, Input: make([]float32, 4*n*h), Weights: w, Gates: make([]float32, 4*n*h), Hidden: make([]float32, n*h),
					Next: make([]float32, 2*n*h), DNext: make([]float32, 2*n*h), DGates: make([]float32, 4*n*h)}
				copyRows(l.Input, share[k*4*h:], n, 4*h, g.T*4*h, 4*h)
				if k > 0 {
					l.State, l.DState = steps[k-1].Next, make([]float32, 2*n*h)
				}
				LSTMStepForward(p, *l)
			}
			for k := g.T - 1; k >= 0; k-- {
				l := &steps[k]
				l.Weights = turned
				if k+1 < g.T {
					copy(l.DNext, steps[k+1].DState)
				}
				for i := range n {
					for j := range h {
						l.DNext[i*2*h+j] += slope[(i*g.T+k)*h+j]
					}
				}
				LSTMStepBackward(p, *l)
				for i := range n {
					at := i*g.T + k
					sameBits(t, "hidden state", l.Next[i*2*h:][:h], want.Hidden[at*h:][:h])
					sameBits(t, "cell", l.Next[i*2*h+h:][:h], want.Cell[at*h:][:h])
					sameBits(t, "gradient of the gates", l.DGates[i*4*h:][:4*h], want.DGates[at*4*h:][:4*h])
				}
				results = append(results, l.Next, l.DGates)
			}
			return results
		})
	})
}
