package kernel

// AvgPoolForward computes the mean of the window's pixels inside the image, as Σ x/K² in the order of the window and,
// where the window is cut by the border, that times K²/count.
func AvgPoolForward(p *Pool, y, x []float32, g PoolShape) {
	p = p.or()
	p.forward(y, stored(x), g.weights(p.second(g.C)), g.conv(), true)
	if g.cut() {
		p.average(y, y, g)
	}
}

// AvgPoolBackward spreads each dy evenly over its window's pixels inside the image; dx is overwritten.
func AvgPoolBackward(p *Pool, dx, dy []float32, g PoolShape) {
	p = p.or()
	n := g.N * g.OH * g.OW * g.C
	buf := p.second(g.C + n)
	if g.cut() {
		p.average(buf[g.C:], dy, g)
		dy = buf[g.C:]
	}
	p.backward(dx, stored(dy), g.weights(buf[:g.C]), g.conv(), true)
}

// weights fills w with 1/K².
func (g PoolShape) weights(w []float32) []float32 {
	for i := range w {
		w[i] = 1 / float32(g.K*g.K)
	}
	return w
}

// cut reports whether any window reaches over the border.
func (g PoolShape) cut() bool {
	return g.PadTop > 0 || g.PadLeft > 0 || (g.OH-1)*g.Stride+g.K > g.H || (g.OW-1)*g.Stride+g.K > g.W
}

// inside returns how many of the window's rows (or columns) at output o lie inside an image of n.
func (g PoolShape) inside(o, pad, n int) int {
	at := o*g.Stride - pad
	return min(at+g.K, n) - max(at, 0)
}

// average computes y = x·K²/count for each output pixel.
func (p *Pool) average(y, x []float32, g PoolShape) {
	j := &p.jobs.avg
	*j = averageJob{y: y, x: x, g: g}
	p.sweep(g.N, j)
	*j = averageJob{}
}

type averageJob struct {
	y, x []float32
	g    PoolShape
}

func (j *averageJob) do(w *worker, n int) {
	g := &j.g
	t := &w.vec
	for oh := range g.OH {
		rows := g.inside(oh, g.PadTop, g.H)
		for ow := 0; ow < g.OW; {
			cols := g.inside(ow, g.PadLeft, g.W)
			first := ow
			for ow < g.OW && g.inside(ow, g.PadLeft, g.W) == cols {
				ow++
			}
			at, size := ((n*g.OH+oh)*g.OW+first)*g.C, (ow-first)*g.C
			if rows*cols == g.K*g.K && &j.y[0] == &j.x[0] {
				continue
			}
			*t = vecArgs{rows: 1, cols: size}
			t.s[0] = float32(g.K*g.K) / float32(rows*cols)
			t.y[0], t.x[0] = span(j.y, at, size), span(j.x, at, size)
			w.set.vec.scale(t)
		}
	}
	*t = vecArgs{}
}

// GlobalAvgForward computes y[n][c], the mean over the hw pixels of x[n][hw][c], summed in their order.
func GlobalAvgForward(p *Pool, y, x []float32, n, hw, c int) {
	p = p.or()
	p.byImage(vecJob{f: p.set.vec.colSum, y: [3][]float32{y}, x: [4][]float32{x}}, n, hw, c)
	Scale(p, y[:n*c], y[:n*c], 1/float32(hw))
}

// GlobalAvgBackward spreads dy[n][c] evenly over the hw pixels of dx[n][hw][c]; dx is overwritten.
func GlobalAvgBackward(p *Pool, dx, dy []float32, n, hw, c int) {
	p = p.or()
	j := &p.jobs.glob
	*j = globalJob{dx: dx, dy: dy, hw: hw, c: c}
	p.sweep(n, j)
	*j = globalJob{}
}

type globalJob struct {
	dx, dy []float32
	hw, c  int
}

func (j *globalJob) do(_ *worker, n int) {
	inv := 1 / float32(j.hw)
	img, dy := j.dx[n*j.hw*j.c:][:j.hw*j.c], j.dy[n*j.c:][:j.c]
	first := img[:j.c]
	for i, v := range dy {
		first[i] = v * inv
	}
	for r := 1; r < j.hw; r++ {
		copy(img[r*j.c:], first)
	}
}
