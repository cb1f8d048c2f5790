package network

import (
	"fmt"
	"strconv"
	"strings"
)

// maxElements bounds the elements of one tensor, so that every size fits in an int on any machine.
const maxElements = 1<<31 - 1

// Shape is the shape of one sample, channels last. An image is height × width × channels, a vector is 1×1×C and a
// sequence of T steps is 1×T×C. Every dimension of a valid shape is at least 1. Shapes are comparable with ==.
type Shape struct{ H, W, C int }

// Vector returns the shape of a vector of c numbers, 1×1×c.
func Vector(c int) Shape { return Shape{1, 1, c} }

// Elements returns the number of float32 values in a tensor of this shape.
func (s Shape) Elements() int { return s.H * s.W * s.C }

// Bytes returns the size of a float32 tensor of the shape.
func (s Shape) Bytes() int64 { return 4 * int64(s.Elements()) }

// IsVector tells whether height and width are both 1.
func (s Shape) IsVector() bool { return s.H == 1 && s.W == 1 }

// String returns the text form, as "28x28x1". [ParseShape] reads it back.
func (s Shape) String() string {
	b := make([]byte, 0, 16)
	b = strconv.AppendInt(b, int64(s.H), 10)
	b = append(b, 'x')
	b = strconv.AppendInt(b, int64(s.W), 10)
	b = append(b, 'x')
	b = strconv.AppendInt(b, int64(s.C), 10)
	return string(b)
}

// MarshalText returns the text form.
func (s Shape) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the text form as [ParseShape] does.
func (s *Shape) UnmarshalText(text []byte) error {
	parsed, err := ParseShape(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// Check returns an error when a dimension is below 1 or the tensor would hold more than 2³¹−1 elements.
func (s Shape) Check() error {
	if s.H < 1 || s.W < 1 || s.C < 1 {
		return fmt.Errorf("shape %v has a dimension below 1", s)
	}
	if s.H > maxElements || s.W > maxElements || s.C > maxElements ||
		int64(s.H)*int64(s.W) > maxElements || int64(s.H)*int64(s.W)*int64(s.C) > maxElements {
		return fmt.Errorf("shape %v holds more than %d elements", s, maxElements)
	}
	return nil
}

// ParseShape reads the text form "HxWxC" of a valid shape, as "28x28x1".
func ParseShape(text string) (Shape, error) {
	parts := strings.Split(text, "x")
	var dims [3]int
	ok := len(parts) == 3
	for i := 0; ok && i < 3; i++ {
		n, err := strconv.Atoi(parts[i])
		dims[i], ok = n, err == nil
	}
	s := Shape{dims[0], dims[1], dims[2]}
	if !ok || s.String() != text {
		return Shape{}, fmt.Errorf("%q is no shape; write height x width x channels, as 28x28x1", text)
	}
	if err := s.Check(); err != nil {
		return Shape{}, err
	}
	return s, nil
}
