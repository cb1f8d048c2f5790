package data

import "math/rand/v2"

// Flip mirrors every second image, by chance, left to right. It is right for things that have no writing on them.
type Flip struct{}

// Apply implements Augment.
func (Flip) Apply(dst, src []float32, canvas Canvas, r *rand.Rand) {
	if r.Uint64()&1 == 0 {
		copy(dst, src)
		return
	}
	s := canvas.Shape
	row := s.W * s.C
	for y := range s.H {
		in, out := src[y*row:(y+1)*row], dst[y*row:(y+1)*row]
		if s.C == 1 {
			for x, v := range in {
				out[len(out)-1-x] = v
			}
			continue
		}
		for x := 0; x < row; x += s.C {
			copy(out[row-x-s.C:row-x], in[x:x+s.C])
		}
	}
}

// String implements Augment.
func (Flip) String() string { return "flip" }
