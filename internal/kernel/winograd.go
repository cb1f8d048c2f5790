package kernel

import "unsafe"

// A 3×3 convolution of stride 1 over many channels is computed by Winograd's minimal filtering F(2×2, 3×3) (Winograd, 1980;
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): a tile of 2×2 outputs is Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A
// over the 4×4 inputs that it reads, and the products of all tiles and channels are sixteen matrix products, with 4/9 of the
// multiplications. With
//
//	     1  0 −1  0        1  0  0
//	Bᵀ = 0  1  1  0    G = ½  ½  ½    Aᵀ = 1  1  1  0
//	     0 −1  1  0        ½ −½  ½         0  1 −1 −1
//	     0  1  0 −1        0  0  1
//
// the gradient of the weights is Gᵀ[Σ (Bᵀ x B) ⊙ (A dy Aᵀ)]G. Rounding errors are a few times those of the direct sum.

// winogradSet holds the transforms, each over t.tiles tiles of t.k units of 16 channels, from values t.lda bytes apart in a row and
// t.rowa from row to row of t.a to values t.ldc and t.rowc apart of t.c. Tiles are t.ldb apart in t.a and t.rowb in t.c. With
// t.load the results are added to t.c.
type winogradSet struct {
	input    func(t *tileArgs) // 4×4 → 4×4: Bᵀ x B
	output   func(t *tileArgs) // 4×4 → 2×2: Aᵀ m A
	gradient func(t *tileArgs) // 2×2 → 4×4: A dy Aᵀ
}

var winogradGo = winogradSet{
	input: func(t *tileArgs) {
		goWinograd(t, 4, 4, func(x *[4]float32) [4]float32 {
			return [4]float32{x[0] - x[2], x[1] + x[2], x[2] - x[1], x[1] - x[3]}
		})
	},
	output: func(t *tileArgs) {
		goWinograd(t, 4, 2, func(m *[4]float32) [4]float32 {
			return [4]float32{m[1] + m[0] + m[2], m[1] - m[2] - m[3]}
		})
	},
	gradient: func(t *tileArgs) {
		goWinograd(t, 2, 4, func(d *[4]float32) [4]float32 {
			return [4]float32{d[0], d[0] + d[1], d[0] - d[1], 0 - d[1]}
		})
	},
}

// goWinograd applies pass to the rows and then to the columns of every tile.
func goWinograd(t *tileArgs, from, to int, pass func(*[4]float32) [4]float32) {
	for tile := range t.tiles {
		for ch := range 16 * t.k {
			a, c := unsafe.Add(t.a, tile*t.ldb+4*ch), unsafe.Add(t.c, tile*t.rowb+4*ch)
			var half [4][4]float32 // transposed
			for i := range from {
				var row [4]float32
				for j := range from {
					row[j] = *(*float32)(unsafe.Add(a, i*t.rowa+j*t.lda))
				}
				for j, v := range pass(&row) {
					half[j][i] = v
				}
			}
			for j := range to {
				for i, v := range pass(&half[j]) {
					if i == to {
						break
					}
					out := (*float32)(unsafe.Add(c, i*t.rowc+j*t.ldc))
					if t.load != 0 {
						v += *out
					}
					*out = v
				}
			}
		}
	}
}

// winograd reports whether the convolution and its gradients are computed so: whole units of channels, an even image that
// has enough tiles to fill a matrix product. It depends on no batch size, so that a sample's outputs do not.
func (g ConvShape) winograd() bool {
	return g.KH == 3 && g.KW == 3 && g.Stride == 1 && g.Dilation == 1 && g.Groups == 1 && g.Cin%16 == 0 && g.Cout%16 == 0 &&
		g.H%2 == 0 && g.W%2 == 0 && g.OH%2 == 0 && g.OW%2 == 0 && min(g.H*g.W, g.OH*g.OW) >= 64
}

// tileRows is how many rows of across tiles are taken at a time: about 48 tiles fill the registers of the matrix products, and
// their transforms must stay in the second-level cache.
func tileRows(rows, across, cin, cout int) int {
	const tiles, floats = 48, 96 << 10
	return max(1, min(rows, tiles/across, floats/(16*across*(cin+cout))))
}

// spread writes G w Gᵀ of n filters: w has nine values of each, n apart, and u sixteen.
func spread(u, w []float32, n int) {
	var t [4][3]float32
	for i := range n {
		for j := range 3 {
			a, b, c := w[j*n+i], w[(3+j)*n+i], w[(6+j)*n+i]
			t[0][j], t[1][j], t[2][j], t[3][j] = a, (a+c+b)/2, (a+c-b)/2, c
		}
		for r := range 4 {
			a, b, c := t[r][0], t[r][1], t[r][2]
			u[(4*r)*n+i], u[(4*r+1)*n+i], u[(4*r+2)*n+i], u[(4*r+3)*n+i] = a, (a+c+b)/2, (a+c-b)/2, c
		}
	}
}

// gather adds Gᵀ u G of n filters to dw, laid out as in spread.
func gather(dw, u []float32, n int) {
	var t [3][4]float32
	for i := range n {
		for j := range 4 {
			a, b, c, d := u[j*n+i], u[(4+j)*n+i], u[(8+j)*n+i], u[(12+j)*n+i]
			t[0][j], t[1][j], t[2][j] = a+(b+c)/2, (b-c)/2, (b+c)/2+d
		}
		for r := range 3 {
			a, b, c, d := t[r][0], t[r][1], t[r][2], t[r][3]
			dw[(3*r)*n+i] += a + (b+c)/2
			dw[(3*r+1)*n+i] += (b - c) / 2
			dw[(3*r+2)*n+i] += (b+c)/2 + d
		}
	}
}

// winograd computes rows×outW outputs from the rows of the plane at in.
func (j *convJob) winograd(w *worker, in, out []float32, rows int) {
	cin, cout, across := j.in.c, j.cols, j.outW/2
	line, outLine := j.in.cols*cin, j.outW*j.ldy
	high := tileRows(rows/2, across, cin, cout)
	buf := w.third(16 * high * across * (cin + cout))
	t := &w.tile
	for top := 0; top < rows/2; top += high {
		h := min(high, rows/2-top)
		n := h * across
		v, m := buf[:16*n*cin], buf[16*n*cin:][:16*n*cout]
		for r := range h {
			*t = tileArgs{a: at(in, 2*(top+r)*line), lda: cin * 4, rowa: line * 4, ldb: 2 * cin * 4,
				c: at(v, r*across*cin), ldc: n * cin * 4, rowc: 4 * n * cin * 4, rowb: cin * 4, tiles: across, k: cin / 16}
			w.set.winograd.input(t)
		}
		for pos := range 16 {
			for col, next := 0, 0; col < cout; col = next {
				*t = tileArgs{a: at(v, pos*n*cin), b: at(j.spread, pos*cin*cout+col), c: at(m, pos*n*cout+col),
					offs: unsafe.Pointer(&zeroOffset), lda: cin * 4, ldb: cout * 4, ldc: cout * 4, taps: 1, k: cin, rows: 1, ahead: w.soon}
				t.nv, t.tail, next = w.set.panel(col, cout)
				sweep(w.set.tileNN[t.nv], t, n)
				w.soon = t.ahead
			}
		}
		for r := range h {
			*t = tileArgs{a: at(m, r*across*cout), lda: n * cout * 4, rowa: 4 * n * cout * 4, ldb: cout * 4,
				c: at(out, 2*(top+r)*outLine), ldc: j.ldy * 4, rowc: outLine * 4, rowb: 2 * j.ldy * 4, tiles: across, k: cout / 16}
			if j.add {
				t.load = 1
			}
			w.set.winograd.output(t)
		}
	}
	*t = tileArgs{}
}

// winograd adds rows×OW pixels, as far apart in dy as data reads them, to the sixteen matrices of the part.
func (j *convGradJob) winograd(w *worker, part, in, dy []float32, rows int, load bool) {
	cin, cout, across := j.g.Cin, j.g.Cout, j.g.OW/2
	line, outLine := j.in.cols*cin, j.out.cols*cout
	high := tileRows(rows/2, across, cin, cout)
	buf := w.third(16 * high * across * (cin + cout))
	t := &w.tile
	for top := 0; top < rows/2; top += high {
		h := min(high, rows/2-top)
		n := h * across
		v, d := buf[:16*n*cin], buf[16*n*cin:][:16*n*cout]
		for r := range h {
			*t = tileArgs{a: at(in, 2*(top+r)*line), lda: cin * 4, rowa: line * 4, ldb: 2 * cin * 4,
				c: at(v, r*across*cin), ldc: n * cin * 4, rowc: 4 * n * cin * 4, rowb: cin * 4, tiles: across, k: cin / 16}
			w.set.winograd.input(t)
			*t = tileArgs{a: at(dy, 2*(top+r)*outLine), lda: cout * 4, rowa: outLine * 4, ldb: 2 * cout * 4,
				c: at(d, r*across*cout), ldc: n * cout * 4, rowc: 4 * n * cout * 4, rowb: cout * 4, tiles: across, k: cout / 16}
			w.set.winograd.gradient(t)
		}
		for pos := range 16 {
			for col, next := 0, 0; col < cout; col = next {
				*t = tileArgs{a: at(v, pos*n*cin), b: at(d, pos*n*cout+col), c: at(part, pos*cin*cout+col),
					lda: cin * 4, ldb: cout * 4, ldc: cout * 4, taps: 1, k: n, rows: 1, ahead: w.soon}
				if load || top > 0 {
					t.load = 1
				}
				t.nv, t.tail, next = w.set.panel(col, cout)
				w.set.sweepTN(t, cin)
				w.soon = t.ahead
			}
		}
	}
	*t = tileArgs{}
}
