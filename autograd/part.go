package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Leading takes the first extents of every dimension of x: the part of a supernet's weights that a narrower network uses
// (elastic width; Cai et al., 2020, "Once-for-All"). Its gradient is added to that part alone.
func (t *Tape) Leading(x *Var, extents ...int) *Var {
	return t.part(x, [tensor.MaxRank]int{}, tensor.Of(extents...))
}

// Centre takes the middle k×k of the first two dimensions of kernels K×K×…: the weights of a smaller kernel (elastic
// kernel size). K−k must be even.
func (t *Tape) Centre(x *Var, k int) *Var {
	s := x.shape.Dims()
	check(len(s) > 2 && s[0] == s[1] && k >= 1 && k <= s[0] && (s[0]-k)%2 == 0, "the middle %d×%d of %v", k, k, x.shape)
	var at [tensor.MaxRank]int
	at[0], at[1] = (s[0]-k)/2, (s[0]-k)/2
	s[0], s[1] = k, k
	return t.part(x, at, tensor.Of(s...))
}

// part takes the block of the given shape that begins at an index of x.
func (t *Tape) part(x *Var, at [tensor.MaxRank]int, shape tensor.Shape) *Var {
	check(shape.Rank() == x.shape.Rank(), "a part %v of %v", shape, x.shape)
	for i := range shape.Rank() {
		check(shape.At(i) >= 1 && at[i]+shape.At(i) <= x.shape.At(i), "a part %v of %v", shape, x.shape)
	}
	if shape == x.shape {
		return x
	}
	o := t.record("part", shape, x)
	y, dx := o.out, o.in[0]
	runs, n := partRuns(x.shape, at, shape)
	o.forward = func() {
		for i, from := range runs {
			copy(y.value[i*n:][:n], x.value[from:])
		}
	}
	dx.sums = true
	o.backward = func() {
		d := dx.sum()
		for i, from := range runs {
			kernel.AddTo(t.pool, d[from:][:n], y.grad[i*n:][:n])
		}
	}
	return y
}

// partRuns returns where the rows of a part begin in the whole, and how long they are.
func partRuns(whole tensor.Shape, at [tensor.MaxRank]int, part tensor.Shape) (runs []int, n int) {
	last := part.Rank() - 1
	runs = []int{0}
	for i := range last {
		var next []int
		for _, r := range runs {
			for k := range part.At(i) {
				next = append(next, r*whole.At(i)+at[i]+k)
			}
		}
		runs = next
	}
	for i := range runs {
		runs[i] = runs[i]*whole.At(last) + at[last]
	}
	return runs, part.At(last)
}

// TransformKernel multiplies the K·K weights of every pair of channels of x, K×K×…, by a matrix K²×K²: what the middle
// of a large kernel has to become to serve as a small one (Cai et al., 2020).
func (t *Tape) TransformKernel(x, matrix *Var) *Var {
	kk := x.shape.At(0) * x.shape.At(1)
	n := x.shape.Size() / kk
	check(matrix.shape == tensor.Of(kk, kk), "kernels %v transformed by %v", x.shape, matrix.shape)
	o := t.record("transformkernel", x.shape, x, matrix)
	o.keep = []*Var{x, matrix}
	y, dx, dm := o.out, o.in[0], o.in[1]
	o.forward = func() { kernel.Gemm(t.pool, y.value, matrix.value, x.value, kk, n, kk, false, false, false) }
	dm.sums = true
	o.backward = func() {
		if d := dm.sum(); d != nil {
			kernel.Gemm(t.pool, d, y.grad, x.value, kk, kk, n, false, true, true)
		}
		if d := dx.target(); d != nil {
			kernel.Gemm(t.pool, d, matrix.value, y.grad, kk, n, kk, true, false, false)
			dx.finish(t.pool)
		}
	}
	return y
}
