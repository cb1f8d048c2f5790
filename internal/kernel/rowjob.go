package kernel

// rowJob runs a row kernel over dense rows×cols arrays, a block of rows in each task.
type rowJob struct {
	f          func(*rowArgs)
	y, x       [2][]float32
	p, r       [2][]float32
	sum        [2][]float32 // a row of cols for each task, zeroed first
	s          [2]float32
	rows, cols int
	step       int
}

// rowwise runs j.f in the chunks of rows in which reductions over rows are cut.
func (p *Pool) rowwise(j rowJob) {
	if j.rows == 0 || j.cols == 0 {
		return
	}
	j.step = chunkRows(j.cols)
	p.jobs.row = j
	p.run(chunkCount(j.rows, j.cols), &p.jobs.row)
	p.jobs.row = rowJob{}
}

func (j *rowJob) do(w *worker, i int) {
	t := &w.row
	first := i * j.step
	*t = rowArgs{rows: min(j.step, j.rows-first), cols: j.cols, ldy: 4 * j.cols, ldx: 4 * j.cols, ldz: 4 * j.cols, s: j.s}
	for k := range 2 {
		if j.y[k] != nil {
			t.y[k] = span(j.y[k], first*j.cols, t.rows*j.cols)
		}
		if j.x[k] != nil {
			t.x[k] = span(j.x[k], first*j.cols, t.rows*j.cols)
		}
		if j.p[k] != nil {
			t.p[k] = span(j.p[k], 0, j.cols)
		}
		if j.r[k] != nil {
			t.r[k] = span(j.r[k], first, t.rows)
		}
		if j.sum[k] != nil {
			sum := j.sum[k][i*j.cols:][:j.cols]
			clear(sum)
			t.sum[k] = at(sum, 0)
		}
	}
	j.f(t)
	*t = rowArgs{}
}
