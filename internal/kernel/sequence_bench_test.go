package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkAffine measures dense layers at every position of 32 sequences of 64 steps.
func BenchmarkAffine(b *testing.B) {
	p := NewPool(1)
	defer p.Close()
	const rows = 2048
	for _, s := range []struct{ in, out int }{{64, 192}, {64, 64}, {64, 128}, {128, 64}} {
		x, y, w, bias := values(rows*s.in, 1), values(rows*s.out, 2), values(s.in*s.out, 3), values(s.out, 4)
		g := ConvShape{N: rows, H: 1, W: 1, Cin: s.in, Cout: s.out, KH: 1, KW: 1, Stride: 1, Dilation: 1, Groups: 1, OH: 1, OW: 1}
		flop := 2 * float64(rows*s.in*s.out)
		name := func(part string) string { return fmt.Sprintf("%dx%d/%s", s.in, s.out, part) }
		b.Run(name("forward"), func(b *testing.B) { rate(b, flop, func() { Affine(p, y, x, w, bias, rows, s.in, s.out, ReLU) }) })
		b.Run(name("data"), func(b *testing.B) {
			rate(b, flop, func() { Gemm(p, x, y, w, rows, s.in, s.out, false, true, false) })
		})
		b.Run(name("weights"), func(b *testing.B) { rate(b, flop, func() { ConvBackwardWeights(p, w, x, y, g) }) })
	}
}

// BenchmarkAttention measures four heads of 16 channels over 32 sequences of 64 steps; the backward pass computes the
// scores anew, which is counted.
func BenchmarkAttention(b *testing.B) {
	p := NewPool(1)
	defer p.Close()
	g := AttentionShape{N: 32, Queries: 64, Keys: 64, Heads: 4, Dim: 16, LDQ: 192, LDK: 192}
	qkv, dqkv := values(32*64*192, 1), values(32*64*192, 2)
	out, dout, top, inv := values(32*64*64, 3), values(32*64*64, 4), make([]float32, g.Stats()), make([]float32, g.Stats())
	flop := 2 * float64(32*4*64*64*16)
	b.Run("forward", func(b *testing.B) {
		rate(b, 2*flop, func() { AttentionForward(p, out, top, inv, qkv, qkv[64:], qkv[128:], nil, g) })
	})
	b.Run("backward", func(b *testing.B) {
		rate(b, 5*flop, func() {
			AttentionBackward(p, dqkv, dqkv[64:], dqkv[128:], dout, out, top, inv, qkv, qkv[64:], qkv[128:], nil, g)
		})
	})
}

// BenchmarkRows measures what is bound by memory in the same network.
func BenchmarkRows(b *testing.B) {
	p := NewPool(1)
	defer p.Close()
	const rows, c = 2048, 64
	x, dy, y, z := values(rows*c, 1), values(rows*c, 2), values(rows*c, 3), values(rows*c, 4)
	gamma, beta, mean, inv := values(c, 5), values(c, 6), values(rows, 7), values(rows, 8)
	b.Run("layer norm and sum", func(b *testing.B) {
		bandwidth(b, 16*rows*c, func() { LayerNorm(p, y, z, x, dy, gamma, beta, mean, inv, rows, c, 1e-5) })
	})
	b.Run("layer norm gradient", func(b *testing.B) {
		bandwidth(b, 12*rows*c, func() { LayerNormBackward(p, y, gamma, beta, dy, z, gamma, mean, inv, rows, c) })
	})
	b.Run("softmax", func(b *testing.B) { bandwidth(b, 8*rows*c, func() { Softmax(p, y, x, rows, c) }) })
	labels := make([]int32, rows)
	b.Run("cross entropy", func(b *testing.B) { bandwidth(b, 8*rows*c, func() { CrossEntropy(p, y, x, labels, c, 0) }) })
}
