package kernel

import (
	"syscall"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// fenced returns n floats that end (or begin) at a page that cannot be touched, so that a kernel reading or writing
// one float too many dies. free gives the memory back.
func fenced(t interface{ Fatalf(string, ...any) }, n int, seed uint64, atEnd bool) (x []float32, free func()) {
	page := syscall.Getpagesize()
	size := (n*4 + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatalf("mmap: %v", err)
	}
	for _, fence := range [][]byte{mem[:page], mem[page+size:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatalf("mprotect: %v", err)
		}
	}
	data := mem[page : page+size]
	if atEnd {
		data = data[size-n*4:]
	}
	x = unsafe.Slice((*float32)(unsafe.Pointer(&data[0])), n)
	fill(x, seed)
	return x, func() { _ = syscall.Munmap(mem) }
}

func TestNoKernelTouchesMemoryBesideItsSlices(t *testing.T) {
	everySet(t, func(t *testing.T, p *Pool) {
		rapid.Check(t, func(t *rapid.T) {
			atEnd := rapid.Bool().Draw(t, "atEnd")
			var frees []func()
			alloc := func(n int) []float32 {
				x, free := fenced(t, n, uint64(n), atEnd)
				frees = append(frees, free)
				return x
			}
			defer func() {
				for _, free := range frees {
					free()
				}
			}()
			g := drawConv(t)
			x, y, w := alloc(g.N*g.H*g.W*g.Cin), alloc(g.N*g.OH*g.OW*g.Cout), alloc(g.KH*g.KW*g.Cin/g.Groups*g.Cout)
			ConvForward(p, y, x, w, g)
			ConvBackwardData(p, x, y, w, g)
			ConvBackwardWeights(p, w, x, y, g)

			d := g
			d.Cout, d.Groups = d.Cin, d.Cin
			y, w = alloc(d.N*d.OH*d.OW*d.Cin), alloc(d.KH*d.KW*d.Cin)
			DepthwiseForward(p, y, x, w, d)
			DepthwiseBackwardData(p, x, y, w, d)
			DepthwiseBackwardWeights(p, w, x, y, d)

			m, n, k := rapid.IntRange(1, 70).Draw(t, "m"), rapid.IntRange(1, 70).Draw(t, "nn"), rapid.IntRange(1, 20).Draw(t, "k")
			Gemm(p, alloc(m*n), alloc(m*k), alloc(k*n), m, n, k, rapid.Bool().Draw(t, "transA"), rapid.Bool().Draw(t, "transB"), true)

			rows, c := g.N*g.H*g.W, g.Cin
			mean, variance, scale, shift := alloc(c), alloc(c), alloc(c), alloc(c)
			act := Act(rapid.IntRange(0, acts-1).Draw(t, "act"))
			z, dz := alloc(rows*c), alloc(rows*c)
			BatchNormStats(p, mean, variance, x, rows, c)
			BatchNormCoefficients(scale, shift, mean, variance, mean, mean, 1e-5)
			BatchNormApply(p, z, x, z, scale, shift, rows, c, act)
			BatchNormBackward(p, NormGrad{DX: dz, DY: z, X: x, Mean: mean, Variance: variance, Scale: scale, Shift: shift, Eps: 1e-5, Rows: rows, C: c, Act: act})
			ActBackward(p, dz, z, x, act)
			AdamWStep(p, x, z, dz, alloc(rows*c), AdamW{Step: 1, Beta1: 0.9, Beta2: 0.9})

			r := drawSequences(t)
			cells := r.N * r.T * r.H
			LSTMForward(p, LSTM{Sequences: r, Hidden: alloc(cells), Before: alloc(cells), Cell: alloc(cells), Gates: alloc(4 * cells), Weights: alloc(4 * r.H * r.H)})
			LSTMBackward(p, LSTM{Sequences: r, Cell: alloc(cells), Gates: alloc(4 * cells), Weights: alloc(4 * r.H * r.H), DLast: alloc(r.N * r.H), DGates: alloc(4 * cells)})
			GRUForward(p, GRU{Sequences: r, Hidden: alloc(cells), Before: alloc(cells), Kept: alloc(cells), Gates: alloc(3 * cells), Bias: alloc(3 * r.H), Weights: alloc(3 * r.H * r.H)})
			GRUBackward(p, GRU{Sequences: r, Before: alloc(cells), Kept: alloc(cells), Gates: alloc(3 * cells), Weights: alloc(3 * r.H * r.H), DLast: alloc(r.N * r.H),
				DInput: alloc(3 * cells), DState: alloc(3 * cells)})

			sequenceGuard(t, p, alloc)

			q := drawPool(t)
			in, out := alloc(q.N*q.H*q.W*q.C), alloc(q.N*q.OH*q.OW*q.C)
			arg := make([]uint8, len(out))
			MaxPoolForward(p, out, in, arg, q)
			MaxPoolBackward(p, in, out, arg, q)
			AvgPoolForward(p, out, in, q)
			AvgPoolBackward(p, in, out, q)
		})
	})
}

// sequenceGuard runs the kernels of sequences on fenced memory.
func sequenceGuard(t *rapid.T, p *Pool, alloc func(n int) []float32) {
	rows, c := rapid.IntRange(1, 20).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "channels")
	x, dy, y, z := alloc(rows*c), alloc(rows*c), alloc(rows*c), alloc(rows*c)
	gamma, beta, mean, inv := alloc(c), alloc(c), alloc(rows), alloc(rows)
	LayerNorm(p, y, z, x, dy, gamma, beta, mean, inv, rows, c, 1e-5)
	LayerNormBackward(p, y, gamma, beta, dy, z, gamma, mean, inv, rows, c)
	RMSNorm(p, y, x, gamma, inv, rows, c, 1e-5)
	RMSNormBackward(p, y, gamma, dy, x, gamma, inv, rows, c)
	Softmax(p, y, x, rows, c)
	SoftmaxBackward(p, z, dy, y, rows, c)
	CrossEntropy(p, z, x, make([]int32, rows), c, 0.1)
	AllFinite(p, x)
	wide := alloc(2 * rows * c)
	GLUForward(p, y, wide, rows, c, SiLU)
	GLUBackward(p, alloc(2*rows*c), dy, wide, rows, c, SiLU)
	Affine(p, wide, x, alloc(2*c*c), alloc(2*c), rows, c, 2*c, ReLU)

	g, lengths := drawAttention(t)
	q, k, v := alloc(g.N*g.Queries*g.LDQ), alloc(g.N*g.Keys*g.LDK), alloc(g.N*g.Keys*g.LDK)
	out, top, sums := alloc(g.N*g.Queries*g.Heads*g.Dim), alloc(g.Stats()), alloc(g.Stats())
	AttentionForward(p, out, top, sums, q, k, v, lengths, g)
	AttentionBackward(p, alloc(len(q)), alloc(len(k)), alloc(len(v)), out, out, top, sums, q, k, v, lengths, g)
}
