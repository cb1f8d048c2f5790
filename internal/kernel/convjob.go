package kernel

import "unsafe"

// convJob runs a convolution whose strides and taps are already worked out: it serves the forward pass and, with
// flipped weights, the gradient of the data. A task is a band of output rows of one image; it copies the input rows
// that the band reads to scratch memory with the padding written out, so that every block of outputs is alike.
type convJob struct {
	y, w   []float32
	x      source
	in     plane // the padded input
	phases []convPhase
	offs   []int64
	n      int // images
	bands  int
	rows   int // rows of a band, counted in the first phase
	ldy    int // channels between pixels of y, and of a row of w
	outH   int
	outW   int
	stride int // pixels of y between outputs of a phase
	step   int // pixels of x between outputs of a phase
	groups int
	cols   int // outputs of one group
	wRow   int // floats in a row of w
	wGroup int // floats from a group's weights to the next one's

	depthwise bool // channel by channel instead of a matrix product
	add       bool // to what y holds; not when depthwise
	moments   moments
	spread    []float32 // the weights as winograd.go wants them, where it is used
}

// convPhase is the set of outputs (row0 + stride·i, col0 + stride·j) that share their taps; a forward pass has one.
type convPhase struct {
	row0, col0 int
	rows, cols int
	taps       int // entries of offs
	firstTap   int
	k          int // products of one tap
	across     int // depthwise: the taps come in rows of so many neighbours; 0 if they do not
	w          int // where its weights begin
}

// plane describes an image copied with its padding: rows row0 … and cols columns from col0 of an h×w image of c channels.
type plane struct{ h, w, c, row0, col0, rows, cols int }

// bare reports whether the plane is the image itself.
func (a plane) bare() bool { return a.row0 == 0 && a.col0 == 0 && a.rows == a.h && a.cols == a.w }

// fill reads rows from … from+len(to)/(cols·c) of the plane of the image that begins at number i of x, zeros outside it.
func (a plane) fill(w *worker, to []float32, x *source, i, from int) {
	if a.bare() {
		x.read(w, to, i+from*a.w*a.c, a.c)
		return
	}
	line := a.cols * a.c
	left := max(-a.col0, 0)
	lo, hi := max(a.col0, 0), max(min(a.col0+a.cols, a.w), 0)
	for at := 0; at < len(to); at += line {
		row := to[at:][:line]
		r := a.row0 + from
		from++
		if r < 0 || r >= a.h || lo >= hi {
			clear(row)
			continue
		}
		clear(row[:left*a.c])
		x.read(w, row[left*a.c:][:(hi-lo)*a.c], i+(r*a.w+lo)*a.c, a.c)
		clear(row[(left+hi-lo)*a.c:])
	}
}

// ahead asks for what fill will read of rows from … to of the plane of image n.
func (a plane) ahead(soon *ahead, x *source, n, from, to int) {
	line := a.w * a.c
	lo, hi := max(a.row0+from, 0), min(a.row0+to, a.h)
	if lo < hi {
		x.ahead(soon, (n*a.h+lo)*line, (hi-lo)*line)
	}
}

// cut chooses the bands: whole images when there are enough of them and they fit the second-level cache.
func (j *convJob) cut(outRows int) {
	j.bands = 1
	if j.n < 8 {
		j.bands = (8 + j.n - 1) / j.n
	}
	const cacheFloats = 64 << 10
	if size := j.in.rows * j.in.cols * j.in.c; size > cacheFloats {
		j.bands = max(j.bands, (size+cacheFloats-1)/cacheFloats)
	}
	j.rows = (outRows + j.bands - 1) / j.bands
	if j.spread != nil {
		j.rows += j.rows % 2
	}
	j.bands = (outRows + j.rows - 1) / j.rows
}

func (j *convJob) do(w *worker, i int) {
	n, first := i/j.bands, i%j.bands*j.rows
	rows := min(j.rows, j.phases[0].rows-first)
	step := rows
	if j.x.f != nil && j.span() <= j.step {
		// Nothing is read twice, so that a few rows at a time can be worked out next to the processor.
		const nearFloats = 6 << 10
		step = max(1, nearFloats/(j.step*j.in.cols*j.in.c))
	}
	for at := 0; at < rows; at += step {
		part := min(step, rows-at)
		in := j.input(w, n, first+at, part, 0)
		w.soon = ahead{}
		if next := at + part; next < rows {
			j.ahead(&w.soon, n, first+next, min(step, rows-next))
		} else if w.next >= 0 {
			first := w.next % j.bands * j.rows
			j.ahead(&w.soon, w.next/j.bands, first, min(step, j.phases[0].rows-first))
		}
		j.compute(w, in, n, first+at, part)
	}
	if j.moments.wanted() {
		size := j.outW * j.ldy
		j.moments.take(w, i, j.y[(n*j.outH+first)*size:][:rows*size], j.ldy)
	}
}

// span is how many rows of the plane a row of outputs reads.
func (j *convJob) span() int { return j.in.rows - (j.phases[0].rows-1)*j.step }

// input returns the rows of the plane that rows of outputs from first of image n read. Unless before is 0, the worker's last input
// was that of the before rows in front of these, and what the two have in common is taken from there.
func (j *convJob) input(w *worker, n, first, rows, before int) []float32 {
	line, at := j.in.cols*j.in.c, n*j.in.h*j.in.w*j.in.c
	top := first * j.step
	if j.in.bare() && j.x.f == nil {
		return j.x.x[0][at:][:j.in.h*line][top*line:]
	}
	last := w.mem
	buf, kept := w.scratch(min((rows-1)*j.step+j.span(), j.in.rows-top)*line), 0
	if before > 0 {
		kept = max(0, j.span()-j.step)
		copy(buf, last[before*j.step*line:][:kept*line])
	}
	j.in.fill(w, buf[kept*line:], &j.x, at, top+kept)
	return buf
}

// ahead asks for what compute will write and what input will read before that.
func (j *convJob) ahead(a *ahead, n, first, rows int) {
	if &j.y[0] != &j.x.x[0][0] {
		top, bottom, size := first*j.stride, min((first+rows)*j.stride, j.outH), j.outW*j.ldy
		a.then(j.y[(n*j.outH+top)*size:][:(bottom-top)*size])
	}
	j.in.ahead(a, &j.x, n, first*j.step, (first+rows-1)*j.step+j.span())
}

// compute runs the phases of rows of outputs, counted in the first phase, from first of image n; in begins with the
// first row of the plane that they read.
func (j *convJob) compute(w *worker, in []float32, n, first, rows int) {
	out := j.y[n*j.outH*j.outW*j.ldy:][:j.outH*j.outW*j.ldy]
	for q := range j.phases {
		ph := &j.phases[q]
		rows := min(rows, ph.rows-first)
		if rows <= 0 || ph.cols <= 0 {
			continue
		}
		if ph.taps == 0 {
			if !j.add {
				j.clear(out, ph, first, rows)
			}
			continue
		}
		if j.spread != nil {
			j.winograd(w, in, out[first*j.outW*j.ldy:], rows)
		} else {
			j.sweep(w, in, out, ph, first, rows)
		}
	}
}

// sweep runs one phase of a band.
func (j *convJob) sweep(w *worker, img, out []float32, ph *convPhase, first, rows int) {
	line := j.in.cols * j.in.c
	y0 := ((ph.row0+first*j.stride)*j.outW + ph.col0) * j.ldy
	t := &w.tile
	*t = tileArgs{
		offs: unsafe.Pointer(&j.offs[ph.firstTap]), taps: ph.taps, k: ph.k, rows: rows,
		lda: j.step * j.in.c * 4, ldb: j.wRow * 4, ldc: j.stride * j.ldy * 4,
		rowa: j.step * line * 4, rowc: j.stride * j.outW * j.ldy * 4, ahead: w.soon,
	}
	if j.add {
		t.load = 1
	}
	if tiles := w.set.slides(ph.across, j.step); j.depthwise && tiles != nil {
		t.nv = 1
		for c := 0; c < j.in.c; c += 16 {
			t.a, t.b, t.c, t.tail = at(img, c), at(j.w, ph.w+c), at(out, y0+c), min(16, j.in.c-c)
			sweep(tiles, t, ph.cols)
		}
	} else if j.depthwise {
		for c := 0; c < j.in.c; c += t.nv * 16 {
			t.a, t.b, t.c = at(img, c), at(j.w, ph.w+c), at(out, y0+c)
			t.nv, t.tail = channels(w.set.tileDW, c, j.in.c)
			sweep(w.set.tileDW[t.nv], t, ph.cols)
		}
	} else {
		for gr := range j.groups {
			for col, next := 0, 0; col < j.cols; col = next {
				t.nv, t.tail, next = w.set.panel(col, j.cols)
				t.a, t.b, t.c = at(img, gr*(j.in.c/j.groups)), at(j.w, ph.w+gr*j.wGroup+col), at(out, y0+gr*j.cols+col)
				sweep(w.set.tileNN[t.nv], t, ph.cols)
			}
		}
	}
	w.soon = t.ahead
	*t = tileArgs{}
}

// clear zeroes the outputs of a phase that no tap reaches.
func (j *convJob) clear(out []float32, ph *convPhase, first, rows int) {
	for r := range rows {
		for c := range ph.cols {
			at := ((ph.row0+(first+r)*j.stride)*j.outW + ph.col0 + c*j.stride) * j.ldy
			clear(out[at:][:j.ldy])
		}
	}
}

// release forgets the operands and keeps the tables' memory.
func (j *convJob) release() { *j = convJob{phases: j.phases[:0], offs: j.offs[:0]} }
