package kernel

import (
	"fmt"
	"testing"
	"time"
)

// fmaPeak measures the FMA rate (flop/s) of one thread. It is repeated and the best kept, for the machine may be busy.
func fmaPeak() float64 {
	best := 0.0
	for range 200 {
		start := time.Now()
		flop := SpinFMA(3000)
		best = max(best, flop/time.Since(start).Seconds())
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

func BenchmarkSmallImages(b *testing.B) {
	benchConv(b, "64@4", same(64, 4, 4, 64, 64, 3, 1, 1, 1))
	benchConv(b, "32@7", same(64, 7, 7, 32, 32, 3, 1, 1, 1))
	benchConv(b, "8@28", same(64, 28, 28, 8, 8, 3, 1, 1, 1))
	benchConv(b, "24@14", same(64, 14, 14, 24, 24, 3, 1, 1, 1))
	benchConv(b, "5x5-6-16@14", same(64, 14, 14, 6, 16, 5, 1, 1, 1))
}

func BenchmarkDepthwise(b *testing.B) {
	for _, c := range []struct {
		name string
		g    ConvShape
	}{
		{"3x3-48@32", same(64, 32, 32, 48, 48, 3, 1, 1, 48)}, {"3x3-72@16", same(64, 16, 16, 72, 72, 3, 1, 1, 72)},
		{"3x3-96@8", same(64, 8, 8, 96, 96, 3, 1, 1, 96)}, {"3x3-48@32s2", same(64, 32, 32, 48, 48, 3, 2, 1, 48)}, {"5x5-16@28", same(64, 28, 28, 16, 16, 5, 1, 1, 16)},
	} {
		g := c.g
		p := NewPool(1)
		x, y, w := values(g.N*g.H*g.W*g.Cin, 1), values(g.N*g.OH*g.OW*g.Cin, 2), values(g.KH*g.KW*g.Cin, 3)
		flop := 2 * float64(g.MACs())
		b.Run(c.name+"/forward", func(b *testing.B) { rate(b, flop, func() { DepthwiseForward(p, y, x, w, g) }) })
		b.Run(c.name+"/data", func(b *testing.B) { rate(b, flop, func() { DepthwiseBackwardData(p, x, y, w, g) }) })
		b.Run(c.name+"/weights", func(b *testing.B) { rate(b, flop, func() { DepthwiseBackwardWeights(p, w, x, y, g) }) })
	}
}

// BenchmarkFolded measures convolutions with the batch norms on both sides of them, as training steps run them.
func BenchmarkFolded(b *testing.B) {
	p := NewPool(1)
	for _, c := range []struct {
		name string
		g    ConvShape
	}{
		{"16@32", same(64, 32, 32, 16, 16, 3, 1, 1, 1)}, {"32@16", same(64, 16, 16, 32, 32, 3, 1, 1, 1)}, {"64@8", same(64, 8, 8, 64, 64, 3, 1, 1, 1)},
		{"1x1-16-48@32", same(64, 32, 32, 16, 48, 1, 1, 1, 1)}, {"depthwise-48@32", same(64, 32, 32, 48, 48, 3, 1, 1, 48)},
		{"1x1-48-16@32", same(64, 32, 32, 48, 16, 1, 1, 1, 1)}, {"depthwise-48@32s2", same(64, 32, 32, 48, 48, 3, 2, 1, 48)},
		{"1x1-24-72@16", same(64, 16, 16, 24, 72, 1, 1, 1, 1)}, {"depthwise-72@16", same(64, 16, 16, 72, 72, 3, 1, 1, 72)},
		{"1x1-32-96@8", same(64, 8, 8, 32, 96, 1, 1, 1, 1)}, {"depthwise-96@8", same(64, 8, 8, 96, 96, 3, 1, 1, 96)},
	} {
		g := c.g
		in := func(i uint64) []float32 { return values(g.Cin, i) }
		out := func(i uint64) []float32 { return values(g.Cout, i) }
		x, y, dy := values(g.N*g.H*g.W*g.Cin, 1), make([]float32, g.N*g.OH*g.OW*g.Cout), values(g.N*g.OH*g.OW*g.Cout, 2)
		layer := ConvNorm{Shape: g, X: x, W: values(g.weights(), 3), In: Norm{Scale: in(4), Shift: in(5), Act: ReLU6}}
		mean, variance := make([]float32, g.Cout), make([]float32, g.Cout)
		grad := ConvNormGrad{DX: make([]float32, len(x)), DW: make([]float32, g.weights()), DY: dy,
			Slope: NormSlope{Norm: Norm{Scale: out(6), Shift: out(7), Act: ReLU6}, X: y, Linear: out(8), Const: out(9)},
			Before: NormGrad{X: x, Mean: in(10), Variance: magnitude(in(11)), Scale: layer.In.Scale, Shift: layer.In.Shift, Eps: 1e-5,
				Rows: g.N * g.H * g.W, C: g.Cin, Act: ReLU6, Linear: in(12), Const: in(13)}}
		flop := 2 * float64(g.MACs())
		b.Run(c.name+"/forward", func(b *testing.B) { rate(b, flop, func() { layer.Forward(p, y, mean, variance) }) })
		b.Run(c.name+"/backward", func(b *testing.B) { rate(b, 2*flop, func() { layer.Backward(p, grad) }) })
	}
}

// bandwidth runs f, which must move so many bytes, and reports GB/s of the best run.
func bandwidth(b *testing.B, bytes float64, f func()) {
	best := 0.0
	for b.Loop() {
		start := time.Now()
		f()
		best = max(best, bytes/time.Since(start).Seconds())
	}
	b.ReportMetric(best/1e9, "GB/s")
}

func BenchmarkMemoryBound(b *testing.B) {
	p := NewPool(1)
	for _, s := range []struct{ rows, c int }{{64 * 32 * 32, 16}, {64 * 32 * 32, 48}, {64 * 16 * 16, 72}, {64 * 8 * 8, 96}} {
		n := s.rows * s.c
		x, dy, y := values(n, 1), values(n, 2), values(n, 3)
		mean, variance, scale, shift := values(s.c, 4), values(s.c, 5), values(s.c, 6), values(s.c, 7)
		name := func(op string) string { return fmt.Sprintf("%dx%d/%s", s.rows, s.c, op) }
		b.Run(name("stats"), func(b *testing.B) {
			bandwidth(b, 4*float64(n), func() { BatchNormStats(p, mean, variance, x, s.rows, s.c) })
		})
		b.Run(name("norm+relu"), func(b *testing.B) {
			bandwidth(b, 8*float64(n), func() { BatchNormApply(p, y, x, nil, scale, shift, s.rows, s.c, ReLU) })
		})
		b.Run(name("normgrad+relu"), func(b *testing.B) {
			g := NormGrad{DX: y, DY: dy, X: x, Mean: mean, Variance: variance, Scale: scale, Shift: shift, Eps: 1e-5, Rows: s.rows, C: s.c, Act: ReLU}
			bandwidth(b, 24*float64(n), func() { BatchNormBackward(p, g) })
		})
		b.Run(name("add"), func(b *testing.B) { bandwidth(b, 12*float64(n), func() { Add(p, y, x, dy) }) })
		b.Run(name("silu"), func(b *testing.B) { bandwidth(b, 8*float64(n), func() { ActForward(p, y, x, SiLU) }) })
	}
}
