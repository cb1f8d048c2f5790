package data

import (
	"fmt"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// point is a place in the plane, y downwards.
type point struct{ x, y float64 }

// outline is the border of a character as closed polygons, in units of the height of a capital, centred on the middle
// of its bounding box. Outer borders and holes run in opposite directions.
type outline [][]point

// curveSteps is how many straight pieces stand for one quadratic curve of a font: at 64 pixels a fraction of a pixel apart.
const curveSteps = 5

// readOutline takes a character out of a font, the height of a capital being given in font units.
func readOutline(f *sfnt.Font, buffer *sfnt.Buffer, character rune, capital float64) (outline, error) {
	index, err := f.GlyphIndex(buffer, character)
	if err != nil || index == 0 {
		return nil, fmt.Errorf("the font has no character %q", character)
	}
	// At as many pixels an em as the font has units, coordinates are the font's own, in 1/64.
	segments, err := f.LoadGlyph(buffer, index, fixed.I(int(f.UnitsPerEm())), nil)
	if err != nil {
		return nil, fmt.Errorf("character %q: %w", character, err)
	}
	bounds := segments.Bounds()
	middle := point{float64(bounds.Min.X+bounds.Max.X) / 2, float64(bounds.Min.Y+bounds.Max.Y) / 2}
	place := func(p fixed.Point26_6) point {
		return point{(float64(p.X) - middle.x) / (64 * capital), (float64(p.Y) - middle.y) / (64 * capital)}
	}
	var all outline
	for _, s := range segments {
		last := len(all) - 1
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			all = append(all, []point{place(s.Args[0])})
		case sfnt.SegmentOpLineTo:
			all[last] = append(all[last], place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			from, control, to := all[last][len(all[last])-1], place(s.Args[0]), place(s.Args[1])
			for step := 1; step <= curveSteps; step++ {
				t := float64(step) / curveSteps
				all[last] = append(all[last], mix(mix(from, control, t), mix(control, to, t), t))
			}
		default:
			return nil, fmt.Errorf("character %q has a cubic curve, which a TrueType font cannot have", character)
		}
	}
	for i := range all {
		all[i] = distinct(all[i])
	}
	return all, nil
}

// height returns the height of a character in font units.
func height(f *sfnt.Font, buffer *sfnt.Buffer, character rune) (float64, error) {
	index, err := f.GlyphIndex(buffer, character)
	if err != nil {
		return 0, err
	}
	bounds, _, err := f.GlyphBounds(buffer, index, fixed.I(int(f.UnitsPerEm())), font.HintingNone)
	if err != nil {
		return 0, err
	}
	return float64(bounds.Max.Y-bounds.Min.Y) / 64, nil
}

// mix returns the point a share t of the way from a to b. The conversions keep the compiler from fusing multiply and add,
// which only some processors can: glyphs are the same bytes on all of them.
func mix(a, b point, t float64) point {
	return point{a.x + float64(t*(b.x-a.x)), a.y + float64(t*(b.y-a.y))}
}

// distinct leaves out points that repeat the one before (around the ring), which have no direction.
func distinct(ring []point) []point {
	kept := ring[:0:0]
	for i, p := range ring {
		if before := ring[(i+len(ring)-1)%len(ring)]; math.Abs(p.x-before.x)+math.Abs(p.y-before.y) > 1e-6 {
			kept = append(kept, p)
		}
	}
	return kept
}

// bolder moves every border outwards by d, which makes strokes 2d wider, or thinner when d is negative. Corners are
// kept sharp up to twice d.
func (o outline) bolder(d float64) outline {
	moved := make(outline, len(o))
	for i, ring := range o {
		moved[i] = make([]point, len(ring))
		for j, p := range ring {
			before, after := ring[(j+len(ring)-1)%len(ring)], ring[(j+1)%len(ring)]
			in, out := direction(before, p), direction(p, after)
			nx, ny := in.y+out.y, -in.x-out.x // the normals of both sides, added: length 2·cos(half the turn)
			length := max(1, float64(nx*nx)+float64(ny*ny))
			moved[i][j] = point{p.x + float64(2*d*nx/length), p.y + float64(2*d*ny/length)}
		}
	}
	return moved
}

// direction returns the vector of length 1 from a to b.
func direction(a, b point) point {
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	return point{dx / length, dy / length}
}
