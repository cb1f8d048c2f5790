package kernel

// LSTMStep holds the arrays of one step of a long short-term memory, in the arithmetic of LSTM. A row of a state is the
// hidden state h and then the cell c, 2·H numbers.
type LSTMStep struct {
	Rows, H int
	State   []float32 // [Rows][2H] in: the state before; nil reads as zeros
	Input   []float32 // [Rows][4H] in: the input's share of the gates, bias included
	Weights []float32 // [H][4H]; of LSTMStepBackward transposed, [4H][H]
	Gates   []float32 // [Rows][4H] out: i, f, g, o
	Hidden  []float32 // [Rows][H] out: h of State
	Next    []float32 // [Rows][2H] out: the state after
	DNext   []float32 // [Rows][2H] in: gradient of Next
	DGates  []float32 // [Rows][4H] out: gradient of Input
	DState  []float32 // [Rows][2H] out: gradient of State; nil where it is not wanted
}

// stepRows is how many rows of a step one task takes. It does not bear on the results.
const stepRows = 16

// LSTMStepForward computes Gates, Hidden and Next.
func LSTMStepForward(p *Pool, l LSTMStep) { p.lstmStep(l, false) }

// LSTMStepBackward computes DGates and DState from DNext and what LSTMStepForward left.
func LSTMStepBackward(p *Pool, l LSTMStep) { p.lstmStep(l, true) }

func (p *Pool) lstmStep(l LSTMStep, back bool) {
	p = p.or()
	p.jobs.step = lstmStepJob{LSTMStep: l, back: back}
	p.run((l.Rows+stepRows-1)/stepRows, &p.jobs.step)
	p.jobs.step = lstmStepJob{}
}

type lstmStepJob struct {
	LSTMStep
	back bool
}

func (j *lstmStepJob) do(w *worker, i int) {
	first := i * stepRows
	rows := min(stepRows, j.Rows-first)
	w.cell = cellArgs{rows: rows, cols: j.H, section: 4 * j.H}
	if j.back {
		j.backward(w, first, rows)
	} else {
		j.forward(w, first, rows)
	}
	w.cell, w.tile = cellArgs{}, tileArgs{}
}

func (j *lstmStepJob) forward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((rows + 1) * h)
	again, zero := mem[:rows*h], mem[rows*h:]
	gates, hidden := j.Gates[first*4*h:][:rows*4*h], j.Hidden[first*h:][:rows*h]
	copy(gates, j.Input[first*4*h:])
	if j.State == nil {
		clear(hidden)
		clear(zero)
		t.set(1, zero, 0, 1)
	} else {
		state := j.State[first*2*h:]
		copyRows(hidden, state, rows, h, 2*h, h)
		w.product(gates, hidden, j.Weights, rows, 4*h, h, 4*h, h, true)
		t.set(1, state[h:], 2*h, 1)
	}
	next := j.Next[first*2*h:]
	t.set(0, gates, 4*h, 4)
	t.set(2, next[h:], 2*h, 1)
	t.set(3, next, 2*h, 1)
	t.set(4, again, h, 1)
	w.set.cell.lstm(t)
}

func (j *lstmStepJob) backward(w *worker, first, rows int) {
	h, t := j.H, &w.cell
	mem := w.scratch((rows + 1) * h)
	dc, zero := mem[:rows*h], mem[rows*h:]
	clear(zero)
	next, slope, gates := j.Next[first*2*h:], j.DNext[first*2*h:], j.DGates[first*4*h:]
	copyRows(dc, slope[h:], rows, h, 2*h, h)
	t.set(0, j.Gates[first*4*h:], 4*h, 4)
	t.set(1, next[h:], 2*h, 1)
	t.set(2, zero, 0, 1)
	if j.State != nil {
		t.set(2, j.State[first*2*h+h:], 2*h, 1)
	}
	t.set(3, slope, 2*h, 1)
	t.set(4, zero, 0, 1)
	t.set(5, dc, h, 1)
	t.set(6, gates, 4*h, 4)
	w.set.cell.lstmGrad(t)
	if j.DState != nil {
		before := j.DState[first*2*h:]
		copyRows(before[h:], dc, rows, 2*h, h, h)
		w.product(before, gates, j.Weights, rows, h, 4*h, 2*h, 4*h, false)
	}
}
