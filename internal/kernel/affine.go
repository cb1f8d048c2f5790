package kernel

// Affine computes y = act(x·w + bias) for each of the rows of x (in floats each): a dense layer at every position. bias
// has out floats or is nil; w is [in][out]. Each product sums in the order of the inputs; bias and activation follow
// while a block of rows is still in near memory.
func Affine(p *Pool, y, x, w, bias []float32, rows, in, out int, act Act) {
	gemm(p, y, x, w, rows, out, in, false, false, false, bias, act)
}

// AffineOutput computes the gradient dz of x·w + bias from dy, that of y = act(x·w + bias), for an act whose slope can be
// told from y (ReLU, ReLU6, None), and adds to dbias, unless it is nil, the sum of its rows as BiasGrad does. dz may be
// dy, and must be for None.
func AffineOutput(p *Pool, dz, dbias, dy, y []float32, rows, c int, act Act) {
	p = p.or()
	n := chunkCount(rows, c)
	j := &p.jobs.affine
	*j = affineJob{dz: dz, dy: dy, y: y, rows: rows, c: c, act: act}
	if dbias != nil {
		j.part = p.scratch(n * c)
	}
	p.run(n, j)
	if dbias != nil {
		addColumns(dbias, j.part, n, c)
	}
	*j = affineJob{}
}

type affineJob struct {
	dz, dy, y, part []float32
	rows, c         int
	act             Act
}

func (j *affineJob) do(w *worker, i int) {
	first := i * chunkRows(j.c)
	rows := min(chunkRows(j.c), j.rows-first)
	dz := j.dz[first*j.c:][:rows*j.c]
	if j.act != None {
		w.apply(w.set.vec.actSlope[j.act], dz, j.dy[first*j.c:], j.y[first*j.c:])
	}
	if j.part != nil {
		t := &w.vec
		*t = vecArgs{rows: rows, cols: j.c}
		t.y[0], t.x[0] = at(j.part[i*j.c:][:j.c], 0), at(dz, 0)
		w.set.vec.colSum(t)
		*t = vecArgs{}
	}
}

// finish adds the bias to rows of C and applies the activation, m rows from row on, columns first to last.
func (j *gemmJob) finish(w *worker, row, m, first, last int) {
	step, width := m, j.n
	if last-first < j.n {
		step, width = 1, last-first // a part of each row
	}
	for i := row; i < row+m; i += step {
		c := j.c[i*j.n+first:][:step*width]
		if j.bias != nil {
			t := &w.vec
			*t = vecArgs{rows: step, cols: width}
			t.y[0], t.x[0], t.p[0] = at(c, 0), at(c, 0), span(j.bias, first, width)
			w.set.vec.bias(t)
			*t = vecArgs{}
		}
		if j.act != None {
			w.apply(w.set.vec.actValue[j.act], c, c, nil)
		}
	}
}
