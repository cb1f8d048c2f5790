package data

import "math/rand/v2"

// scene draws one image of glyphs after another. It reuses its canvas.
type scene struct {
	o         GlyphOptions
	alphabets []alphabet
	canvas    *canvas
}

// draw makes the image of a character in one of the typefaces, both by number. Lengths below are shares of the image's side.
func (s *scene) draw(dst []uint8, face, label int, r *rand.Rand) {
	distortion, clutter, noise := s.o.Distortion.strength(), s.o.Clutter.strength(), s.o.Noise.strength()
	level := 20 + r.IntN(60)
	ink := min(255, level+220-int(noise*uniform(r, 20, 90)))
	s.canvas.ground(level, int(noise*uniform(r, -40, 40)), int(noise*uniform(r, -40, 40)))
	for range s.times(clutter, 1.2, r) {
		s.fragment(level, ink, r)
	}
	for range s.times(clutter, 1, r) {
		s.blob(level, ink, r)
	}
	letter := s.alphabets[face][label]
	place := straight(float64(s.canvas.size))
	if distortion > 0 {
		letter = letter.bolder(distortion * uniform(r, -0.025, 0.04))
		place = crooked(float64(s.canvas.size), distortion, r)
	}
	s.canvas.paint(place.of(letter), ink, 256)
	for range s.times(clutter, 0.9, r) {
		s.line(level, ink, r)
	}
	s.canvas.develop(dst, int(noise*uniform(r, 6, 28)), r)
}

// times returns how many of a sort of clutter to draw, on average mean·strength and at most twice that, rounded up.
func (s *scene) times(strength, mean float64, r *rand.Rand) int {
	return int(uniform(r, 0, 2*mean*strength) + r.Float64())
}

// fragment paints another character so far out that only a piece of it shows.
func (s *scene) fragment(level, ink int, r *rand.Rand) {
	alphabet := s.alphabets[r.IntN(len(s.alphabets))]
	shape := alphabet[r.IntN(len(alphabet))]
	size := float64(s.canvas.size)
	place := crooked(size, 1, r)
	out := point{uniform(r, -0.2, 0.2), uniform(r, 0.62, 0.78)}
	switch r.IntN(4) {
	case 0:
		out = point{out.y, out.x}
	case 1:
		out = point{-out.y, out.x}
	case 2:
		out.y = -out.y
	}
	place.shift = point{size/2 + float64(size*out.x), size/2 + float64(size*out.y)}
	s.canvas.paint(place.of(shape), between(r, level, ink), 256)
}

// blob paints a spot, lighter than the ground and darker than the letter.
func (s *scene) blob(level, ink int, r *rand.Rand) {
	size := float64(s.canvas.size)
	spot := outline{{{1, 0}, {0.866, 0.5}, {0.5, 0.866}, {0, 1}, {-0.5, 0.866}, {-0.866, 0.5}, {-1, 0}, {-0.866, -0.5}, {-0.5, -0.866}, {0, -1}, {0.5, -0.866}, {0.866, -0.5}}}
	place := crooked(size, 1, r)
	place.scale = float64(size * uniform(r, 0.03, 0.1))
	place.shift = point{uniform(r, 0, size), uniform(r, 0, size)}
	s.canvas.paint(place.of(spot), between(r, level, ink), 200)
}

// line paints a thin stroke from one place to another across the image.
func (s *scene) line(level, ink int, r *rand.Rand) {
	size := float64(s.canvas.size)
	from, to := point{uniform(r, 0, size), uniform(r, -2, size/2)}, point{uniform(r, 0, size), uniform(r, size/2, size+2)}
	if r.IntN(2) == 0 {
		from, to = point{from.y, from.x}, point{to.y, to.x}
	}
	half := float64(size * uniform(r, 0.012, 0.028))
	way := direction(from, to)
	side := point{float64(half * way.y), float64(-half * way.x)}
	stroke := []point{{from.x + side.x, from.y + side.y}, {to.x + side.x, to.y + side.y}, {to.x - side.x, to.y - side.y}, {from.x - side.x, from.y - side.y}}
	s.canvas.paint(outline{stroke}, between(r, level, ink), 200)
}

// between returns a level that is a good part of the way from the ground to the ink, but always fainter than the letter:
// an O with a line across must not pass for a slashed zero.
func between(r *rand.Rand, level, ink int) int {
	return level + int(float64(ink-level)*uniform(r, 0.35, 0.75))
}

// uniform returns a number from low up to, but not including, high.
func uniform(r *rand.Rand, low, high float64) float64 { return low + float64(r.Float64()*(high-low)) }

// placement carries a character from its own units (the height of a capital) to pixels: bent, slanted and stretched,
// turned, scaled, shifted, in this order.
type placement struct {
	bendX, bendY float64 // x moves by bendX·y², y by bendY·x²
	slant        float64 // x moves by slant·y
	stretch      float64 // x is multiplied by it
	half         float64 // the tangent of half the angle of the turn: exact arithmetic everywhere, unlike sine and cosine
	scale        float64 // pixels of the height of a capital
	shift        point   // pixels
}

// straight is the undisturbed placement in the middle of an image.
func straight(size float64) placement {
	return placement{stretch: 1, scale: 0.62 * size, shift: point{size / 2, size / 2}}
}

// crooked draws a placement; at strength 1 it turns by up to 10 degrees.
func crooked(size, strength float64, r *rand.Rand) placement {
	by := func(most float64) float64 {
		most = float64(most * strength)
		return uniform(r, -most, most)
	}
	p := straight(size)
	p.bendX, p.bendY = by(0.1), by(0.08)
	p.slant, p.stretch, p.half = by(0.12), 1+by(0.12), by(0.09)
	p.scale += float64(size * by(0.08))
	p.shift.x += float64(size * by(0.06))
	p.shift.y += float64(size * by(0.06))
	return p
}

// of returns the character in pixels. The conversions forbid fused arithmetic; see mix.
func (p placement) of(shape outline) outline {
	square := float64(p.half * p.half)
	cos, sin := (1-square)/(1+square), 2*p.half/(1+square)
	moved := make(outline, len(shape))
	for i, ring := range shape {
		moved[i] = make([]point, len(ring))
		for j, q := range ring {
			x := q.x + float64(p.bendX*float64(q.y*q.y)) + float64(p.slant*q.y)
			y := q.y + float64(p.bendY*float64(q.x*q.x))
			x *= p.stretch
			turned := point{float64(cos*x) - float64(sin*y), float64(sin*x) + float64(cos*y)}
			moved[i][j] = point{p.shift.x + float64(p.scale*turned.x), p.shift.y + float64(p.scale*turned.y)}
		}
	}
	return moved
}
