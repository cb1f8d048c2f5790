package kernel

import "unsafe"

// cellArgs describes one call of the gates of a recurrent unit over rows×cols. p and skip hold the arrays and the
// bytes between the end of one row and the beginning of the next; an array of gates has sections of cols numbers
// behind one another, section bytes apart.
//
// The assembly reads the fields by offset; internal/kernel/asm/cell.go repeats them.
type cellArgs struct {
	p          [8]unsafe.Pointer
	skip       [8]int
	rows, cols int
	section    int
}

// cellSet is one complete choice of the gates of recurrent units.
type cellSet struct{ lstm, lstmGrad, gru, gruGrad func(*cellArgs) }

// set makes array i the rows of x that lie stride floats apart and are sections wide.
func (t *cellArgs) set(i int, x []float32, stride, sections int) {
	t.p[i] = span(x, 0, (t.rows-1)*stride+sections*t.cols)
	t.skip[i] = 4 * (stride - t.cols)
}

// at returns section s of row r of array i.
func (t *cellArgs) at(i, r, s int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(t.p[i], r*(t.skip[i]+4*t.cols)+s*t.section)), t.cols)
}

// cellGo is the definition of the gates.
var cellGo = cellSet{
	lstm: func(t *cellArgs) { // arrays: gates (i, f, g, o), cell before, cell, hidden, hidden again
		for r := range t.rows {
			i, f, g, o := t.at(0, r, 0), t.at(0, r, 1), t.at(0, r, 2), t.at(0, r, 3)
			before, c, h, again := t.at(1, r, 0), t.at(2, r, 0), t.at(3, r, 0), t.at(4, r, 0)
			for j := range c {
				i[j], f[j], g[j], o[j] = sigmoid(i[j]), sigmoid(f[j]), tanh(g[j]), sigmoid(o[j])
				c[j] = fma32(f[j], before[j], float32(i[j]*g[j]))
				v := float32(o[j] * tanh(c[j]))
				h[j], again[j] = v, v
			}
		}
	},
	lstmGrad: func(t *cellArgs) { // arrays: gates, cell, cell before, d hidden, d hidden from later, d cell (in and out), d gates
		for r := range t.rows {
			i, f, g, o := t.at(0, r, 0), t.at(0, r, 1), t.at(0, r, 2), t.at(0, r, 3)
			di, df, dg, do := t.at(6, r, 0), t.at(6, r, 1), t.at(6, r, 2), t.at(6, r, 3)
			c, before, dy, later, dc := t.at(1, r, 0), t.at(2, r, 0), t.at(3, r, 0), t.at(4, r, 0), t.at(5, r, 0)
			for j := range c {
				dh, u := dy[j]+later[j], tanh(c[j])
				do[j] = sigmoidSlope(float32(dh*u), o[j])
				d := dc[j] + tanhSlope(float32(dh*o[j]), u)
				di[j] = sigmoidSlope(float32(d*g[j]), i[j])
				dg[j] = tanhSlope(float32(d*i[j]), g[j])
				df[j] = sigmoidSlope(float32(d*before[j]), f[j])
				dc[j] = d * f[j]
			}
		}
	},
	gru: func(t *cellArgs) { // arrays: input share (r, z, n), hidden share (r, z, n), its n kept, hidden before, hidden, hidden again
		for row := range t.rows {
			r, z, n := t.at(0, row, 0), t.at(0, row, 1), t.at(0, row, 2)
			hr, hz, hn := t.at(1, row, 0), t.at(1, row, 1), t.at(1, row, 2)
			q, before, h, again := t.at(2, row, 0), t.at(3, row, 0), t.at(4, row, 0), t.at(5, row, 0)
			for j := range q {
				q[j] = hn[j]
				r[j], z[j] = sigmoid(r[j]+hr[j]), sigmoid(z[j]+hz[j])
				n[j] = tanh(fma32(r[j], q[j], n[j]))
				v := fma32(z[j], before[j]-n[j], n[j])
				h[j], again[j] = v, v
			}
		}
	},
	gruGrad: func(t *cellArgs) { // arrays: gates, n's hidden share, hidden before, d hidden, d hidden from later (out: its way past the gates), d input share, d hidden share
		for row := range t.rows {
			r, z, n := t.at(0, row, 0), t.at(0, row, 1), t.at(0, row, 2)
			q, before, dy, later := t.at(1, row, 0), t.at(2, row, 0), t.at(3, row, 0), t.at(4, row, 0)
			xr, xz, xn := t.at(5, row, 0), t.at(5, row, 1), t.at(5, row, 2)
			hr, hz, hn := t.at(6, row, 0), t.at(6, row, 1), t.at(6, row, 2)
			for j := range q {
				dh := dy[j] + later[j]
				later[j] = dh * z[j]
				dz := sigmoidSlope(float32(dh*(before[j]-n[j])), z[j])
				dn := tanhSlope(fma32(-dh, z[j], dh), n[j])
				dr := sigmoidSlope(float32(dn*q[j]), r[j])
				xr[j], xz[j], xn[j] = dr, dz, dn
				hr[j], hz[j], hn[j] = dr, dz, dn*r[j]
			}
		}
	},
}

// sigmoidSlope is d·s·(1−s), the gradient through a sigmoid of value s.
func sigmoidSlope(d, s float32) float32 { return d * fma32(-s, s, s) }

// tanhSlope is d·(1−u²), the gradient through a tanh of value u.
func tanhSlope(d, u float32) float32 { return d * fma32(-u, u, 1) }
