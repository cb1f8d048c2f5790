package kernel

// GRU holds the arrays of a layer of gated recurrent units over whole sequences (Cho et al., 2014, with the reset gate
// behind the product as in cuDNN and PyTorch): with x the input's share and y = Bias + h·W of each step,
//
//	r = σ(x_r + y_r)  z = σ(x_z + y_z)  n = tanh(x_n + r·y_n)    h' = n + z·(h − n)
//
// h being 0 before the first step. Rows of gates have 3·H numbers in the order r, z, n. Each y starts at the bias and
// takes the products in the order of h.
type GRU struct {
	Sequences
	Hidden  []float32 // [N][T][H] out: h'
	Before  []float32 // [N][T][H] out: h, the hidden state before each step
	Kept    []float32 // [N][T][H] out: y_n
	Gates   []float32 // [N][T][3H] in: x; out: r, z, n
	Bias    []float32 // [3H]
	Weights []float32 // [H][3H]; of GRUBackward transposed, [3H][H]
	DHidden []float32 // [N][T][H] in: gradient of h'; nil where only the last state is used
	DLast   []float32 // [N][H] in: gradient of the last h' alone, or nil
	DInput  []float32 // [N][T][3H] out: gradient of x
	DState  []float32 // [N][T][3H] out: gradient of y
}

// GRUForward computes Hidden, Before, Kept and Gates.
func GRUForward(p *Pool, g GRU) { p.gru(g, false) }

// GRUBackward computes DInput and DState from DHidden or DLast and what GRUForward left.
func GRUBackward(p *Pool, g GRU) { p.gru(g, true) }

func (p *Pool) gru(g GRU, back bool) {
	if g.N == 0 || g.T == 0 {
		return
	}
	p = p.or()
	p.jobs.gru = gruJob{GRU: g, back: back}
	p.run((g.N+recurrentRows-1)/recurrentRows, &p.jobs.gru)
	p.jobs.gru = gruJob{}
}

type gruJob struct {
	GRU
	back bool
}

// do takes one chunk of sequences through their steps.
func (j *gruJob) do(w *worker, i int) {
	first := i * recurrentRows
	rows := min(recurrentRows, j.N-first)
	if j.back {
		j.backward(w, first, rows)
	} else {
		j.forward(w, first, rows)
	}
	w.cell, w.tile = cellArgs{}, tileArgs{}
}

func (j *gruJob) forward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((4*rows + 1) * h)
	state, share, zero := mem[:rows*h], mem[rows*h:4*rows*h], mem[4*rows*h:]
	clear(zero)
	*t = cellArgs{rows: rows, cols: h, section: 4 * h}
	for step := range j.T {
		at := first*j.T + step
		before := j.Before[at*h:]
		copyRows(share, j.Bias, rows, 3*h, 0, 3*h)
		if step == 0 {
			clearRows(before, rows, j.T*h, h)
			t.set(3, zero, 0, 1)
		} else {
			copyRows(before, state, rows, j.T*h, h, h)
			w.product(share, state, j.Weights, rows, 3*h, h, 3*h, h, true)
			t.set(3, before, j.T*h, 1)
		}
		t.set(0, j.Gates[at*3*h:], j.T*3*h, 3)
		t.set(1, share, 3*h, 3)
		t.set(2, j.Kept[at*h:], j.T*h, 1)
		t.set(4, j.Hidden[at*h:], j.T*h, 1)
		t.set(5, state, h, 1)
		w.set.cell.gru(t)
	}
}

func (j *gruJob) backward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((rows + 1) * h)
	clear(mem)
	later, zero := mem[:rows*h], mem[rows*h:]
	*t = cellArgs{rows: rows, cols: h, section: 4 * h}
	for step := j.T - 1; step >= 0; step-- {
		at := first*j.T + step
		t.set(0, j.Gates[at*3*h:], j.T*3*h, 3)
		t.set(1, j.Kept[at*h:], j.T*h, 1)
		t.set(2, j.Before[at*h:], j.T*h, 1)
		j.slope(t, 3, first, step, zero, j.DHidden, j.DLast)
		t.set(4, later, h, 1)
		t.set(5, j.DInput[at*3*h:], j.T*3*h, 3)
		t.set(6, j.DState[at*3*h:], j.T*3*h, 3)
		w.set.cell.gruGrad(t)
		if step > 0 {
			w.product(later, j.DState[at*3*h:], j.Weights, rows, h, 3*h, h, j.T*3*h, true)
		}
	}
}
