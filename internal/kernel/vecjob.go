package kernel

import "unsafe"

// vecJob runs a vector kernel over dense arrays, a block of them in each task.
type vecJob struct {
	f       func(*vecArgs)
	y       [3][]float32
	x       [4][]float32
	p       [4][]float32
	s       [8]float32
	rows    int // 0 when the arrays are flat
	cols    int
	step    int  // rows, or floats when flat, of a task
	sums    int  // outputs before this one are arrays, the others sums: a row of cols for each task
	perTask bool // the parameters are rows of cols for each task too
}

const flatBlock = 16 << 10

// flat computes y = f(a, b) elementwise; b may be nil.
func (p *Pool) flat(f func(*vecArgs), y, a, b []float32) {
	p.elementwise(f, [3][]float32{y}, [4][]float32{a, b}, [8]float32{})
}

// elementwise runs f over arrays as long as the first output.
func (p *Pool) elementwise(f func(*vecArgs), y [3][]float32, x [4][]float32, s [8]float32) {
	n := len(y[0])
	if n == 0 {
		return
	}
	j := &p.jobs.vec
	*j = vecJob{f: f, y: y, x: x, s: s, cols: n, step: flatBlock, sums: len(y)}
	p.sweep((n+flatBlock-1)/flatBlock, j)
	*j = vecJob{}
}

// chunkRows is the fixed cut of reductions over the rows of c channels: enough rows that a chunk is worth a task, few
// enough that float32 sums stay exact to about 1e-6. It is part of the meaning of the results.
func chunkRows(c int) int { return min(max(16384/c, 32), 1024) }

func chunkCount(rows, c int) int { return (rows + chunkRows(c) - 1) / chunkRows(c) }

// byRows runs j.f over rows×cols arrays in chunks.
func (p *Pool) byRows(j vecJob, rows, cols int) {
	if rows == 0 || cols == 0 {
		return
	}
	j.rows, j.cols, j.step = rows, cols, chunkRows(cols)
	p.jobs.vec = j
	p.sweep(chunkCount(rows, cols), &p.jobs.vec)
	p.jobs.vec = vecJob{}
}

// byImage runs j.f over n images of hw×cols, each a task with its own parameters and sums.
func (p *Pool) byImage(j vecJob, n, hw, cols int) {
	if n == 0 || hw == 0 || cols == 0 {
		return
	}
	j.rows, j.cols, j.step, j.perTask = n*hw, cols, hw, true
	p.jobs.vec = j
	p.sweep(n, &p.jobs.vec)
	p.jobs.vec = vecJob{}
}

func (j *vecJob) do(w *worker, i int) {
	t := &w.vec
	*t = vecArgs{s: j.s}
	first := i * j.step
	if j.rows == 0 {
		t.rows, t.cols = 1, min(j.step, j.cols-first)
	} else {
		t.rows, t.cols = min(j.step, j.rows-first), j.cols
		first *= j.cols
	}
	for k, y := range j.y {
		if y == nil {
			continue
		}
		if k >= j.sums {
			t.y[k] = at(y[i*j.cols:][:j.cols], 0)
			continue
		}
		t.y[k] = span(y, first, t.rows*t.cols)
	}
	for k, x := range j.x {
		if x != nil {
			t.x[k] = span(x, first, t.rows*t.cols)
		}
	}
	for k, p := range j.p {
		if p == nil {
			continue
		}
		if j.perTask {
			p = p[i*j.cols:]
		}
		t.p[k] = span(p, 0, j.cols)
	}
	j.f(t)
	*t = vecArgs{}
}

// span returns the address of x[i], having checked that n floats follow.
func span(x []float32, i, n int) unsafe.Pointer { return at(x[i:i+n], 0) }
