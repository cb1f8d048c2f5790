package kernel

import "math"

// PoolShape describes a pooling window of K×K pixels (K at most 15) over NHWC data, read like ConvShape; pixels
// outside the image take no part.
type PoolShape struct {
	N, H, W, C      int
	K, Stride       int
	PadTop, PadLeft int
	OH, OW          int
}

func (g PoolShape) conv() ConvShape {
	return ConvShape{N: g.N, H: g.H, W: g.W, Cin: g.C, Cout: g.C, KH: g.K, KW: g.K, Stride: g.Stride,
		PadTop: g.PadTop, PadLeft: g.PadLeft, Dilation: 1, Groups: g.C, OH: g.OH, OW: g.OW}
}

// MaxPoolForward computes y and, for the backward pass, which tap (kh·K+kw) held the largest value: the first of
// equals, or the first NaN if there is one. argmax has the length of y.
func MaxPoolForward(p *Pool, y, x []float32, argmax []uint8, g PoolShape) {
	p = p.or()
	j := &p.jobs.max
	*j = maxJob{y: y, x: x, arg: argmax, g: g}
	p.sweep(g.N, j)
	*j = maxJob{}
}

type maxJob struct {
	y, x []float32
	arg  []uint8
	g    PoolShape
}

// do pools one image: for each row of outputs it goes through the taps and, for each, through the outputs whose tap
// lies inside the image, all at once where their inputs are neighbours.
func (j *maxJob) do(w *worker, n int) {
	g := &j.g
	img := j.x[n*g.H*g.W*g.C:][:g.H*g.W*g.C]
	line := g.OW * g.C
	arg := w.scratch(line)
	for oh := range g.OH {
		out := j.y[(n*g.OH+oh)*line:][:line]
		h0 := oh*g.Stride - g.PadTop
		for i := range out {
			out[i] = float32(math.Inf(-1))
		}
		for ow := range g.OW {
			first := float32(max(-h0, 0)*g.K + max(g.PadLeft-ow*g.Stride, 0))
			for c := range g.C {
				arg[ow*g.C+c] = first
			}
		}
		for kh := max(-h0, 0); kh < min(g.K, g.H-h0); kh++ {
			for kw := range g.K {
				lo, hi := g.reach(kw)
				row := (h0 + kh) * g.W
				switch {
				case lo >= hi:
				case g.Stride == 1:
					j.step(w, out, arg, img, lo*g.C, (row+lo-g.PadLeft+kw)*g.C, (hi-lo)*g.C, kh*g.K+kw)
				default:
					for ow := lo; ow < hi; ow++ {
						j.step(w, out, arg, img, ow*g.C, (row+ow*g.Stride-g.PadLeft+kw)*g.C, g.C, kh*g.K+kw)
					}
				}
			}
		}
		taps := j.arg[(n*g.OH+oh)*line:][:line]
		for i, v := range arg {
			taps[i] = uint8(int32(v))
		}
	}
	w.vec = vecArgs{}
}

// step takes n inputs of one tap into account.
func (j *maxJob) step(w *worker, out, arg, img []float32, to, from, n, tap int) {
	t := &w.vec
	*t = vecArgs{rows: 1, cols: n}
	t.s[0] = float32(tap)
	t.y[0], t.y[1] = span(out, to, n), span(arg, to, n)
	t.x[0], t.x[1], t.x[2] = t.y[0], t.y[1], span(img, from, n)
	w.set.vec.maxStep(t)
}

// reach returns the outputs of a row whose tap kw lies inside the image.
func (g PoolShape) reach(kw int) (lo, hi int) {
	lo = (max(g.PadLeft-kw, 0) + g.Stride - 1) / g.Stride
	if last := g.W - 1 + g.PadLeft - kw; last >= 0 {
		hi = min(last/g.Stride+1, g.OW)
	}
	return lo, hi
}

// MaxPoolBackward gives each dy to the tap that argmax names; dx is overwritten.
func MaxPoolBackward(p *Pool, dx, dy []float32, argmax []uint8, g PoolShape) {
	p = p.or()
	j := &p.jobs.maxGrad
	*j = maxGradJob{dx: dx, dy: dy, arg: argmax, g: g}
	p.sweep(g.N, j)
	*j = maxGradJob{}
}

type maxGradJob struct {
	dx, dy []float32
	arg    []uint8
	g      PoolShape
}

func (j *maxGradJob) do(_ *worker, n int) {
	g := &j.g
	img := j.dx[n*g.H*g.W*g.C:][:g.H*g.W*g.C]
	clear(img)
	var tap [256]int // where each tap lies from the first
	for k := range g.K * g.K {
		tap[k] = (k/g.K*g.W + k%g.K) * g.C
	}
	for oh := range g.OH {
		for ow := range g.OW {
			at := ((n*g.OH+oh)*g.OW + ow) * g.C
			base := ((oh*g.Stride-g.PadTop)*g.W + ow*g.Stride - g.PadLeft) * g.C
			arg := j.arg[at:][:g.C]
			for i, v := range j.dy[at:][:g.C] {
				img[base+tap[arg[i]]+i] += v
			}
		}
	}
}
