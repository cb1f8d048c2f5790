package tensor

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxRank is the largest number of dimensions of a Shape.
const MaxRank = 4

// Shape is the list of extents of a tensor, outermost first; the last dimension is contiguous in memory. Images are
// batch×height×width×channels. Shapes are comparable; the zero Shape is that of a single number.
type Shape struct {
	dims [MaxRank]int
	rank int
}

// Of returns the shape with the given extents. It panics for more than MaxRank extents or a negative one: shapes
// are made by code, and those that come from users were checked when the network was built.
func Of(dims ...int) Shape {
	if len(dims) > MaxRank {
		panic(fmt.Sprintf("tensor: a shape has at most %d dimensions, not %d", MaxRank, len(dims)))
	}
	var s Shape
	s.rank = len(dims)
	for i, d := range dims {
		if d < 0 {
			panic(fmt.Sprintf("tensor: extent %d of dimension %d is negative", d, i))
		}
		s.dims[i] = d
	}
	return s
}

// Rank returns the number of dimensions.
func (s Shape) Rank() int { return s.rank }

// At returns the extent of dimension i, counted from the outermost; a negative i counts from the innermost (-1).
func (s Shape) At(i int) int {
	if i < 0 {
		i += s.rank
	}
	if i < 0 || i >= s.rank {
		panic(fmt.Sprintf("tensor: shape %v has no dimension %d", s, i))
	}
	return s.dims[i]
}

// Size returns the number of elements, 1 for the zero Shape.
func (s Shape) Size() int {
	n := 1
	for _, d := range s.dims[:s.rank] {
		n *= d
	}
	return n
}

// Dims returns the extents in a new slice.
func (s Shape) Dims() []int { return append([]int(nil), s.dims[:s.rank]...) }

// String returns the extents joined by "x", as in "64x32x32x16", or "scalar".
func (s Shape) String() string {
	if s.rank == 0 {
		return "scalar"
	}
	parts := make([]string, s.rank)
	for i, d := range s.dims[:s.rank] {
		parts[i] = strconv.Itoa(d)
	}
	return strings.Join(parts, "x")
}
