package kernel

import "math"

// AttentionShape describes scaled dot-product attention of N samples: Queries positions attend to Keys positions, with
// Heads heads of Dim channels each. Head h of position i of q begins at float i·LDQ + h·Dim of its sample, and so for k
// and v with LDK; outputs have Heads·Dim floats a position. With Causal position i attends to positions 0 … i alone.
type AttentionShape struct {
	N, Queries, Keys, Heads, Dim int
	LDQ, LDK                     int
	Causal                       bool
}

func (g AttentionShape) scale() float32 { return float32(1 / math.Sqrt(float64(g.Dim))) }

// Stats returns how many numbers of each of top and inv the forward pass leaves for the backward pass.
func (g AttentionShape) Stats() int { return g.N * g.Heads * g.Queries }

// AttentionForward computes out = softmax(q·kᵀ/√Dim)·v for every head (Vaswani et al., 2017). lengths, if not nil, says
// for each sample to how many first keys it may attend; a query without any key gets zeros. A task is one head of
// one sample; it keeps a block of scores in near memory. top and inv receive the largest score of each query and one
// over the sum of its exponentials, from which AttentionBackward computes the scores anew.
func AttentionForward(p *Pool, out, top, inv, q, k, v, lengths []float32, g AttentionShape) {
	p = p.or()
	p.jobs.attend = attendJob{out: out, top: top, inv: inv, q: q, k: k, v: v, lengths: lengths, g: g}
	p.run(g.N*g.Heads, &p.jobs.attend)
	p.jobs.attend = attendJob{}
}

// AttentionBackward computes dq, dk and dv, laid out as q, k and v, from dout.
func AttentionBackward(p *Pool, dq, dk, dv, dout, out, top, inv, q, k, v, lengths []float32, g AttentionShape) {
	p = p.or()
	p.jobs.attend = attendJob{dq: dq, dk: dk, dv: dv, dout: dout, out: out, top: top, inv: inv, q: q, k: k, v: v, lengths: lengths, g: g}
	p.run(g.N*g.Heads, &p.jobs.attend)
	p.jobs.attend = attendJob{}
}

type attendJob struct {
	dq, dk, dv, dout []float32 // nil in the forward pass
	out, top, inv    []float32
	q, k, v          []float32
	lengths          []float32
	g                AttentionShape
}

// head is the task of one head of one sample.
type head struct {
	*attendJob
	w              *worker
	q, k, v        []float32
	out, top, inv  []float32
	keys           int // that may be attended to
	ld             int // floats between rows of scores
	block          int // queries taken together
	wide, ldq, ldk int
}

func (j *attendJob) do(w *worker, i int) {
	g := &j.g
	n, h := i/g.Heads, i%g.Heads
	t := head{attendJob: j, w: w, keys: g.Keys, wide: g.Heads * g.Dim, ldq: g.LDQ, ldk: g.LDK}
	t.q, t.k, t.v = j.q[n*g.Queries*g.LDQ+h*g.Dim:], j.k[n*g.Keys*g.LDK+h*g.Dim:], j.v[n*g.Keys*g.LDK+h*g.Dim:]
	t.out = j.out[n*g.Queries*t.wide+h*g.Dim:]
	t.top, t.inv = j.top[i*g.Queries:][:g.Queries], j.inv[i*g.Queries:][:g.Queries]
	if j.lengths != nil {
		t.keys = int(max(0, min(j.lengths[n], float32(g.Keys))))
	}
	t.ld = (t.keys + 15) / 16 * 16
	const near = 4096 // scores that stay in the nearest cache
	t.block = min(max(near/max(t.ld, 1), 16), g.Queries)
	if j.dout == nil {
		t.forward()
	} else {
		t.backward(j.dq[n*g.Queries*g.LDQ+h*g.Dim:], j.dk[n*g.Keys*g.LDK+h*g.Dim:], j.dv[n*g.Keys*g.LDK+h*g.Dim:],
			j.dout[n*g.Queries*t.wide+h*g.Dim:])
	}
}

// sees returns how many keys some of the queries before end may attend to.
func (t *head) sees(end int) int {
	if t.g.Causal {
		return min(t.keys, end)
	}
	return t.keys
}

func (t *head) forward() {
	g, w := &t.g, t.w
	if t.keys == 0 {
		clearRows(t.out, g.Queries, t.wide, g.Dim)
		return
	}
	mem := w.scratch((g.Dim + t.block) * t.ld)
	kt, s := mem[:g.Dim*t.ld], mem[g.Dim*t.ld:]
	w.transposed(kt, t.ld, t.k, t.ldk, t.keys, g.Dim, g.scale())
	for from := 0; from < g.Queries; from += t.block {
		rows := min(t.block, g.Queries-from)
		n := t.sees(from + rows)
		w.strided(s, t.ld, t.q[from*t.ldq:], t.ldq, kt, t.ld, rows, n, g.Dim, false)
		t.rows(w.set.row.exp, s, nil, from, rows, n, nil)
		o := t.out[from*t.wide:]
		w.strided(o, t.wide, s, t.ld, t.v, t.ldk, rows, g.Dim, n, false)
		r := &w.row
		*r = rowArgs{rows: rows, cols: g.Dim, ldy: 4 * t.wide, ldx: 4 * t.wide}
		r.y[0], r.x[0], r.r[0] = at(o, 0), at(o, 0), at(t.inv[from:], 0)
		w.set.row.scale(r)
	}
	w.row = rowArgs{}
}

// rows runs f over rows of scores s (and of their gradients d), each up to the last key its query may attend to; the
// rest up to n is set to zero. dot is the second number of each row where it is not inv.
func (t *head) rows(f func(*rowArgs), s, d []float32, from, rows, n int, dot []float32) {
	r := &t.w.row
	*r = rowArgs{rows: rows, cols: n, ldy: 4 * t.ld, ldx: 4 * t.ld, ldz: 4 * t.ld, s: [2]float32{t.g.scale()}}
	step := rows
	if t.g.Causal {
		step = 1
	}
	for i := 0; i < rows; i += step {
		r.y[0], r.x[0] = at(s[i*t.ld:], 0), at(s[i*t.ld:], 0)
		r.r[0], r.r[1] = at(t.top[from+i:], 0), at(t.inv[from+i:], 0)
		if d != nil {
			r.y[1], r.x[1], r.r[1] = at(d[i*t.ld:], 0), at(d[i*t.ld:], 0), at(dot[i:], 0)
		}
		if t.g.Causal {
			r.rows, r.cols = 1, min(n, from+i+1)
			clear(s[i*t.ld+r.cols : i*t.ld+n])
			if d != nil {
				clear(d[i*t.ld+r.cols : i*t.ld+n])
			}
		}
		f(r)
	}
}

// backward uses that the softmax of scores s is e·inv with e = exp(s − top): with dout' = inv·dout its gradient is
// ds = e·(dout'·vᵀ − Σ dout'·out), and dv = eᵀ·dout'.
func (t *head) backward(dq, dk, dv, dout []float32) {
	g, w := &t.g, t.w
	if t.keys == 0 {
		clearRows(dq, g.Queries, t.ldq, g.Dim)
	}
	fresh := t.keys // keys whose gradients the first block of queries writes
	if g.Causal {
		fresh = 0
	}
	clearRows(dk[min(fresh*t.ldk, len(dk)):], g.Keys-fresh, t.ldk, g.Dim)
	clearRows(dv[min(fresh*t.ldk, len(dv)):], g.Keys-fresh, t.ldk, g.Dim)
	if t.keys == 0 {
		return
	}
	ldo := (g.Dim + 15) / 16 * 16
	mem := w.scratch((2*g.Dim+2*t.block)*t.ld + t.block*(ldo+1))
	kt, mem := mem[:g.Dim*t.ld], mem[g.Dim*t.ld:]
	vt, mem := mem[:g.Dim*t.ld], mem[g.Dim*t.ld:]
	s, mem := mem[:t.block*t.ld], mem[t.block*t.ld:]
	d, mem := mem[:t.block*t.ld], mem[t.block*t.ld:]
	do, dot := mem[:t.block*ldo], mem[t.block*ldo:]
	w.transposed(kt, t.ld, t.k, t.ldk, t.keys, g.Dim, g.scale())
	w.transposed(vt, t.ld, t.v, t.ldk, t.keys, g.Dim, 1)
	for from := 0; from < g.Queries; from += t.block {
		rows := min(t.block, g.Queries-from)
		n := t.sees(from + rows)
		q := t.q[from*t.ldq:]
		r := &w.row
		*r = rowArgs{rows: rows, cols: g.Dim, ldy: 4 * ldo, ldx: 4 * t.wide, ldz: 4 * t.wide}
		r.y[0], r.x[0], r.x[1], r.r[0], r.r[1] = at(do, 0), at(dout[from*t.wide:], 0), at(t.out[from*t.wide:], 0), at(t.inv[from:], 0), at(dot, 0)
		w.set.row.scaleDot(r)
		w.strided(s, t.ld, q, t.ldq, kt, t.ld, rows, n, g.Dim, false)
		w.strided(d, t.ld, do, ldo, vt, t.ld, rows, n, g.Dim, false)
		t.rows(w.set.row.expGrad, s, d, from, rows, n, dot)
		more := from > 0 || g.Causal
		w.stridedT(dv, t.ldk, s, t.ld, do, ldo, n, g.Dim, rows, more)
		w.stridedT(dk, t.ldk, d, t.ld, q, t.ldq, n, g.Dim, rows, more)
		w.strided(dq[from*t.ldq:], t.ldq, d, t.ld, t.k, t.ldk, rows, g.Dim, n, false)
	}
	w.row = rowArgs{}
}
