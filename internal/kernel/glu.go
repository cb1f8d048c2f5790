package kernel

// GLUForward computes y = a·act(b) for each of the rows of x, whose 2c numbers are a and then b (Dauphin et al., 2017;
// Shazeer, 2020).
func GLUForward(p *Pool, y, x []float32, rows, c int, act Act) {
	p.glu(gluJob{y: y, x: x, rows: rows, c: c, act: act})
}

// GLUBackward computes dx, the gradient of x, from dy.
func GLUBackward(p *Pool, dx, dy, x []float32, rows, c int, act Act) {
	p.glu(gluJob{y: dx, x: x, dy: dy, rows: rows, c: c, act: act})
}

func (p *Pool) glu(j gluJob) {
	p = p.or()
	p.jobs.glu = j
	p.run(chunkCount(j.rows, j.c), &p.jobs.glu)
	p.jobs.glu = gluJob{}
}

type gluJob struct {
	y, x, dy []float32 // dy is nil in the forward pass
	rows, c  int
	act      Act
}

func (j *gluJob) do(w *worker, i int) {
	c := j.c
	for r := i * chunkRows(c); r < min((i+1)*chunkRows(c), j.rows); r++ {
		a, b := j.x[2*r*c:][:c], j.x[2*r*c+c:][:c]
		if j.dy == nil {
			y := j.y[r*c:][:c]
			w.apply(w.set.vec.actValue[j.act], y, b, nil)
			w.apply(w.set.vec.mul, y, a, y)
			continue
		}
		dy, da, db := j.dy[r*c:][:c], j.y[2*r*c:][:c], j.y[2*r*c+c:][:c]
		w.apply(w.set.vec.mul, da, dy, a)
		w.apply(w.set.vec.actSlope[j.act], db, da, b)
		w.apply(w.set.vec.actValue[j.act], da, b, nil)
		w.apply(w.set.vec.mul, da, dy, da)
	}
}

// apply computes y = f(a, b) element by element on one thread; b may be nil.
func (w *worker) apply(f func(*vecArgs), y, a, b []float32) {
	t := &w.vec
	*t = vecArgs{rows: 1, cols: len(y)}
	t.y[0], t.x[0] = at(y, 0), span(a, 0, len(y))
	if b != nil {
		t.x[1] = span(b, 0, len(y))
	}
	f(t)
	*t = vecArgs{}
}
