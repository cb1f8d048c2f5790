package kernel

// ConvNorm is a convolution together with the batch norms around it: In is applied while the input is read, so that
// its result is never stored, and sums for the next one are taken while the output is near. Results are those of the
// separate operations but for the order of the sums over rows.
type ConvNorm struct {
	Shape ConvShape
	X, W  []float32
	In    Norm
}

// Forward computes y = In(x) ∗ w and, unless mean is nil, mean and biased variance of each channel of y. Their sums are taken
// for each image (or band of a large one) about its first pixel in float32 and added in float64 in the order of the images.
func (c ConvNorm) Forward(p *Pool, y, mean, variance []float32) {
	p = p.or()
	g := c.Shape.flat()
	j := &p.jobs.conv
	j.forward(p, y, c.In.source(p.set.vec, c.X), c.W[:g.weights()], g, g.Depthwise())
	if mean != nil {
		j.moments = p.moments(p.set.vec.colMoments, j.n*j.bands, g.Cout)
	}
	p.sweep(j.n*j.bands, j)
	if mean != nil {
		j.statistics(mean, variance)
	}
	j.release()
}

// ConvNormGrad says where the gradients of a ConvNorm go, and through what that of its output comes.
type ConvNormGrad struct {
	DX    []float32 // gradient of In(x), overwritten; nil if not wanted; may be DY where ConvShape.InPlace
	Add   bool      // add to DX instead, each sum beginning with what is there; not for depthwise convolutions
	DW    []float32 // added to as by ConvBackwardWeights; nil if not wanted
	DY    []float32 // gradient of the output, or with Slope that of the batch norm which reads the output
	Slope NormSlope
	// Before, unless its C is 0, is the backward pass of In: with DY = DX its sums are taken while DX is near, one
	// image after another, its parameters' gradients are added to, and Linear and Const are set. Its DX is not touched.
	Before NormGrad
}

// Backward computes the gradients of Forward.
func (c ConvNorm) Backward(p *Pool, d ConvNormGrad) {
	p = p.or()
	g := c.Shape.flat()
	dy := d.Slope.source(p.set.vec, d.DY)
	j := &p.jobs.conv
	if d.DX != nil {
		j.backward(p, d.DX, dy, c.W[:g.weights()], g, g.Depthwise())
		j.add = d.Add
	}
	if d.Before.C > 0 {
		j.moments = p.moments(p.set.vec.normDot[d.Before.Act], g.N, g.Cin)
	}
	p.gradient(d.DW, c.In.source(p.set.vec, c.X), dy, g, g.Depthwise(), j, d.Before)
	if d.Before.C > 0 {
		d.Before.finish(j.moments.sums, j.moments.squares, g.N)
	}
	j.release()
}

// InPlace reports whether the gradient of the input can be written over that of the output: each image has as many numbers, and
// what is read of it is copied first.
func (g ConvShape) InPlace() bool {
	return g.Depthwise() && g.Stride == 1 && g.KH > 1 && g.OH == g.H && g.OW == g.W
}

// flat returns a convolution that is a matrix product with its pixels laid out anew, as images of a few rows of at most 128
// pixels: no pixel has neighbours, and blocks of this length run best.
func (g ConvShape) flat() ConvShape {
	if !g.rowsOnly() {
		return g
	}
	const longest, most, shortest = 128, 64, 16
	pixels := g.N * g.H * g.W
	w := divisor(pixels, longest)
	if w < min(shortest, g.W) {
		return g
	}
	g.N = divisor(pixels/w, most)
	g.W, g.H = w, pixels/w/g.N
	g.OW, g.OH = g.W, g.H
	return g
}

// divisor returns the largest divisor of n that is at most most.
func divisor(n, most int) int {
	d := max(1, min(n, most))
	for n%d != 0 {
		d--
	}
	return d
}
