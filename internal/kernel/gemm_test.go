package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

func TestGemmIsTheSequentialSumOnEverySet(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			m := rapid.IntRange(1, 40).Draw(t, "m")
			n := rapid.IntRange(1, 120).Draw(t, "n")
			k := rapid.IntRange(1, 40).Draw(t, "k")
			checkGemm(t, p, m, n, k, rapid.Bool().Draw(t, "transA"), rapid.Bool().Draw(t, "transB"), rapid.Bool().Draw(t, "accumulate"),
				rapid.Uint64().Draw(t, "seed"))
		})
	})
}

func TestLargeGemmsPackAndBlockWithoutChangingBits(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		for _, s := range []struct {
			m, n, k        int
			transA, transB bool
		}{
			{130, 112, 64, false, false}, {129, 130, 17, true, false}, {66, 52, 256, false, true}, {65, 113, 530, false, false},
			{150, 60, 520, true, true}, {64, 256, 100, false, false},
		} {
			checkGemm(t, p, s.m, s.n, s.k, s.transA, s.transB, false, 1)
			checkGemm(t, p, s.m, s.n, s.k, s.transA, s.transB, true, 2)
		}
	})
}

func checkGemm(t interface{ Fatalf(string, ...any) }, p *Pool, m, n, k int, transA, transB, accumulate bool, seed uint64) {
	a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	fill(a, seed)
	fill(b, seed+1)
	fill(c, seed+2)
	want := append([]float32(nil), c...)
	gemmOracle(want, a, b, m, n, k, transA, transB, accumulate)
	Gemm(p, c, a, b, m, n, k, transA, transB, accumulate)
	sameBits(t, "c", c, want)
}
