package kernel

// Sequences is the shape of a recurrent layer: N sequences of T steps through H hidden units. Arrays over it lie as
// [N][T][…].
type Sequences struct{ N, T, H int }

// LSTM holds the arrays of a long short-term memory layer over whole sequences (Hochreiter & Schmidhuber, 1997, with
// the forget gate of Gers et al., 2000): with z = the input's share + h·W of each step,
//
//	i = σ(zᵢ)  f = σ(z_f)  g = tanh(z_g)  o = σ(z_o)    c' = f·c + i·g    h' = o·tanh(c')
//
// h and c being 0 before the first step. Rows of gates have 4·H numbers in the order i, f, g, o. Each z starts at the
// input's share and takes the products with h in the order of h.
type LSTM struct {
	Sequences
	Hidden  []float32 // [N][T][H] out: h'
	Before  []float32 // [N][T][H] out: h, the hidden state before each step
	Cell    []float32 // [N][T][H] out: c'
	Gates   []float32 // [N][T][4H] in: the input's share, bias included; out: i, f, g, o
	Weights []float32 // [H][4H]; of LSTMBackward transposed, [4H][H]
	DHidden []float32 // [N][T][H] in: gradient of h'; nil where only the last state is used
	DLast   []float32 // [N][H] in: gradient of the last h' alone, or nil
	DGates  []float32 // [N][T][4H] out: gradient of z
}

// recurrentRows is how many sequences go through all their steps together. It does not bear on the results.
const recurrentRows = 8

// LSTMForward computes Hidden, Before, Cell and Gates.
func LSTMForward(p *Pool, l LSTM) { p.lstm(l, false) }

// LSTMBackward computes DGates from DHidden or DLast and what LSTMForward left.
func LSTMBackward(p *Pool, l LSTM) { p.lstm(l, true) }

func (p *Pool) lstm(l LSTM, back bool) {
	if l.N == 0 || l.T == 0 {
		return
	}
	p = p.or()
	p.jobs.lstm = lstmJob{LSTM: l, back: back}
	p.run((l.N+recurrentRows-1)/recurrentRows, &p.jobs.lstm)
	p.jobs.lstm = lstmJob{}
}

type lstmJob struct {
	LSTM
	back bool
}

// do takes one chunk of sequences through their steps.
func (j *lstmJob) do(w *worker, i int) {
	first := i * recurrentRows
	rows := min(recurrentRows, j.N-first)
	if j.back {
		j.backward(w, first, rows)
	} else {
		j.forward(w, first, rows)
	}
	w.cell, w.tile = cellArgs{}, tileArgs{}
}

func (j *lstmJob) forward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((rows + 1) * h)
	state, zero := mem[:rows*h], mem[rows*h:]
	clear(zero)
	*t = cellArgs{rows: rows, cols: h, section: 4 * h}
	for step := range j.T {
		at := first*j.T + step
		before := j.Before[at*h:]
		if step == 0 {
			clearRows(before, rows, j.T*h, h)
			t.set(1, zero, 0, 1)
		} else {
			copyRows(before, state, rows, j.T*h, h, h)
			w.product(j.Gates[at*4*h:], state, j.Weights, rows, 4*h, h, j.T*4*h, h, true)
			t.set(1, j.Cell[(at-1)*h:], j.T*h, 1)
		}
		t.set(0, j.Gates[at*4*h:], j.T*4*h, 4)
		t.set(2, j.Cell[at*h:], j.T*h, 1)
		t.set(3, j.Hidden[at*h:], j.T*h, 1)
		t.set(4, state, h, 1)
		w.set.cell.lstm(t)
	}
}

func (j *lstmJob) backward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((2*rows + 1) * h)
	clear(mem)
	later, dc, zero := mem[:rows*h], mem[rows*h:2*rows*h], mem[2*rows*h:]
	*t = cellArgs{rows: rows, cols: h, section: 4 * h}
	for step := j.T - 1; step >= 0; step-- {
		at := first*j.T + step
		t.set(0, j.Gates[at*4*h:], j.T*4*h, 4)
		t.set(1, j.Cell[at*h:], j.T*h, 1)
		t.set(2, zero, 0, 1)
		if step > 0 {
			t.set(2, j.Cell[(at-1)*h:], j.T*h, 1)
		}
		j.slope(t, 3, first, step, zero, j.DHidden, j.DLast)
		t.set(4, later, h, 1)
		t.set(5, dc, h, 1)
		t.set(6, j.DGates[at*4*h:], j.T*4*h, 4)
		w.set.cell.lstmGrad(t)
		if step > 0 {
			w.product(later, j.DGates[at*4*h:], j.Weights, rows, h, 4*h, h, j.T*4*h, false)
		}
	}
}

// slope makes array i the gradient of the hidden state after a step.
func (s Sequences) slope(t *cellArgs, i, first, step int, zero, all, last []float32) {
	switch {
	case all != nil:
		t.set(i, all[(first*s.T+step)*s.H:], s.T*s.H, 1)
	case step == s.T-1:
		t.set(i, last[first*s.H:], s.H, 1)
	default:
		t.set(i, zero, 0, 1)
	}
}

// product computes c = (accumulate ? c : 0) + a·b for m rows of c and a that lie ldc and lda floats apart and a dense
// b of k×n, on one thread, each sum in the order of k.
func (w *worker) product(c, a, b []float32, m, n, k, ldc, lda int, accumulate bool) {
	b = b[:k*n]
	_, _ = c[(m-1)*ldc+n-1], a[(m-1)*lda+k-1]
	w.strided(c, ldc, a, lda, b, n, m, n, k, accumulate)
}

// copyRows copies n numbers of each row.
func copyRows(to, from []float32, rows, toStride, fromStride, n int) {
	for r := range rows {
		copy(to[r*toStride:][:n], from[r*fromStride:])
	}
}

func clearRows(x []float32, rows, stride, n int) {
	for r := range rows {
		clear(x[r*stride:][:n])
	}
}
