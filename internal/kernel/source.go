package kernel

// source is an image batch as a convolution reads it: stored as it is, or worked out from what is stored, a few rows at a time,
// by a vector kernel of two arrays and four parameters of a channel. Reading through a batch norm in this way costs
// the convolution little, for it copies its input to near memory anyway, and saves writing and reading the whole batch once.
type source struct {
	f func(*vecArgs) // nil: the numbers are x[0]
	x [2][]float32
	p [4][]float32
}

// stored is the source of numbers as they lie in memory.
func stored(x []float32) source { return source{x: [2][]float32{x}} }

// read writes len(to)/c pixels of c channels to to, beginning with number i.
func (s *source) read(w *worker, to []float32, i, c int) {
	n := len(to)
	if s.f == nil {
		copy(to, s.x[0][i:i+n])
		return
	}
	t := &w.vec
	*t = vecArgs{rows: n / c, cols: c}
	t.y[0] = at(to, 0)
	for k, x := range s.x {
		if x != nil {
			t.x[k] = span(x, i, n)
		}
	}
	for k, p := range s.p {
		if p != nil {
			t.p[k] = span(p, 0, c)
		}
	}
	s.f(t)
	*t = vecArgs{}
}

// ahead asks for the n numbers from number i that a read of as many will need.
func (s *source) ahead(a *ahead, i, n int) {
	for _, x := range s.x {
		if x != nil {
			a.then(x[i : i+n])
		}
	}
}

// Norm is a batch norm with its activation as the convolution after it applies it while reading: Act(x·Scale + Shift),
// Scale and Shift a number a channel. The zero value reads x as it is.
type Norm struct {
	Scale, Shift []float32
	Act          Act
}

// source returns x read through the norm.
func (m Norm) source(v *vecSet, x []float32) source {
	if m.Scale == nil {
		return stored(x)
	}
	return source{f: v.norm[m.Act], x: [2][]float32{x}, p: [4][]float32{m.Scale, m.Shift}}
}

// NormSlope is the way of a gradient back through a batch norm, as the convolution before it applies it while reading:
// Scale·dz + (Linear·X + Const) with dz = dy·Act'(X·Scale + Shift), X being the output of the convolution. The zero value
// reads dy as it is.
type NormSlope struct {
	Norm
	X             []float32
	Linear, Const []float32 // a number a channel
}

// source returns dy read through the slope.
func (m NormSlope) source(v *vecSet, dy []float32) source {
	if m.Scale == nil {
		return stored(dy)
	}
	return source{f: v.normBack[m.Act], x: [2][]float32{dy, m.X}, p: [4][]float32{m.Scale, m.Shift, m.Linear, m.Const}}
}

// Foldable reports whether convolutions read through a batch norm with this activation. Where the activation is costly
// to evaluate its values are better stored.
func (act Act) Foldable() bool {
	switch act {
	case SiLU, Sigmoid, Tanh, GELU:
		return false
	}
	return true
}
