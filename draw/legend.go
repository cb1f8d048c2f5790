package draw

import (
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// legendEntry is one name with a sample of its line, its mark, or both.
type legendEntry struct {
	name string
	line *vgdraw.LineStyle
	mark *vgdraw.GlyphStyle
	fill bool // the mark's colour as a filled square, for bars
}

// drawLegend lays the entries out in rows along the top of an area and returns the height they took.
func drawLegend(area vgdraw.Canvas, entries []legendEntry) vg.Length {
	const gap, row = 5, 15
	if len(entries) == 0 {
		return 0
	}
	style := textStyle(9, textColor, 0)
	x, y := area.Min.X, area.Max.Y-9
	for _, e := range entries {
		sample := vg.Length(20)
		if e.line == nil {
			sample = 10
		}
		width := sample + gap + style.Width(e.name)
		if x > area.Min.X && x+width > area.Max.X {
			x, y = area.Min.X, y-row
		}
		middle := y + 3
		switch {
		case e.fill:
			area.SetColor(e.mark.Color)
			area.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: middle - 4.5}, Max: vg.Point{X: x + sample, Y: middle + 4.5}}.Path())
		default:
			if e.line != nil {
				area.StrokeLine2(*e.line, x, middle, x+sample, middle)
			}
			if e.mark != nil {
				area.DrawGlyph(*e.mark, vg.Point{X: x + sample/2, Y: middle})
			}
		}
		area.FillText(style, vg.Point{X: x + sample + gap, Y: y}, e.name)
		x += width + 3*gap
	}
	return area.Max.Y - y + 8
}
