package kernel

import (
	"fmt"
	"testing"
	"time"
)

// fmaPeak measures the machine's FMA rate (flop/s) on one thread: a register block whose operands stay in the
// first-level cache. It is repeated and the best kept, for the machine may be busy.
func fmaPeak() float64 {
	p := newPool(active, 1)
	const m, n, k = 14, 32, 256
	a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	best := 0.0
	for range 300 {
		const reps = 20
		start := time.Now()
		for range reps {
			Gemm(p, c, a, b, m, n, k, false, false, false)
		}
		best = max(best, 2*m*n*k*reps/time.Since(start).Seconds())
	}
	return best
}

// rate runs f, which does flop floating-point operations, and reports GFLOP/s of the best run and its share of the peak.
func rate(b *testing.B, flop float64, f func()) {
	peak := fmaPeak()
	f()
	best := 0.0
	runs := 0
	for b.Loop() {
		start := time.Now()
		f()
		best = max(best, flop/time.Since(start).Seconds())
		runs++
	}
	b.ReportMetric(best/1e9, "GFLOP/s")
	b.ReportMetric(100*best/peak, "%peak")
	b.ReportMetric(peak/1e9, "peak")
}

func BenchmarkGemm(b *testing.B) {
	p := NewPool(1)
	defer p.Close()
	for _, n := range []int{64, 128, 256, 512, 1024} {
		x, y, z := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
		fill(x, 1)
		fill(y, 2)
		for _, mode := range []string{"NN", "TN", "NT"} {
			b.Run(fmt.Sprintf("%s/%d", mode, n), func(b *testing.B) {
				rate(b, 2*float64(n)*float64(n)*float64(n), func() {
					Gemm(p, z, x, y, n, n, n, mode[0] == 'T', mode[1] == 'T', false)
				})
			})
		}
	}
}
