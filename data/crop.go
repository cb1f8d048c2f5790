package data

import (
	"fmt"
	"math/rand/v2"
)

// Crop pads an image by Padding pixels on every side and cuts a window of the old size from it, at a place drawn
// uniformly: a random shift by up to Padding pixels both ways. What comes in from outside is black, or with Reflect the
// image mirrored at its border (the border pixel itself not repeated).
type Crop struct {
	Padding int // pixels; 0 or less does nothing
	Reflect bool
}

// Apply implements Augment.
func (a Crop) Apply(dst, src []float32, canvas Canvas, r *rand.Rand) {
	if a.Padding <= 0 {
		copy(dst, src)
		return
	}
	s := canvas.Shape
	dy, dx := r.IntN(2*a.Padding+1)-a.Padding, r.IntN(2*a.Padding+1)-a.Padding
	if a.Reflect {
		a.reflect(dst, src, s, dy, dx)
		return
	}
	row := s.W * s.C
	from, to := max(0, -dx), min(s.W, s.W-dx) // columns of dst that lie inside src
	for y := range s.H {
		out := dst[y*row : (y+1)*row]
		if y+dy < 0 || y+dy >= s.H || from >= to {
			blacken(out, canvas.Black)
			continue
		}
		in := src[(y+dy)*row : (y+dy+1)*row]
		blacken(out[:from*s.C], canvas.Black)
		copy(out[from*s.C:to*s.C], in[(from+dx)*s.C:(to+dx)*s.C])
		blacken(out[to*s.C:], canvas.Black)
	}
}

func (a Crop) reflect(dst, src []float32, s Shape, dy, dx int) {
	row := s.W * s.C
	for y := range s.H {
		out, in := dst[y*row:(y+1)*row], src[mirror(y+dy, s.H)*row:]
		for x := range s.W {
			at := mirror(x+dx, s.W) * s.C
			copy(out[x*s.C:(x+1)*s.C], in[at:at+s.C])
		}
	}
}

// mirror folds i into 0…n−1 at both borders, as often as needed.
func mirror(i, n int) int {
	if n == 1 {
		return 0
	}
	period := 2 * (n - 1)
	i = ((i % period) + period) % period
	return min(i, period-i)
}

func blacken(dst, black []float32) {
	if len(black) == 1 {
		for i := range dst {
			dst[i] = black[0]
		}
		return
	}
	for i := 0; i < len(dst); i += len(black) {
		copy(dst[i:], black)
	}
}

// String implements Augment.
func (a Crop) String() string {
	if a.Reflect {
		return fmt.Sprintf("crop(padding=%d,reflect)", a.Padding)
	}
	return fmt.Sprintf("crop(padding=%d)", a.Padding)
}
