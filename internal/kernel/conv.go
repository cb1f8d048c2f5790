package kernel

// ConvForward computes y = x ∗ w; y is overwritten. Lengths: y N·OH·OW·Cout, x N·H·W·Cin, w KH·KW·(Cin/Groups)·Cout.
// Each output sums in the order (kh, kw, cin), except where winograd.go says otherwise.
func ConvForward(p *Pool, y, x, w []float32, g ConvShape) {
	if g.rowsOnly() {
		Gemm(p, y, x, w, g.N*g.H*g.W, g.Cout, g.Cin, false, false, false)
		return
	}
	p.or().forward(y, stored(x), w[:g.weights()], g, g.Depthwise())
}

// forward runs a convolution, channel by channel if depthwise. A depthwise w of a single channel row serves every tap.
func (p *Pool) forward(y []float32, x source, w []float32, g ConvShape, depthwise bool) {
	j := &p.jobs.conv
	j.forward(p, y, x, w, g, depthwise)
	p.sweep(j.n*j.bands, j)
	j.release()
}

// forward prepares a convolution.
func (j *convJob) forward(p *Pool, y []float32, x source, w []float32, g ConvShape, depthwise bool) {
	j.y, j.x, j.w, j.depthwise = y, x, w, depthwise
	j.in = g.padded()
	j.n, j.ldy, j.outH, j.outW = g.N, g.Cout, g.OH, g.OW
	j.stride, j.step = 1, g.Stride
	j.groups, j.cols = g.Groups, g.Cout/g.Groups
	j.wRow, j.wGroup = g.Cout, j.cols
	if depthwise && len(w) == g.Cout {
		j.wRow = 0
	}
	var k int
	j.offs, k = g.taps(j.offs, !depthwise && g.merged())
	j.phases = append(j.phases, convPhase{rows: g.OH, cols: g.OW, taps: len(j.offs), k: k})
	if g.Dilation == 1 {
		j.phases[0].across = g.KW
	}
	if g.winograd() {
		j.spread = p.fourth(16 * g.Cin * g.Cout)
		spread(j.spread, w, g.Cin*g.Cout)
	}
	j.cut(g.OH)
}

// ConvBackwardData computes dx, the gradient of the input, from dy, that of the output; dx is overwritten. Each dx
// sums in the order of the dy pixels it reads (so kh and kw descend), then cout.
//
// With a stride s the pixels of dx fall into s² phases; each phase is a convolution of dy by the taps that reach it.
func ConvBackwardData(p *Pool, dx, dy, w []float32, g ConvShape) {
	if g.rowsOnly() {
		Gemm(p, dx, dy, w, g.N*g.H*g.W, g.Cin, g.Cout, false, true, false)
		return
	}
	p.or().backward(dx, stored(dy), w[:g.weights()], g, g.Depthwise())
}

// backward is the gradient of forward.
func (p *Pool) backward(dx []float32, dy source, w []float32, g ConvShape, depthwise bool) {
	j := &p.jobs.conv
	j.backward(p, dx, dy, w, g, depthwise)
	p.sweep(j.n*j.bands, j)
	j.release()
}

// backward prepares the gradient of forward.
func (j *convJob) backward(p *Pool, dx []float32, dy source, w []float32, g ConvShape, depthwise bool) {
	cin, cout := g.Cin/g.Groups, g.Cout/g.Groups
	j.y, j.x, j.depthwise = dx, dy, depthwise
	j.n, j.ldy, j.outH, j.outW = g.N, g.Cin, g.H, g.W
	j.stride, j.step = g.Stride, 1
	j.groups, j.cols = g.Groups, cin
	j.wRow, j.wGroup = cin, g.KH*g.KW*cin*cout
	if depthwise {
		j.wRow = g.Cin
	}
	top, bottom := g.reach(g.KH, g.PadTop, g.H, g.OH)
	left, right := g.reach(g.KW, g.PadLeft, g.W, g.OW)
	j.in = plane{h: g.OH, w: g.OW, c: g.Cout, row0: top, col0: left, rows: bottom - top, cols: right - left}
	j.w = p.scratch(g.KH * g.KW * cin * g.Cout)
	uniform := depthwise && len(w) == g.Cin
	at := 0
	for r := range g.Stride {
		for c := range g.Stride {
			ph := convPhase{k: cout, row0: r, col0: c, rows: (g.H - r + g.Stride - 1) / g.Stride, cols: (g.W - c + g.Stride - 1) / g.Stride,
				firstTap: len(j.offs), w: at}
			for kh := g.KH - 1; kh >= 0; kh-- {
				oh, ok := g.reads(r+g.PadTop, kh)
				run := 0
				for kw := g.KW - 1; ok && kw >= 0; kw-- {
					ow, ok := g.reads(c+g.PadLeft, kw)
					if !ok {
						continue
					}
					if run++; run == 1 || depthwise || !g.merged() {
						j.offs = append(j.offs, int64((oh-top)*j.in.cols+ow-left)*int64(g.Cout)*4)
					} else {
						ph.k = run * cout
					}
					tap := kh*g.KW + kw
					switch {
					case uniform:
						copy(j.w[at:], w)
						at += g.Cin
					case depthwise:
						copy(j.w[at:], w[tap*g.Cin:][:g.Cin])
						at += g.Cin
					default:
						flip(j.w[at:], w[tap*cin*g.Cout:], cin, cout, g.Groups, j.wGroup)
						at += cin * cout
					}
				}
			}
			ph.taps = len(j.offs) - ph.firstTap
			j.phases = append(j.phases, ph)
		}
	}
	if g.Dilation == 1 && g.Stride == 1 {
		j.phases[0].across = g.KW
	}
	if g.winograd() {
		j.spread = p.fourth(16 * g.Cin * g.Cout)
		spread(j.spread, j.w, g.Cin*g.Cout)
	}
	j.cut(j.phases[0].rows)
}

// weights returns the number of weights.
func (g ConvShape) weights() int { return g.KH * g.KW * g.Cin / g.Groups * g.Cout }

// Depthwise reports whether every channel is a group of its own.
func (g ConvShape) Depthwise() bool { return g.Groups > 1 && g.Groups == g.Cin && g.Cin == g.Cout }

// flip writes the weights of one tap, [cin][groups·cout], as [group][cout][cin], groups stride floats apart.
func flip(to, w []float32, cin, cout, groups, stride int) {
	for gr := range groups {
		out := to[gr*stride:][:cin*cout]
		for ci := range cin {
			in := w[ci*groups*cout+gr*cout:][:cout]
			for co, v := range in {
				out[co*cin+ci] = v
			}
		}
	}
}

// reads returns the output index that tap k reads dy at for dx index 0 of a phase, at being phase + padding.
func (g ConvShape) reads(at, k int) (int, bool) {
	d := at - k*g.Dilation
	if d%g.Stride != 0 {
		return 0, false
	}
	return d / g.Stride, true
}

// reach returns the half-open range of dy indices, outside 0 … out too, that the phases read in one direction.
func (g ConvShape) reach(k, pad, in, out int) (lo, hi int) {
	lo, hi = 0, out
	n := (in + g.Stride - 1) / g.Stride // of the first phase, which has the most
	for r := range min(g.Stride, in) {
		for t := range k {
			if at, ok := g.reads(r+pad, t); ok {
				lo, hi = min(lo, at), max(hi, at+n)
			}
		}
	}
	return lo, hi
}

// rowsOnly reports whether the convolution is a matrix product over all pixels.
func (g ConvShape) rowsOnly() bool {
	return g.KH == 1 && g.KW == 1 && g.Stride == 1 && g.PadTop == 0 && g.PadLeft == 0 && g.Groups == 1 && g.OH == g.H && g.OW == g.W
}

// padded returns the input with all the padding that outputs read.
func (g ConvShape) padded() plane {
	return plane{h: g.H, w: g.W, c: g.Cin, row0: -g.PadTop, col0: -g.PadLeft,
		rows: (g.OH-1)*g.Stride + (g.KH-1)*g.Dilation + 1, cols: (g.OW-1)*g.Stride + (g.KW-1)*g.Dilation + 1}
}

// taps appends the byte offsets of the taps in the padded input and returns how many products each takes; when
// merged, a whole kernel row is one tap.
func (g ConvShape) taps(offs []int64, merged bool) ([]int64, int) {
	in := g.padded()
	for kh := range g.KH {
		for kw := range g.KW {
			if kw == 0 || !merged {
				offs = append(offs, int64((kh*in.cols+kw)*g.Dilation*g.Cin)*4)
			}
		}
	}
	if merged {
		return offs, g.KW * g.Cin
	}
	return offs, g.Cin / g.Groups
}

// merged reports whether the taps of a kernel row are neighbours in memory.
func (g ConvShape) merged() bool { return g.Groups == 1 && (g.Dilation == 1 || g.KW == 1) }
