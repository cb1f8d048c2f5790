package kernel

import "unsafe"

// ConvBackwardWeights adds to dw the gradient of the weights. The images are cut into at most 16 chunks, by the shape
// alone; a chunk sums in the order (n, oh, ow) from zero, and dw grows by ((chunk 0 + chunk 1) + chunk 2) + …. The pixels of a
// convolution that is a matrix product are first laid out as ConvShape.flat says.
func ConvBackwardWeights(p *Pool, dw, x, dy []float32, g ConvShape) {
	p = p.or()
	g = g.flat()
	p.gradient(dw[:g.weights()], stored(x[:g.N*g.H*g.W*g.Cin]), stored(dy[:g.N*g.OH*g.OW*g.Cout]), g, g.Depthwise(), &p.jobs.conv, NormGrad{})
}

// gradient adds the gradient of the weights to dw unless it is nil, and with the same reading of dy runs data, a prepared gradient
// of the input, if it is one.
func (p *Pool) gradient(dw []float32, x, dy source, g ConvShape, depthwise bool, data *convJob, before NormGrad) {
	size, spread := len(dw), g.winograd()
	if spread && size > 0 {
		size = 16 * g.Cin * g.Cout
	}
	j := &p.jobs.grad
	*j = convGradJob{x: x, dy: dy, g: g, in: g.padded(), size: size, offs: j.offs[:0], depthwise: depthwise, spread: spread, before: before,
		out: plane{h: g.OH, w: g.OW, c: g.Cout, rows: g.OH, cols: g.OW}}
	if len(data.phases) > 0 {
		j.data, j.out = data, data.in
	}
	j.offs, j.m = g.taps(j.offs, !depthwise && g.merged())
	j.chunks = imageChunks(g.N, g.OH*g.OW, size)
	j.band = j.rows()
	if size > 0 {
		// The data's flipped weights are in the pool's scratch.
		j.part = p.third((j.chunks + 1) * size)
	}
	p.sweep(j.chunks, j)
	switch {
	case size > 0 && spread:
		sum := j.part[j.chunks*size:]
		clear(sum)
		p.fold(sum, j.part, j.chunks)
		gather(dw, sum, g.Cin*g.Cout)
	case size > 0:
		p.fold(dw, j.part, j.chunks)
	}
	*j = convGradJob{offs: j.offs[:0]}
}

// imageChunks returns into how many chunks the gradient of size weights over n images of so many pixels is cut.
func imageChunks(n, pixels, size int) int {
	const most, pixelsWorth, floats = 16, 512, 4 << 20
	return max(1, min(n, most, n*pixels/pixelsWorth, floats/max(size, 1)))
}

type convGradJob struct {
	x, dy        source
	part         []float32
	g            ConvShape
	in           plane    // the padded input
	out          plane    // the output's gradient as data reads it
	data         *convJob // nil: the gradient of the data is not wanted
	before       NormGrad
	offs         []int64
	m            int // weights rows of one tap
	size, chunks int
	band         int // output rows taken at a time
	depthwise    bool
	spread       bool // as winograd.go has it
}

// do sums one chunk of images into its part.
func (j *convGradJob) do(w *worker, i int) {
	g := &j.g
	part := j.part[i*j.size:][:j.size]
	lo, hi := i*g.N/j.chunks, (i+1)*g.N/j.chunks
	for n := lo; n < hi; n++ {
		for oh := 0; oh < g.OH; oh += j.band {
			rows := min(j.band, g.OH-oh)
			dy, inner := j.slopes(w, n, oh, rows, min(oh, j.band))
			var in []float32
			if j.size > 0 {
				in = j.input(w, n, oh, rows)
			}
			w.soon = ahead{}
			switch next := oh + rows; {
			case next < g.OH:
				j.ahead(&w.soon, n, next)
			case n+1 < hi:
				j.ahead(&w.soon, n+1, 0)
			case w.next >= 0:
				j.ahead(&w.soon, w.next*g.N/j.chunks, 0)
			}
			if j.size > 0 {
				load := n > lo || oh > 0
				if j.spread {
					j.winograd(w, part, in, dy[inner:], rows, load)
				} else {
					j.block(w, part, in, dy[inner:], g.OW, rows, load)
				}
			}
			if j.data == nil {
				continue
			}
			if j.band == g.OH {
				rows = j.data.phases[0].rows
			}
			j.data.compute(w, dy, n, oh, rows)
		}
		if j.before.C > 0 {
			size := g.H * g.W * g.Cin
			j.data.moments.dot(w, n, &j.before, j.data.y[n*size:][:size], j.before.X[n*size:])
		}
	}
}

// ahead asks for what slopes and input will read for the band from row oh of image n on.
func (j *convGradJob) ahead(a *ahead, n, oh int) {
	g := &j.g
	rows := min(j.band, g.OH-oh)
	if j.data != nil {
		j.data.ahead(a, n, oh, rows)
	} else {
		j.out.ahead(a, &j.dy, n, oh, oh+rows)
	}
	if j.size > 0 {
		j.in.ahead(a, &j.x, n, oh*g.Stride, (oh+rows-1)*g.Stride+(g.KH-1)*g.Dilation+1)
	}
}

// slopes returns the gradient of rows of the output of image n from row oh on, with the padding that data reads, and where the
// first of its pixels is. Those of the before rows in front of them were read last, unless before is 0; nothing is read twice, for
// the gradient of the data may have been written over it.
func (j *convGradJob) slopes(w *worker, n, oh, rows, before int) (dy []float32, inner int) {
	switch {
	case j.data != nil:
		if j.band == j.g.OH {
			rows = j.data.phases[0].rows
		}
		return j.data.input(w, n, oh, rows, before), -(j.out.row0*j.out.cols + j.out.col0) * j.out.c
	case j.dy.f == nil:
		return j.dy.x[0][(n*j.g.OH+oh)*j.g.OW*j.g.Cout:], 0
	}
	line := j.g.OW * j.g.Cout
	dy = w.scratch(rows * line)
	j.dy.read(w, dy, (n*j.g.OH+oh)*line, j.g.Cout)
	return dy, 0
}

// input returns the padded input that rows of the output of image n from row oh on read.
func (j *convGradJob) input(w *worker, n, oh, rows int) []float32 {
	g, line := &j.g, j.in.cols*j.g.Cin
	at, top := n*g.H*g.W*g.Cin, oh*g.Stride
	if j.in.bare() && j.x.f == nil {
		return j.x.x[0][at:][:g.H*line][top*line:]
	}
	in := w.second(((rows-1)*g.Stride + (g.KH-1)*g.Dilation + 1) * line)
	j.in.fill(w, in, &j.x, at, top)
	return in
}

// rows is how many output rows are taken at a time, so that input and gradient stay in a near cache: the nearest where
// no row is read twice, else the second-level one.
func (j *convGradJob) rows() int {
	const near, second = 8 << 10, 64 << 10
	g := &j.g
	size, span := second, (g.KH-1)*g.Dilation+1
	if span <= g.Stride {
		size = near
	}
	if j.data != nil {
		// A band of the output must be that of as many rows of the first phase, and lie in what these read.
		if d := j.data; d.phases[0].rows != g.OH || -d.in.row0 >= d.span() {
			return g.OH
		}
	}
	row := j.in.cols*g.Cin*g.Stride + j.out.cols*g.Cout
	bands := (g.OH*row + size - 1) / size
	rows := max(1, (g.OH+bands-1)/bands)
	if j.spread {
		rows += rows % 2
	}
	return rows
}

// block adds rows×cols pixels to every weight of the part.
func (j *convGradJob) block(w *worker, part, in, dy []float32, cols, rows int, load bool) {
	g := &j.g
	t := &w.tile
	line := j.in.cols * g.Cin
	*t = tileArgs{
		lda: g.Stride * g.Cin * 4, ldb: g.Cout * 4, ldc: g.Cout * 4, taps: 1, k: cols, rows: rows,
		rowa: g.Stride * line * 4, rowb: j.out.cols * g.Cout * 4, ahead: w.soon,
	}
	if load {
		t.load = 1
	}
	if j.depthwise {
		j.channels(w, part, in, dy)
	} else {
		j.products(w, part, in, dy)
	}
	w.soon = t.ahead
	*t = tileArgs{}
}

// products sums the outer products of pixels and their gradients.
func (j *convGradJob) products(w *worker, part, in, dy []float32) {
	t := &w.tile
	cin, cout := j.g.Cin/j.g.Groups, j.g.Cout/j.g.Groups
	for tap, off := range j.offs {
		for gr := range j.g.Groups {
			for col, next := 0, 0; col < cout; col = next {
				t.nv, t.tail, next = w.set.panel(col, cout)
				t.a, t.b, t.c = at(in, int(off)/4+gr*cin), at(dy, gr*cout+col), at(part, tap*j.m*j.g.Cout+gr*cout+col)
				w.set.sweepTN(t, j.m)
			}
		}
	}
}

// channels sums a depthwise gradient, as many taps at a time as there are registers for.
func (j *convGradJob) channels(w *worker, part, in, dy []float32) {
	t := &w.tile
	t.rowa -= t.k * t.lda
	t.rowb -= t.k * t.ldb
	for c := 0; c < j.g.Cin; c += t.nv * 16 {
		t.a, t.b = at(in, c), at(dy, c)
		t.nv, t.tail = channels(w.set.tileDG, c, j.g.Cin)
		kernels := w.set.tileDG[t.nv]
		blocks := (len(j.offs) + len(kernels) - 2) / (len(kernels) - 1)
		for b := range blocks {
			tap, end := b*len(j.offs)/blocks, (b+1)*len(j.offs)/blocks
			t.offs, t.taps = unsafe.Pointer(&j.offs[tap]), end-tap
			t.c = at(part, tap*j.g.Cin+c)
			kernels[t.taps](t)
		}
	}
}

// fold adds the sum of the parts, in their order, to sum.
func (p *Pool) fold(sum, parts []float32, n int) {
	j := &p.jobs.fold
	*j = foldJob{sum: sum, parts: parts, n: n}
	p.run((len(sum)+foldBlock-1)/foldBlock, j)
	*j = foldJob{}
}

const foldBlock = 4096

type foldJob struct {
	sum, parts []float32
	n          int
}

func (j *foldJob) do(w *worker, i int) {
	lo, hi := i*foldBlock, min((i+1)*foldBlock, len(j.sum))
	acc := j.parts[lo:hi]
	for part := 1; part < j.n; part++ {
		w.add(acc, j.parts[part*len(j.sum)+lo:][:hi-lo])
	}
	w.add(j.sum[lo:hi], acc)
}

// add computes y += x on one thread.
func (w *worker) add(y, x []float32) {
	t := &w.vec
	*t = vecArgs{rows: 1, cols: len(y)}
	t.y[0], t.x[0], t.x[1] = at(y, 0), at(y, 0), span(x, 0, len(y))
	w.set.vec.add(t)
	*t = vecArgs{}
}
