package draw

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Picture is one chart in both formats: SVG is one <svg> element, PNG has 144 dots an inch.
type Picture struct{ SVG, PNG []byte }

// Axis says what an axis shows. The zero value is a linear axis of plain numbers without a label.
type Axis struct {
	Label   string
	Log     bool // logarithmic; every value must be above 0
	Percent bool // values are fractions and are shown in percent
}

// Point is one mark of a chart. A Label, where there is one, is written beside it if there is room.
type Point struct {
	X, Y  float64
	Label string
}

// Chart sizes in points.
const (
	chartWidth  = 520
	chartHeight = 340
	chartMargin = 10
)

// chart is a plot with what stands around it: a title and a legend above, a footnote below. The legend has a place of
// its own, so it never covers data.
type chart struct {
	title    string
	legend   []legendEntry
	footnote string
	height   vg.Length
	plot     *plot.Plot
	grid     *plotter.Grid
}

// newChart returns a chart with styled axes whose ranges cover nothing yet.
func newChart(title string, x, y Axis) *chart {
	p := plot.New()
	styleAxis(&p.X, x)
	styleAxis(&p.Y, y)
	p.BackgroundColor = nil
	c := &chart{title: title, height: chartHeight, plot: p, grid: plotter.NewGrid()}
	c.grid.Horizontal = vgdraw.LineStyle{Color: gridColor, Width: 0.5}
	c.grid.Vertical = c.grid.Horizontal
	p.Add(c.grid)
	return c
}

func styleAxis(a *plot.Axis, axis Axis) {
	a.Label.Text = axis.Label
	a.Label.TextStyle = restyled(a.Label.TextStyle, 10, textColor)
	a.Label.Padding = 4
	a.Tick.Label = restyled(a.Tick.Label, 9, textColor)
	a.Tick.LineStyle = vgdraw.LineStyle{Color: axisColor, Width: 0.5}
	a.Tick.Length = 4
	a.LineStyle = vgdraw.LineStyle{Color: axisColor, Width: 0.75}
	a.Padding = 0
	a.Tick.Marker = ticks{axis}
	if axis.Log {
		a.Scale = plot.LogScale{}
	}
}

// picture draws the chart in both formats.
func (c *chart) picture() (Picture, error) {
	svg := vgsvg.New(chartWidth, c.height)
	c.draw(vgdraw.New(svg))
	var text bytes.Buffer
	if _, err := svg.WriteTo(&text); err != nil {
		return Picture{}, fmt.Errorf("writing the SVG: %w", err)
	}
	element, err := element(text.Bytes())
	if err != nil {
		return Picture{}, err
	}
	img := vgimg.NewWith(vgimg.UseWH(chartWidth, c.height), vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(color.White))
	c.draw(vgdraw.New(img))
	var raster bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: img}).WriteTo(&raster); err != nil {
		return Picture{}, fmt.Errorf("writing the PNG: %w", err)
	}
	return Picture{SVG: withFallbackFonts(element), PNG: raster.Bytes()}, nil
}

// withFallbackFonts names fonts of the same metrics for machines that lack Liberation Sans.
func withFallbackFonts(svg []byte) []byte {
	return bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
}

func (c *chart) draw(canvas vgdraw.Canvas) {
	canvas.SetColor(color.White)
	canvas.Fill(canvas.Rectangle.Path())
	area := vgdraw.Crop(canvas, chartMargin, -chartMargin, chartMargin, -chartMargin)
	if c.title != "" {
		style := textStyle(13, textColor, bold)
		area.FillText(style, vg.Point{X: area.Min.X, Y: area.Max.Y - 13}, c.title)
		area.Max.Y -= 22
	}
	area.Max.Y -= drawLegend(area, c.legend)
	if c.footnote != "" {
		area.FillText(textStyle(8, faintColor, 0), area.Min, c.footnote)
		area.Min.Y += 14
	}
	c.plot.Draw(area)
}

// span is the smallest interval that holds some values.
type span struct{ min, max float64 }

func emptySpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(v float64) { s.min, s.max = math.Min(s.min, v), math.Max(s.max, v) }

// cover sets the range of an axis to a span with a margin of a part of its length at both ends.
func cover(a *plot.Axis, axis Axis, s span, margin float64) {
	if axis.Log {
		factor := math.Pow(s.max/s.min, margin)
		if factor < 1.02 {
			factor = 1.02
		}
		a.Min, a.Max = s.min/factor, s.max*factor
		return
	}
	pad := (s.max - s.min) * margin
	if pad == 0 {
		pad = math.Max(math.Abs(s.max)*0.05, 1e-9)
	}
	a.Min, a.Max = s.min-pad, s.max+pad
}

// errNothing is returned where there is nothing to draw.
var errNothing = errors.New("there is nothing to draw")

// checkPoints refuses points that have no place on the axes.
func checkPoints(what string, points []Point, x, y Axis) error {
	for i, p := range points {
		if err := cmp.Or(checkValue(p.X, x), checkValue(p.Y, y)); err != nil {
			return fmt.Errorf("%s %d: %w", what, i, err)
		}
	}
	return nil
}

func checkValue(v float64, axis Axis) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is %v", axis.name(), v)
	}
	if axis.Log && v <= 0 {
		return fmt.Errorf("%s is %v, which has no place on a logarithmic axis", axis.name(), v)
	}
	return nil
}

func (a Axis) name() string {
	if a.Label == "" {
		return "the value"
	}
	return a.Label
}

func xys(points []Point) plotter.XYs {
	out := make(plotter.XYs, len(points))
	for i, p := range points {
		out[i] = plotter.XY{X: p.X, Y: p.Y}
	}
	return out
}
