package draw

import (
	"cmp"
	"fmt"

	"gonum.org/v1/plot/plotter"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// CurvesChart is several lines over one x, such as learning curves over epochs.
type CurvesChart struct {
	Title string
	X, Y  Axis
	Lines []Line
}

// Line is one named curve; its points are joined in the order given. Band, where there is one, has the lower and the upper
// bound of Y at each of the points, and is drawn as a pale strip.
type Line struct {
	Name   string
	Points []Point
	Band   [][2]float64
}

// strip returns the outline of the band, none if there is no band.
func (l Line) strip(y Axis) (plotter.XYs, error) {
	if l.Band == nil {
		return nil, nil
	}
	if len(l.Band) != len(l.Points) {
		return nil, fmt.Errorf("there are %d bounds for %d points", len(l.Band), len(l.Points))
	}
	var out plotter.XYs
	for i, b := range l.Band {
		if err := cmp.Or(checkValue(b[0], y), checkValue(b[1], y)); err != nil {
			return nil, err
		}
		out = append(out, plotter.XY{X: l.Points[i].X, Y: b[0]})
	}
	for i := len(l.Band) - 1; i >= 0; i-- {
		out = append(out, plotter.XY{X: l.Points[i].X, Y: l.Band[i][1]})
	}
	return out, nil
}

// Curves draws lines. Colours repeat after seven lines with dashes and after fourteen with dots. A line of one point
// is a mark.
func Curves(l CurvesChart) (Picture, error) {
	c := newChart(l.Title, l.X, l.Y)
	xs, ys := emptySpan(), emptySpan()
	for i, line := range l.Lines {
		if err := checkPoints(fmt.Sprintf("line %q, point", line.Name), line.Points, l.X, l.Y); err != nil {
			return Picture{}, err
		}
		for _, p := range line.Points {
			xs.add(p.X)
			ys.add(p.Y)
		}
		hue, dashes := hue(i)
		strip, err := line.strip(l.Y)
		if err != nil {
			return Picture{}, fmt.Errorf("line %q: %w", line.Name, err)
		}
		if strip != nil {
			for _, b := range line.Band {
				ys.add(b[0])
				ys.add(b[1])
			}
			hue.A = 0x30
			c.plot.Add(plain{&plotter.Polygon{XYs: []plotter.XYs{strip}, Color: hue}})
			hue.A = 0xff
		}
		style := vgdraw.LineStyle{Color: hue, Width: 1.5, Dashes: dashes}
		entry := legendEntry{name: line.Name, line: &style}
		if len(line.Points) == 1 {
			mark := vgdraw.GlyphStyle{Color: hue, Radius: 2.5, Shape: vgdraw.CircleGlyph{}}
			c.plot.Add(plain{&plotter.Scatter{XYs: xys(line.Points), GlyphStyle: mark}})
			entry = legendEntry{name: line.Name, mark: &mark}
		} else if len(line.Points) > 1 {
			c.plot.Add(plain{&plotter.Line{XYs: xys(line.Points), LineStyle: style}})
		}
		c.legend = append(c.legend, entry)
	}
	if xs.min > xs.max {
		return Picture{}, errNothing
	}
	cover(&c.plot.X, l.X, xs, 0.02)
	cover(&c.plot.Y, l.Y, ys, 0.08)
	return c.picture()
}
