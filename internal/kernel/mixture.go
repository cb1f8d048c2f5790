package kernel

// Branch is one operand of a mixture.
type Branch struct {
	X              []float32
	Mean, Variance []float32 // of the channels of X, which is normalised by them; nil where X enters as it is
	Weight         float32
	DX             []float32 // out: gradient of X; nil where it is not wanted
	DWeight        float32   // out: gradient of Weight
}

// Mixture is the weighted sum of branches over Rows×C, Y = Σ Weightₖ·normₖ(Xₖ), where norm is a batch norm without
// scale and shift or nothing: the node of a DARTS cell (Liu et al., 2019) with all operations of its edges. The
// normalised operands are never written to memory. Each Y sums in the order of the branches, three at a time from the last
// of three to the first, beginning at the sum of the shifts.
type Mixture struct {
	Branches []Branch
	Y, DY    []float32
	Rows, C  int
	Eps      float32
	Frozen   bool // means and variances were constants (evaluation), so no gradient flows through them
}

const (
	mixWidth = 3       // branches that one walk over a block takes
	mixBlock = 4 << 10 // floats of a block, which stays in the nearest cache while its branches are added
)

// MixtureForward computes Y.
func MixtureForward(p *Pool, m Mixture) {
	p = p.or()
	s := strands(m.Rows, m.C)
	cols := m.C * s
	mem := p.scratch((len(m.Branches) + 1) * cols)
	scales, shift := mem[:len(m.Branches)*cols], mem[len(m.Branches)*cols:]
	for j := range m.C {
		sum := 0.0
		for k := range m.Branches {
			scale, level := m.Branches[k].coefficients(j, m.Eps)
			sum += level
			for i := j; i < cols; i += m.C {
				scales[k*cols+i] = float32(scale)
			}
		}
		for i := j; i < cols; i += m.C {
			shift[i] = float32(sum)
		}
	}
	p.mixture(mixtureJob{Mixture: m, scales: scales, shift: shift, cols: cols, rows: m.Rows / s, step: max(1, mixBlock/cols)})
}

// coefficients returns the factor of channel j and what is added to it.
func (b *Branch) coefficients(j int, eps float32) (scale, level float64) {
	w := float64(b.Weight)
	if b.Mean == nil {
		return w, 0
	}
	scale = w * inverseDeviation(b.Variance[j], eps)
	return scale, -float64(scale * float64(b.Mean[j]))
}

// MixtureBackward computes DX and DWeight of every branch from DY. Sums over rows are taken in fixed chunks of rows,
// strand by strand, and the chunks added in float64.
func MixtureBackward(p *Pool, m Mixture) {
	p = p.or()
	s := strands(m.Rows, m.C)
	cols, rows := m.C*s, m.Rows/s
	n, step := chunkCount(rows, cols), chunkRows(cols)
	k := len(m.Branches)
	mem := p.scratch((n*(k+1) + 3*k + k) * cols)
	products, sums, mem := mem[:n*k*cols], mem[n*k*cols:n*(k+1)*cols], mem[n*(k+1)*cols:]
	scales, slopes, levels, means := mem[:k*cols], mem[k*cols:2*k*cols], mem[2*k*cols:3*k*cols], mem[3*k*cols:]
	for i := range m.Branches {
		at := means[i*cols:][:cols]
		if m.Branches[i].Mean == nil {
			clear(at)
		} else {
			repeat(at, m.Branches[i].Mean[:m.C], s)
		}
	}
	j := mixtureJob{Mixture: m, scales: scales, slopes: slopes, levels: levels, means: means, products: products, sums: sums, cols: cols, rows: rows, step: step, mode: mixDots}
	p.mixture(j)
	for i := range m.Branches {
		b := &m.Branches[i]
		total := 0.0
		for c := range m.C {
			product := strandTotal(products[i*n*cols:], n, m.C, s, c)
			scale, slope, level := float64(b.Weight), 0.0, 0.0
			if b.Mean != nil {
				inv := inverseDeviation(b.Variance[c], m.Eps)
				product *= inv
				scale *= inv
				if !m.Frozen {
					slope = -scale * inv * product / float64(m.Rows)
					level = -float64(slope*float64(b.Mean[c])) - float64(scale*strandTotal(sums, n, m.C, s, c)/float64(m.Rows))
				}
			}
			total += product
			for at := c; at < cols; at += m.C {
				scales[i*cols+at], slopes[i*cols+at], levels[i*cols+at] = float32(scale), float32(slope), float32(level)
			}
		}
		b.DWeight = float32(total)
	}
	j.mode, j.step = mixSlopes, max(1, mixBlock/cols)
	p.mixture(j)
}

func (p *Pool) mixture(j mixtureJob) {
	if j.rows == 0 || j.C == 0 {
		return
	}
	p.jobs.mix = j
	p.run((j.rows+j.step-1)/j.step, &p.jobs.mix)
	p.jobs.mix = mixtureJob{}
}

// mixMode is what a mixture job computes.
type mixMode uint8

const (
	mixSum    mixMode = iota // Y
	mixDots                  // sums over rows of DY and of DY·(X − mean)
	mixSlopes                // DX
)

type mixtureJob struct {
	Mixture
	scales, shift  []float32 // [branches][cols], [cols]
	slopes, levels []float32 // of DX = scale·DY + slope·X + level
	means          []float32
	products, sums []float32 // [branches][chunks][cols], [chunks][cols]
	cols, rows     int
	step           int // rows of a task
	mode           mixMode
}

func (j *mixtureJob) do(w *worker, i int) {
	first := i * j.step
	rows := min(j.step, j.rows-first)
	at, n := first*j.cols, rows*j.cols
	switch j.mode {
	case mixSum:
		j.sum(w, at, rows, n)
	case mixDots:
		j.dots(w, i, at, rows, n)
	case mixSlopes:
		for k := range j.Branches {
			b := &j.Branches[k]
			if b.DX == nil {
				continue
			}
			t := &w.vec
			*t = vecArgs{rows: rows, cols: j.cols}
			t.y[0], t.x[0], t.p[0] = span(b.DX, at, n), span(j.DY, at, n), span(j.scales, k*j.cols, j.cols)
			if b.Mean == nil {
				w.set.vec.gate(t)
				continue
			}
			t.x[1], t.p[1], t.p[2] = span(b.X, at, n), span(j.slopes, k*j.cols, j.cols), span(j.levels, k*j.cols, j.cols)
			w.set.vec.normGrad(t)
		}
	}
	w.vec = vecArgs{}
}

// sum adds up a block of Y.
func (j *mixtureJob) sum(w *worker, at, rows, n int) {
	y := j.Y[at:][:n]
	for r := 0; r < n; r += j.cols {
		copy(y[r:], j.shift[:j.cols])
	}
	for k := 0; k < len(j.Branches); {
		t := &w.vec
		*t = vecArgs{rows: rows, cols: j.cols}
		width := min(mixWidth, len(j.Branches)-k)
		t.y[0], t.x[width] = span(y, 0, n), span(y, 0, n)
		for i := range width {
			t.x[i], t.p[i] = span(j.Branches[k+i].X, at, n), span(j.scales, (k+i)*j.cols, j.cols)
		}
		switch width {
		case mixWidth:
			w.set.vec.mix3(t)
		case 2:
			w.set.vec.mix2(t)
		default:
			w.set.vec.mix1(t)
		}
		k += width
	}
}

// dots sums one chunk of DY and its products with the branches.
func (j *mixtureJob) dots(w *worker, i, at, rows, n int) {
	t := &w.vec
	chunks := len(j.sums) / j.cols
	*t = vecArgs{rows: rows, cols: j.cols}
	t.x[0], t.y[0] = span(j.DY, at, n), span(j.sums, i*j.cols, j.cols)
	w.set.vec.colSum(t)
	for k := range j.Branches {
		*t = vecArgs{rows: rows, cols: j.cols}
		t.x[0], t.x[1] = span(j.DY, at, n), span(j.Branches[k].X, at, n)
		t.p[0], t.y[0] = span(j.means, k*j.cols, j.cols), span(j.products, (k*chunks+i)*j.cols, j.cols)
		w.set.vec.dot(t)
	}
}
