package kernel

// Transpose writes the rows×cols matrix x as cols×rows to y.
func Transpose(p *Pool, y, x []float32, rows, cols int) {
	if rows == 0 || cols == 0 {
		return
	}
	p = p.or()
	j := &p.jobs.turn
	*j = transposeJob{y: y[:rows*cols], x: x[:rows*cols], rows: rows, cols: cols}
	p.run((cols+transposeCols-1)/transposeCols, j)
	*j = transposeJob{}
}

const transposeCols = 64 // columns of x in a task

type transposeJob struct {
	y, x       []float32
	rows, cols int
}

// do turns the columns eight rows at a time, so that both sides move by whole lines.
func (j *transposeJob) do(_ *worker, i int) {
	lo, hi := i*transposeCols, min((i+1)*transposeCols, j.cols)
	const block = 8
	r := 0
	for ; r+block <= j.rows; r += block {
		n := hi - lo
		x := j.x[r*j.cols+lo:]
		r0, r1, r2, r3 := x[:n], x[j.cols:][:n], x[2*j.cols:][:n], x[3*j.cols:][:n]
		r4, r5, r6, r7 := x[4*j.cols:][:n], x[5*j.cols:][:n], x[6*j.cols:][:n], x[7*j.cols:][:n]
		for c := range n {
			out := (*[block]float32)(j.y[(lo+c)*j.rows+r:])
			out[0], out[1], out[2], out[3] = r0[c], r1[c], r2[c], r3[c]
			out[4], out[5], out[6], out[7] = r4[c], r5[c], r6[c], r7[c]
		}
	}
	for ; r < j.rows; r++ {
		for c, v := range j.x[r*j.cols:][lo:hi] {
			j.y[(lo+c)*j.rows+r] = v
		}
	}
}
