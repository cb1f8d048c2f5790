package kernel

import "unsafe"

// tileArgs describes one sweep of a matrix micro-kernel. Strides are in bytes. Columns come in units of 16; tail is
// how many columns of the last unit exist. mr and nv are the block: rows of c and units of columns.
//
// The assembly reads the fields by offset; internal/kernel/asm/tile.go repeats them.
type tileArgs struct {
	a, b, c          unsafe.Pointer
	offs             unsafe.Pointer // taps int64 byte offsets into a
	lda, ldb, ldc    int
	taps, k          int
	tiles, rows      int
	rowa, rowb, rowc int
	tail, load       int
	mr, nv           int
	ahead            ahead
}

// goTileNN computes, for each of rows×tiles blocks, c = (load ? c : 0) + Σ over taps and k of a·b, where
//
//	a(tap, i, k) = a[offs[tap] + row·rowa + (tile·mr+i)·lda + 4k]
//	b(tap, k, j) = b[(tap·K + k)·ldb + 4j]
//	c(i, j)      = c[row·rowc + (tile·mr+i)·ldc + 4j]
//
// with the sum taken one product at a time in the order (tap, k) by fused multiply-add.
func goTileNN(t *tileArgs) {
	n := (t.nv-1)*16 + t.tail
	offs := unsafe.Slice((*int64)(t.offs), t.taps)
	var acc [64]float32
	for r := range t.rows {
		for i := range t.tiles * t.mr {
			out := unsafe.Slice((*float32)(unsafe.Add(t.c, r*t.rowc+i*t.ldc)), n)
			sum := acc[:n]
			clear(sum)
			if t.load != 0 {
				copy(sum, out)
			}
			b := 0
			for _, off := range offs {
				a := unsafe.Slice((*float32)(unsafe.Add(t.a, r*t.rowa+i*t.lda+int(off))), t.k)
				for _, v := range a {
					axpy(sum, unsafe.Slice((*float32)(unsafe.Add(t.b, b)), n), v)
					b += t.ldb
				}
			}
			copy(out, sum)
		}
	}
}

// goTileTN computes one block c = (load ? c : 0) + Σ over rows and k of a·b, where
//
//	a(row, k, i) = a[row·rowa + k·lda + 4i]
//	b(row, k, j) = b[row·rowb + k·ldb + 4j]
//
// in the order (row, k) by fused multiply-add; tiles and taps are 1.
func goTileTN(t *tileArgs) {
	n := (t.nv-1)*16 + t.tail
	for i := range t.mr {
		out := unsafe.Slice((*float32)(unsafe.Add(t.c, i*t.ldc)), n)
		if t.load == 0 {
			clear(out)
		}
	}
	for r := range t.rows {
		for k := range t.k {
			a := unsafe.Slice((*float32)(unsafe.Add(t.a, r*t.rowa+k*t.lda)), t.mr)
			b := unsafe.Slice((*float32)(unsafe.Add(t.b, r*t.rowb+k*t.ldb)), n)
			for i, v := range a {
				axpy(unsafe.Slice((*float32)(unsafe.Add(t.c, i*t.ldc)), n), b, v)
			}
		}
	}
}

// goTileDW computes, for each of rows×tiles blocks of mr pixels of nv units of 16 channels,
// c = Σ over taps of a·b channel by channel, addresses as in goTileNN with b[tap·ldb].
func goTileDW(t *tileArgs) {
	offs, n := unsafe.Slice((*int64)(t.offs), t.taps), (t.nv-1)*16+t.tail
	for r := range t.rows {
		for i := range t.tiles * t.mr {
			out := unsafe.Slice((*float32)(unsafe.Add(t.c, r*t.rowc+i*t.ldc)), n)
			clear(out)
			for tap, off := range offs {
				a := unsafe.Slice((*float32)(unsafe.Add(t.a, r*t.rowa+i*t.lda+int(off))), n)
				b := unsafe.Slice((*float32)(unsafe.Add(t.b, tap*t.ldb)), n)
				for j := range out {
					out[j] = fma32(a[j], b[j], out[j])
				}
			}
		}
	}
}

// goTileDG computes for taps weights of nv units of 16 channels c[tap·ldc] = (load ? c : 0) + Σ over rows and k of
// a[offs[tap] + …]·b, where a and b advance by lda and ldb after each k, and by rowa and rowb more after each row.
func goTileDG(t *tileArgs) {
	n := (t.nv-1)*16 + t.tail
	for tap, off := range unsafe.Slice((*int64)(t.offs), t.taps) {
		out := unsafe.Slice((*float32)(unsafe.Add(t.c, tap*t.ldc)), n)
		if t.load == 0 {
			clear(out)
		}
		a, b := unsafe.Add(t.a, off), t.b
		for r := range t.rows {
			for k := range t.k {
				x := unsafe.Slice((*float32)(unsafe.Add(a, k*t.lda+r*(t.k*t.lda+t.rowa))), n)
				d := unsafe.Slice((*float32)(unsafe.Add(b, k*t.ldb+r*(t.k*t.ldb+t.rowb))), n)
				for j := range out {
					out[j] = fma32(x[j], d[j], out[j])
				}
			}
		}
	}
}

// axpy computes sum += v·b.
func axpy(sum, b []float32, v float32) {
	b = b[:len(sum)]
	for j := range sum {
		sum[j] = fma32(v, b[j], sum[j])
	}
}

// width returns how many units of 16 columns the next panel takes when left units are still to do.
func (s *set) width(left int) int {
	most := len(s.tileNN) - 1
	switch {
	case left <= most:
		return left
	case left == most+1 && most > 1:
		return most - 1 // 4 = 2+2 rather than 3+1
	}
	return most
}

// panel returns the panel of n columns that starts at col: its units, the columns of its last unit, and where the next starts.
func (s *set) panel(col, n int) (nv, tail, next int) {
	nv = s.width((n - col + 15) / 16)
	tail = min(n-col-(nv-1)*16, 16)
	return nv, tail, col + nv*16
}

// sweep runs m rows of c (for each of t.rows) as blocks of nearly equal height; kernels are indexed by height.
func sweep(kernels []func(*tileArgs), t *tileArgs, m int) {
	most := len(kernels) - 1
	blocks := (m + most - 1) / most
	short, tall := m/blocks, m%blocks
	if tall > 0 {
		t.tiles, t.mr = tall, short+1
		a, c := t.a, t.c
		kernels[t.mr](t)
		t.a, t.c = unsafe.Add(a, tall*t.mr*t.lda), unsafe.Add(c, tall*t.mr*t.ldc)
	}
	t.tiles, t.mr = blocks-tall, short
	kernels[short](t)
}

// channels returns how many units of 16 of c channels the next pass takes, from channel at on, and the tail of the last.
func channels(kernels [][]func(*tileArgs), at, c int) (nv, tail int) {
	left := (c - at + 15) / 16
	nv = min(left, len(kernels)-1)
	if left == 4 && nv == 3 {
		nv = 2
	}
	return nv, min(16, c-at-(nv-1)*16)
}

// sweepTN runs m rows of c, m consecutive floats of a, as blocks of nearly equal height.
func (s *set) sweepTN(t *tileArgs, m int) {
	kernels := s.tileTN[t.nv]
	most := len(kernels) - 1
	blocks := (m + most - 1) / most
	short, tall := m/blocks, m%blocks
	t.tiles = 1
	for i := range blocks {
		t.mr = short
		if i < tall {
			t.mr++
		}
		kernels[t.mr](t)
		if i+1 < blocks {
			t.a, t.c = unsafe.Add(t.a, t.mr*4), unsafe.Add(t.c, t.mr*t.ldc)
		}
	}
}

// at returns the address of x[i].
func at(x []float32, i int) unsafe.Pointer { return unsafe.Pointer(&x[i]) }
