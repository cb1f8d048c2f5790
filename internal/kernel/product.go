package kernel

import "unsafe"

// strided computes c = a·b, or c += a·b with load, on one thread: c m×n, a m×k, b k×n, each row-major with its own
// floats between rows. Each element takes its products in order, as in Gemm.
func (w *worker) strided(c []float32, ldc int, a []float32, lda int, b []float32, ldb, m, n, k int, load bool) {
	t := &w.tile
	for col, next := 0, 0; col < n; col = next {
		var nv, tail int
		nv, tail, next = w.set.panel(col, n)
		*t = tileArgs{a: at(a, 0), b: at(b, col), c: at(c, col), offs: unsafe.Pointer(&zeroOffset), lda: 4 * lda, ldb: 4 * ldb,
			ldc: 4 * ldc, taps: 1, k: k, rows: 1, tail: tail, nv: nv}
		if load {
			t.load = 1
		}
		sweep(w.set.tileNN[nv], t, m)
	}
	*t = tileArgs{}
}

// stridedT is strided with a transposed, stored k×m.
func (w *worker) stridedT(c []float32, ldc int, a []float32, lda int, b []float32, ldb, m, n, k int, load bool) {
	t := &w.tile
	for col, next := 0, 0; col < n; col = next {
		var nv, tail int
		nv, tail, next = w.set.panel(col, n)
		*t = tileArgs{a: at(a, 0), b: at(b, col), c: at(c, col), lda: 4 * lda, ldb: 4 * ldb, ldc: 4 * ldc, taps: 1, k: k,
			rows: 1, tail: tail, nv: nv}
		if load {
			t.load = 1
		}
		w.set.sweepTN(t, m)
	}
	*t = tileArgs{}
}

// transposed writes y[j][i] = x[i][j]·s for the rows×cols of x; ldy and ldx are floats between rows.
func (w *worker) transposed(y []float32, ldy int, x []float32, ldx, rows, cols int, s float32) {
	t := &w.row
	block := w.set.row.transposeBlock
	r, c := rows/block*block, cols/block*block
	part := func(f func(*rowArgs), r0, r1, c0, c1 int) {
		if r0 == r1 || c0 == c1 {
			return
		}
		*t = rowArgs{rows: r1 - r0, cols: c1 - c0, ldy: 4 * ldy, ldx: 4 * ldx, s: [2]float32{s}}
		t.y[0], t.x[0] = at(y, c0*ldy+r0), at(x, r0*ldx+c0)
		f(t)
	}
	part(w.set.row.transpose, 0, r, 0, c)
	part(goTranspose, 0, r, c, cols)
	part(goTranspose, r, rows, 0, cols)
	*t = rowArgs{}
}
