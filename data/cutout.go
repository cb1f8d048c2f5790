package data

import (
	"fmt"
	"math/rand/v2"
)

// Cutout sets a square of Size by Size pixels to the mean of the training images (DeVries and Taylor, "Improved
// Regularization of Convolutional Neural Networks with Cutout", 2017). Its centre is drawn uniformly over the image, so
// part of the square may lie outside, as in the paper.
type Cutout struct {
	Size int // pixels; 0 or less does nothing
}

// Apply implements Augment.
func (a Cutout) Apply(dst, src []float32, canvas Canvas, r *rand.Rand) {
	copy(dst, src)
	if a.Size <= 0 {
		return
	}
	s := canvas.Shape
	top, left := r.IntN(s.H)-a.Size/2, r.IntN(s.W)-a.Size/2
	y0, y1 := max(0, top), min(s.H, top+a.Size)
	x0, x1 := max(0, left), min(s.W, left+a.Size)
	for y := y0; y < y1; y++ {
		clear(dst[(y*s.W+x0)*s.C : (y*s.W+x1)*s.C])
	}
}

// String implements Augment.
func (a Cutout) String() string { return fmt.Sprintf("cutout(size=%d)", a.Size) }
