package kernel

// moments collects sums over the rows that each task of an operation has just written, while they are near: a row of
// c channels for each task and each of two sums.
type moments struct {
	f             func(*vecArgs) // nil: none are wanted
	sums, squares []float32
	tasks         int
}

// moments returns room for the sums of tasks over c channels.
func (p *Pool) moments(f func(*vecArgs), tasks, c int) moments {
	part := p.second(2 * tasks * c)
	return moments{f: f, sums: part[:tasks*c], squares: part[tasks*c:], tasks: tasks}
}

func (m *moments) wanted() bool { return m.f != nil }

// take sums the rows of c channels that task i wrote, and the squares, about the first of them.
func (m *moments) take(w *worker, i int, rows []float32, c int) {
	t := &w.vec
	*t = vecArgs{rows: len(rows) / c, cols: c}
	t.y[0], t.y[1] = span(m.sums, i*c, c), span(m.squares, i*c, c)
	t.x[0], t.p[0] = at(rows, 0), at(rows, 0)
	m.f(t)
	*t = vecArgs{}
}

// dot sums the rows of dz and of dz·(x − mean) for task i, where dz is what g makes of dy.
func (m *moments) dot(w *worker, i int, g *NormGrad, dy, x []float32) {
	c := g.C
	t := &w.vec
	*t = vecArgs{rows: len(dy) / c, cols: c}
	t.y[0], t.y[1] = span(m.sums, i*c, c), span(m.squares, i*c, c)
	t.x[0], t.x[1] = at(dy, 0), span(x, 0, len(dy))
	t.p[0], t.p[1], t.p[2] = at(g.Scale, 0), at(g.Shift, 0), at(g.Mean, 0)
	m.f(t)
	*t = vecArgs{}
}

// statistics turns the moments of the convolution's outputs into mean and biased variance of each channel. Every task
// summed about its own first row; in float64 these are moved to the first row of all and added in the order of the tasks.
func (j *convJob) statistics(mean, variance []float32) {
	m, c := &j.moments, j.ldy
	pixels := float64(j.n * j.outH * j.outW)
	for k := range c {
		first := float64(j.y[k])
		sum, square := 0.0, 0.0
		for i := range m.tasks {
			row := i % j.bands * j.rows
			n := float64(min(j.rows, j.outH-row) * j.outW)
			d := float64(j.y[(i/j.bands*j.outH+row)*j.outW*c+k]) - first
			s := float64(m.sums[i*c+k])
			square += float64(m.squares[i*c+k]) + float64(d*(float64(2*s)+float64(n*d)))
			sum += s + float64(n*d)
		}
		sum /= pixels
		mean[k] = float32(first + sum)
		variance[k] = float32(max(square/pixels-float64(sum*sum), 0))
	}
}
