package kernel

import "unsafe"

// ConvBackwardWeights adds to dw the gradient of the weights. The images are cut into at most 16 chunks, by the shape
// alone; a chunk sums in the order (n, oh, ow) from zero, and dw grows by ((chunk 0 + chunk 1) + chunk 2) + ….
func ConvBackwardWeights(p *Pool, dw, x, dy []float32, g ConvShape) {
	p.or().gradient(dw, x, dy, g, g.depthwise())
}

// gradient adds the gradient of the weights to dw.
func (p *Pool) gradient(dw, x, dy []float32, g ConvShape, depthwise bool) {
	size := g.weights()
	x, dy = x[:g.N*g.H*g.W*g.Cin], dy[:g.N*g.OH*g.OW*g.Cout]
	j := &p.jobs.grad
	*j = convGradJob{x: x, dy: dy, g: g, in: g.padded(), size: size, offs: j.offs[:0], depthwise: depthwise}
	j.offs, j.m = g.taps(j.offs, !depthwise && g.merged())
	j.chunks = imageChunks(g.N, g.OH*g.OW, size)
	j.part = p.scratch(j.chunks * size)
	p.run(j.chunks, j)
	p.fold(dw[:size], j.part, j.chunks)
	*j = convGradJob{offs: j.offs[:0]}
}

// imageChunks returns into how many chunks the gradient of size weights over n images of so many pixels is cut.
func imageChunks(n, pixels, size int) int {
	const most, pixelsWorth, floats = 16, 512, 4 << 20
	return max(1, min(n, most, n*pixels/pixelsWorth, floats/max(size, 1)))
}

type convGradJob struct {
	x, dy, part  []float32
	g            ConvShape
	in           plane
	offs         []int64
	m            int // weights rows of one tap
	size, chunks int
	depthwise    bool
}

// do sums one chunk of images into its part.
func (j *convGradJob) do(w *worker, i int) {
	g := &j.g
	part := j.part[i*j.size:][:j.size]
	lo, hi := i*g.N/j.chunks, (i+1)*g.N/j.chunks
	if g.rowsOnly() && !j.depthwise {
		const rows = 512 // pixels at a time, so that each is read from near memory by the later blocks of weights
		first, last := lo*g.OH*g.OW, hi*g.OH*g.OW
		for at := first; at < last; at += rows {
			j.block(w, part, j.x[at*g.Cin:], j.dy[at*g.Cout:], min(rows, last-at), 1, at > first)
		}
		return
	}
	band := j.band()
	span := (g.KH-1)*g.Dilation + 1
	line := j.in.cols * g.Cin
	load := false
	for n := lo; n < hi; n++ {
		img := j.x[n*g.H*g.W*g.Cin:][:g.H*g.W*g.Cin]
		for oh := 0; oh < g.OH; oh += band {
			rows := min(band, g.OH-oh)
			in := img
			if j.in.bare() {
				in = img[oh*g.Stride*line:]
			} else {
				in = w.scratch(((rows-1)*g.Stride + span) * line)
				j.in.fill(in, img, oh*g.Stride)
			}
			j.block(w, part, in, j.dy[(n*g.OH+oh)*g.OW*g.Cout:], g.OW, rows, load)
			load = true
		}
	}
}

// band is how many output rows are taken at a time, so that input and gradient stay in the second-level cache.
func (j *convGradJob) band() int {
	const cacheFloats = 48 << 10
	row := j.in.cols*j.g.Cin*j.g.Stride + j.g.OW*j.g.Cout
	return max(1, min(j.g.OH, cacheFloats/row))
}

// block adds rows×cols pixels to every weight of the part.
func (j *convGradJob) block(w *worker, part, in, dy []float32, cols, rows int, load bool) {
	g := &j.g
	t := &w.tile
	line := j.in.cols * g.Cin
	*t = tileArgs{
		lda: g.Stride * g.Cin * 4, ldb: g.Cout * 4, ldc: g.Cout * 4, taps: 1, k: cols, rows: rows,
		rowa: g.Stride * line * 4, rowb: g.OW * g.Cout * 4,
	}
	if load {
		t.load = 1
	}
	if j.depthwise {
		j.channels(w, part, in, dy)
	} else {
		j.products(w, part, in, dy)
	}
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
