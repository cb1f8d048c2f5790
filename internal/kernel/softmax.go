package kernel

// Softmax computes the softmax of each row of x (length c); y may be x.
func Softmax(p *Pool, y, x []float32, rows, c int) {
	p = p.or()
	j := &p.jobs.soft
	*j = softmaxJob{y: y, x: x, rows: rows, c: c}
	p.run(chunkCount(rows, c), j)
	*j = softmaxJob{}
}

// SoftmaxBackward computes dx = y·(dy − Σ dy·y) for each row of y, a softmax; dx may be dy or y.
func SoftmaxBackward(p *Pool, dx, dy, y []float32, rows, c int) {
	p = p.or()
	p.rowwise(rowJob{f: p.set.row.softmaxGrad, y: [2][]float32{dx}, x: [2][]float32{dy, y}, rows: rows, cols: c})
}

type softmaxJob struct {
	y, x    []float32
	rows, c int
}

func (j *softmaxJob) do(w *worker, i int) {
	t := &w.row
	first := i * chunkRows(j.c)
	rows := min(chunkRows(j.c), j.rows-first)
	each := w.scratch(2 * rows)
	*t = rowArgs{rows: rows, cols: j.c, ldy: 4 * j.c, ldx: 4 * j.c}
	t.y[0], t.x[0] = span(j.y, first*j.c, rows*j.c), span(j.x, first*j.c, rows*j.c)
	t.r[0], t.r[1] = at(each, 0), at(each, rows)
	w.set.row.exp(t)
	t.x[0], t.r[0] = t.y[0], t.r[1]
	w.set.row.scale(t)
	*t = rowArgs{}
}
