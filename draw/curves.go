package draw

import (
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

// Line is one named curve; its points are joined in the order given.
type Line struct {
	Name   string
	Points []Point
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
