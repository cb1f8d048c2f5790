package kernel

// MeanSteps computes y[n], the mean of the first lengths[n] of the t rows of x[n] (c floats each), summed in their
// order, and zeros where there are none.
func MeanSteps(p *Pool, y, x, lengths []float32, n, t, c int) {
	p.overSteps(stepsJob{y: y, x: x, lengths: lengths, t: t, c: c}, n)
}

// MeanStepsBackward spreads each dy[n] evenly over the first lengths[n] rows of dx[n] and sets the others to zero.
func MeanStepsBackward(p *Pool, dx, dy, lengths []float32, n, t, c int) {
	p.overSteps(stepsJob{y: dy, dx: dx, lengths: lengths, t: t, c: c}, n)
}

func (p *Pool) overSteps(j stepsJob, n int) {
	p = p.or()
	p.jobs.steps = j
	p.run(n, &p.jobs.steps)
	p.jobs.steps = stepsJob{}
}

type stepsJob struct {
	y, x, dx []float32 // x is nil in the backward pass, dx in the forward pass
	lengths  []float32
	t, c     int
}

func (j *stepsJob) do(w *worker, n int) {
	c := j.c
	steps := int(max(0, min(j.lengths[n], float32(j.t))))
	y := j.y[n*c:][:c]
	if j.dx != nil {
		dx := j.dx[n*j.t*c:][:j.t*c]
		clear(dx[steps*c:])
		for i := range steps {
			w.scaled(dx[i*c:][:c], y, 1/float32(steps))
		}
		return
	}
	if steps == 0 {
		clear(y)
		return
	}
	t := &w.vec
	*t = vecArgs{rows: steps, cols: c}
	t.y[0], t.x[0] = at(y, 0), span(j.x, n*j.t*c, steps*c)
	w.set.vec.colSum(t)
	w.scaled(y, y, 1/float32(steps))
}

// scaled computes y = s·x on one thread.
func (w *worker) scaled(y, x []float32, s float32) {
	t := &w.vec
	*t = vecArgs{rows: 1, cols: len(y)}
	t.s[0] = s
	t.y[0], t.x[0] = at(y, 0), span(x, 0, len(y))
	w.set.vec.scale(t)
	*t = vecArgs{}
}
