package draw

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// dots adds marks and their legend.
func (c *chart) dots(name string, points []Point, style vgdraw.GlyphStyle) {
	if len(points) == 0 {
		return
	}
	c.plot.Add(plain{&plotter.Scatter{XYs: xys(points), GlyphStyle: style}})
	c.legend = append(c.legend, legendEntry{name: name, mark: &style})
}

// steps adds the stepped line of sorted points, level until the next cost and to the right edge, and its legend.
func (c *chart) steps(name string, points []Point, hue color.Color) {
	if len(points) == 0 {
		return
	}
	line := vgdraw.LineStyle{Color: hue, Width: 1.5}
	mark := vgdraw.GlyphStyle{Color: hue, Radius: 3, Shape: vgdraw.CircleGlyph{}}
	if len(points) > manyPoints {
		line.Width, mark.Radius = 1, 1.4
	}
	last := points[len(points)-1]
	extended := append(xys(points), plotter.XY{X: c.plot.X.Max, Y: last.Y})
	c.plot.Add(plain{&plotter.Line{XYs: extended, StepStyle: plotter.PostStep, LineStyle: line}})
	c.plot.Add(plain{&plotter.Scatter{XYs: xys(points), GlyphStyle: mark}})
	c.legend = append(c.legend, legendEntry{name: name, line: &line, mark: &mark})
}

// upright adds a dashed upright line, and its legend.
func (c *chart) upright(name string, at float64, hue color.Color) {
	line := vgdraw.LineStyle{Color: hue, Width: 1, Dashes: []vg.Length{5, 3}}
	ends := plotter.XYs{{X: at, Y: c.plot.Y.Min}, {X: at, Y: c.plot.Y.Max}}
	c.plot.Add(plain{&plotter.Line{XYs: ends, LineStyle: line}})
	c.legend = append(c.legend, legendEntry{name: name, line: &line})
}

// plain is a plotter without a data range of its own: the chart sets the ranges of its axes once.
type plain struct{ inner plot.Plotter }

// Plot draws what is inside.
func (p plain) Plot(c vgdraw.Canvas, plt *plot.Plot) { p.inner.Plot(c, plt) }

// diamond is a filled square on its corner.
type diamond struct{}

// DrawGlyph draws the diamond.
func (diamond) DrawGlyph(c *vgdraw.Canvas, s vgdraw.GlyphStyle, at vg.Point) {
	r := s.Radius * 1.2
	var path vg.Path
	path.Move(vg.Point{X: at.X - r, Y: at.Y})
	path.Line(vg.Point{X: at.X, Y: at.Y + r})
	path.Line(vg.Point{X: at.X + r, Y: at.Y})
	path.Line(vg.Point{X: at.X, Y: at.Y - r})
	path.Close()
	c.SetColor(s.Color)
	c.Fill(path)
}
