package kernel

import (
	"fmt"
	"math"
	"testing"
)

// everySet runs f once for each set this machine has, the portable one on one thread and the others on three.
func everySet(t *testing.T, f func(t *testing.T, p *Pool)) {
	t.Helper()
	for i, s := range available() {
		t.Run(s.name, func(t *testing.T) {
			threads := 3
			if i == len(available())-1 {
				threads = 1
			}
			p := newPool(s, threads)
			defer p.Close()
			f(t, p)
		})
	}
}

// everySetAgrees runs f on the portable set and on every other, with one and three threads; what f returns must agree
// bit for bit.
func everySetAgrees(t interface{ Fatalf(string, ...any) }, f func(p *Pool) [][]float32) {
	want := f(newPool(portable(), 1))
	for _, s := range available() {
		for _, threads := range []int{1, 3} {
			p := newPool(s, threads)
			for i, got := range f(p) {
				sameBits(t, fmt.Sprintf("%s, %d threads, result %d", s.name, threads, i), got, want[i])
			}
			p.Close()
		}
	}
}

// values returns n deterministic numbers of mixed magnitude.
func values(n int, seed uint64) []float32 {
	x := make([]float32, n)
	fill(x, seed)
	return x
}

// fill writes deterministic numbers of mixed magnitude.
func fill(x []float32, seed uint64) {
	for i := range x {
		seed = seed*6364136223846793005 + 1442695040888963407
		v := float32(int32(seed>>32)) / (1 << 31)
		switch seed >> 24 & 15 {
		case 0:
			v = 0
		case 1:
			v *= 1e-3
		case 2:
			v *= 8
		}
		x[i] = v
	}
}

// sameBits fails unless a and b are equal bit for bit (any NaN equals any NaN).
func sameBits(t interface{ Fatalf(string, ...any) }, what string, got, want []float32) {
	if len(got) != len(want) {
		t.Fatalf("%s: %d values; want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && (got[i] == got[i] || want[i] == want[i]) {
			t.Fatalf("%s: element %d is %v (%08x); want %v (%08x)", what, i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
}

// gemmOracle is the definition of Gemm.
func gemmOracle(c, a, b []float32, m, n, k int, transA, transB, accumulate bool) {
	for i := range m {
		for j := range n {
			var s float32
			if accumulate {
				s = c[i*n+j]
			}
			for l := range k {
				x, y := i*k+l, l*n+j
				if transA {
					x = l*m + i
				}
				if transB {
					y = j*k + l
				}
				s = fma32(a[x], b[y], s)
			}
			c[i*n+j] = s
		}
	}
}
