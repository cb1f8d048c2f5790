package kernel

import "unsafe"

// Gemm computes C = op(A)·op(B), or C += op(A)·op(B) when accumulate, with C m×n, op(A) m×k, op(B) k×n, all row-major
// and dense. op transposes when the flag says so: A is then stored k×m, B n×k.
func Gemm(p *Pool, c, a, b []float32, m, n, k int, transA, transB, accumulate bool) {
	gemm(p, c, a, b, m, n, k, transA, transB, accumulate, nil, None)
}

// gemm is Gemm that then adds bias, n floats or nil, to each row of C and applies act.
func gemm(p *Pool, c, a, b []float32, m, n, k int, transA, transB, accumulate bool, bias []float32, act Act) {
	if m == 0 || n == 0 {
		return
	}
	c = c[:m*n]
	if k == 0 {
		if !accumulate {
			clear(c)
		}
		return
	}
	p = p.or()
	j := &p.jobs.gemm
	*j = gemmJob{bias: bias, act: act, c: c, a: a[:m*k], b: b[:k*n], ldb: n, m: m, n: n, k: k, transA: transA, accumulate: accumulate, set: p.set}
	if transB || m >= 64 && n > 48 {
		j.pack(p, transB)
	}
	j.blocks = (m + gemmRows - 1) / gemmRows
	j.groupCols = n
	if j.blocks < 8 && n > 96 && m*n*k > 1<<18 {
		j.groupCols = 96
	}
	groups := (n + j.groupCols - 1) / j.groupCols
	p.sweep(j.blocks*groups, j)
	*j = gemmJob{}
}

const (
	gemmRows  = 112 // rows of C in a task
	gemmDepth = 512 // products taken at a time, so that a panel of B stays in the second-level cache
)

type gemmJob struct {
	set                *set
	c, a, b            []float32
	m, n, k, ldb       int
	blocks, groupCols  int
	transA, accumulate bool
	packed             bool
	bias               []float32 // added to each row of C if not nil, after which act is applied
	act                Act
}

// pack lays B out panel after panel, each k rows of the panel's width.
func (j *gemmJob) pack(p *Pool, trans bool) {
	q := &p.jobs.pack
	*q = packJob{set: p.set, to: p.scratch(j.k * ((j.n + 15) / 16 * 16)), b: j.b, n: j.n, k: j.k, trans: trans}
	panels := 0
	for col := 0; col < j.n; panels++ {
		_, _, col = p.set.panel(col, j.n)
	}
	p.run(panels, q)
	j.b, j.packed = q.to, true
	*q = packJob{}
}

type packJob struct {
	set   *set
	to, b []float32
	n, k  int
	trans bool
}

// do packs panel i.
func (j *packJob) do(_ *worker, i int) {
	col := 0
	for range i {
		_, _, col = j.set.panel(col, j.n)
	}
	nv, tail, _ := j.set.panel(col, j.n)
	w, ld := (nv-1)*16+tail, nv*16
	to := j.to[col*j.k:][:j.k*ld]
	if !j.trans {
		for l := range j.k {
			copy(to[l*ld:][:w], j.b[l*j.n+col:])
		}
		return
	}
	const block = 8 // columns at a time: their rows of B and one row of the panel fit the nearest cache
	for c := 0; c < w; c += block {
		if c+block > w {
			for ; c < w; c++ {
				for l, v := range j.b[(col+c)*j.k:][:j.k] {
					to[l*ld+c] = v
				}
			}
			return
		}
		b := j.b[(col+c)*j.k:]
		r0, r1, r2, r3 := b[:j.k], b[j.k:][:j.k], b[2*j.k:][:j.k], b[3*j.k:][:j.k]
		r4, r5, r6, r7 := b[4*j.k:][:j.k], b[5*j.k:][:j.k], b[6*j.k:][:j.k], b[7*j.k:][:j.k]
		for l := range j.k {
			out := (*[block]float32)(to[l*ld+c:])
			out[0], out[1], out[2], out[3] = r0[l], r1[l], r2[l], r3[l]
			out[4], out[5], out[6], out[7] = r4[l], r5[l], r6[l], r7[l]
		}
	}
}

func (j *gemmJob) do(w *worker, i int) {
	t := &w.tile
	row := i % j.blocks * gemmRows
	m := min(gemmRows, j.m-row)
	first := i / j.blocks * j.groupCols
	last := min(first+j.groupCols, j.n)
	begin, end := j.n, 0 // the columns of the panels
	for l := 0; l < j.k; l += gemmDepth {
		k := min(gemmDepth, j.k-l)
		a, lda := j.blockA(w, row, m, l, k)
		for col, next := 0, 0; col < last; col = next {
			var nv, tail int
			nv, tail, next = j.set.panel(col, j.n)
			if col < first {
				continue // a panel belongs to the group it starts in
			}
			begin, end = min(begin, col), min(next, j.n)
			*t = tileArgs{a: a, c: at(j.c, row*j.n+col), offs: unsafe.Pointer(&zeroOffset), lda: lda, ldc: j.n * 4,
				taps: 1, k: k, rows: 1, tail: tail, nv: nv}
			if j.packed {
				t.b, t.ldb = at(j.b, col*j.k+l*nv*16), nv*64
			} else {
				t.b, t.ldb = at(j.b, l*j.ldb+col), j.ldb*4
			}
			if j.accumulate || l > 0 {
				t.load = 1
			}
			if j.transA {
				w.set.sweepTN(t, m)
			} else {
				sweep(w.set.tileNN[nv], t, m)
			}
		}
	}
	*t = tileArgs{}
	if begin < end && (j.bias != nil || j.act != None) {
		j.finish(w, row, m, begin, end)
	}
}

// zeroOffset is the tap table of a plain matrix product.
var zeroOffset int64

// blockA returns the address and row stride of the m×k block of A (k×m when transposed). Rows whose stride makes them
// share cache sets are copied together first when several panels will read them.
func (j *gemmJob) blockA(w *worker, row, m, l, k int) (unsafe.Pointer, int) {
	if j.transA {
		if j.n <= 48 || j.m < 128 {
			return at(j.a, l*j.m+row), j.m * 4
		}
		to := w.scratch(k * gemmRows)
		for i := range k {
			copy(to[i*gemmRows:][:m], j.a[(l+i)*j.m+row:])
		}
		return at(to, 0), gemmRows * 4
	}
	if j.n <= 48 || j.k%256 != 0 {
		return at(j.a, row*j.k+l), j.k * 4
	}
	ld := gemmDepth + 16
	to := w.scratch(m * ld)
	for i := range m {
		copy(to[i*ld:][:k], j.a[(row+i)*j.k+l:])
	}
	return at(to, 0), ld * 4
}
