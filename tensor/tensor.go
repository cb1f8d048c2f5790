package tensor

import "fmt"

// Tensor is a contiguous block of float32 with a shape. It is a view: copies of a Tensor share their data.
type Tensor struct {
	shape Shape
	data  []float32
}

// New returns a tensor of zeros.
func New(s Shape) Tensor { return Tensor{shape: s, data: make([]float32, s.Size())} }

// View returns a tensor over existing data, which it shares. It panics when the length is not that of the shape.
func View(s Shape, data []float32) Tensor {
	if len(data) != s.Size() {
		panic(fmt.Sprintf("tensor: %d numbers do not make a tensor of shape %v", len(data), s))
	}
	return Tensor{shape: s, data: data}
}

// Shape returns the shape.
func (t Tensor) Shape() Shape { return t.shape }

// Data returns the elements in row-major order; writing to them changes the tensor.
func (t Tensor) Data() []float32 { return t.data }

// Clone returns a tensor of the same shape with its own copy of the data.
func (t Tensor) Clone() Tensor {
	return Tensor{shape: t.shape, data: append([]float32(nil), t.data...)}
}

// Named is a tensor with the name under which it is stored, such as "stage1.block0.conv.weight".
type Named struct {
	Name string
	Tensor
}
