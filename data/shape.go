package data

import "fmt"

// Shape is the size of one image: height, width, channels, in pixels. Its fields are those of network.Shape, so that
// network.Shape(s) converts it.
type Shape struct{ H, W, C int }

// Len returns the number of values of one image.
func (s Shape) Len() int { return s.H * s.W * s.C }

// String returns "28x28x1" for a grey image of 28 by 28 pixels.
func (s Shape) String() string { return fmt.Sprintf("%dx%dx%d", s.H, s.W, s.C) }

// MarshalText writes String, so that JSON has the text.
func (s Shape) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Shape) check() error {
	if s.H < 1 || s.W < 1 || s.C < 1 {
		return fmt.Errorf("an image shape of %v is impossible: every side must be at least 1", s)
	}
	return nil
}
