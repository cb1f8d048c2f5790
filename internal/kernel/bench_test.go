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

func benchConv(b *testing.B, name string, g ConvShape) {
	p := NewPool(1)
	defer p.Close()
	x, y := make([]float32, g.N*g.H*g.W*g.Cin), make([]float32, g.N*g.OH*g.OW*g.Cout)
	w := make([]float32, g.KH*g.KW*g.Cin/g.Groups*g.Cout)
	fill(x, 1)
	fill(w, 2)
	fill(y, 3)
	flop := 2 * float64(g.MACs())
	b.Run(name+"/forward", func(b *testing.B) { rate(b, flop, func() { ConvForward(p, y, x, w, g) }) })
	b.Run(name+"/data", func(b *testing.B) { rate(b, flop, func() { ConvBackwardData(p, x, y, w, g) }) })
	b.Run(name+"/weights", func(b *testing.B) { rate(b, flop, func() { ConvBackwardWeights(p, w, x, y, g) }) })
}

func BenchmarkConv3x3(b *testing.B) {
	benchConv(b, "16@32", same(64, 32, 32, 16, 16, 3, 1, 1, 1))
	benchConv(b, "32@16", same(64, 16, 16, 32, 32, 3, 1, 1, 1))
	benchConv(b, "64@8", same(64, 8, 8, 64, 64, 3, 1, 1, 1))
	benchConv(b, "16-32@32s2", same(64, 32, 32, 16, 32, 3, 2, 1, 1))
	benchConv(b, "3-16@32", same(64, 32, 32, 3, 16, 3, 1, 1, 1))
	benchConv(b, "1-16@28", same(64, 28, 28, 1, 16, 3, 1, 1, 1))
}

func BenchmarkConv1x1(b *testing.B) {
	benchConv(b, "16-48@32", same(64, 32, 32, 16, 48, 1, 1, 1, 1))
	benchConv(b, "48-16@32", same(64, 32, 32, 48, 16, 1, 1, 1, 1))
	benchConv(b, "24-72@16", same(64, 16, 16, 24, 72, 1, 1, 1, 1))
	benchConv(b, "96-32@8", same(64, 8, 8, 96, 32, 1, 1, 1, 1))
}
