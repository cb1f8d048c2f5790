package draw

import (
	"bytes"
	"context"
	"image/color"

	"github.com/goccy/go-graphviz/gvc"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// dotsPerInch is the resolution of every PNG: twice that of a plain screen at 72 points an inch.
const dotsPerInch = 144

// painter draws what Graphviz laid out on a raster image. Graphviz calls it back for each shape. Graphviz measures
// text as Helvetica, whose metrics Liberation Sans shares, so that text fits its boxes.
type painter struct {
	*gvc.DefaultRenderEngine
	canvas *vgimg.Canvas
	fonts  *font.Cache
	dx, dy float64 // from Graphviz's origin to the canvas's, in points
	png    bytes.Buffer
	err    error
}

func newPainter() *painter { return &painter{DefaultRenderEngine: new(gvc.DefaultRenderEngine)} }

// result returns the picture and lets go of it: the bridge to Graphviz keeps its painters for good.
func (p *painter) result() ([]byte, error) {
	png := p.png.Bytes()
	p.png, p.fonts = bytes.Buffer{}, nil
	return png, p.err
}

// plugins returns what makes Graphviz's format "png" come to this painter.
func (p *painter) plugins(ctx context.Context) ([]gvc.Plugin, error) {
	render, err := gvc.NewRenderPlugin(ctx, "png", p)
	if err != nil {
		return nil, err
	}
	device, err := gvc.PNGDevicePlugin(ctx)
	if err != nil {
		return nil, err
	}
	return []gvc.Plugin{render, device}, nil
}

// BeginPage opens the canvas.
func (p *painter) BeginPage(_ context.Context, job *gvc.Job) error {
	scale := job.Scale()
	width, height := float64(job.Width())/scale.X(), float64(job.Height())/scale.Y()
	shift := job.Translation()
	p.dx, p.dy = shift.X(), height+shift.Y()
	p.fonts = fonts()
	p.canvas = vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(dotsPerInch),
		vgimg.UseBackgroundColor(color.White))
	return nil
}

// EndPage encodes the canvas.
func (p *painter) EndPage(context.Context, *gvc.Job) error {
	_, p.err = vgimg.PngCanvas{Canvas: p.canvas}.WriteTo(&p.png)
	p.canvas = nil
	return nil
}

func (p *painter) at(q *gvc.PointFloat) vg.Point {
	return vg.Point{X: vg.Length(q.X() + p.dx), Y: vg.Length(q.Y() + p.dy)}
}

// shape fills a path and strokes its outline in the colours of the present object.
func (p *painter) shape(job *gvc.Job, path vg.Path, filled bool) error {
	o := job.Object()
	if filled {
		p.canvas.SetColor(rgba(o.FillColor()))
		p.canvas.Fill(path)
	}
	if o.Pen() == gvc.PenNone {
		return nil
	}
	p.canvas.SetColor(rgba(o.PenColor()))
	p.canvas.SetLineWidth(vg.Length(o.PenWidth()))
	switch o.Pen() {
	case gvc.PenDashed:
		p.canvas.SetLineDash([]vg.Length{4, 3}, 0)
	case gvc.PenDotted:
		p.canvas.SetLineDash([]vg.Length{1, 3}, 0)
	default:
		p.canvas.SetLineDash(nil, 0)
	}
	p.canvas.Stroke(path)
	return nil
}

// Polygon draws a closed polygon.
func (p *painter) Polygon(_ context.Context, job *gvc.Job, corners []*gvc.PointFloat, filled bool) error {
	path := p.lines(corners)
	path.Close()
	return p.shape(job, path, filled)
}

// Polyline draws an open line.
func (p *painter) Polyline(_ context.Context, job *gvc.Job, points []*gvc.PointFloat) error {
	return p.shape(job, p.lines(points), false)
}

func (p *painter) lines(points []*gvc.PointFloat) vg.Path {
	var path vg.Path
	for i, q := range points {
		if i == 0 {
			path.Move(p.at(q))
		} else {
			path.Line(p.at(q))
		}
	}
	return path
}

// BezierCurve draws a chain of cubic curves: the outline of a rounded box or an edge. Graphviz's bridge calls edges
// filled too, which they never are.
func (p *painter) BezierCurve(_ context.Context, job *gvc.Job, points []*gvc.PointFloat, filled bool) error {
	var path vg.Path
	path.Move(p.at(points[0]))
	for i := 1; i+2 < len(points); i += 3 {
		path.CubeTo(p.at(points[i]), p.at(points[i+1]), p.at(points[i+2]))
	}
	return p.shape(job, path, filled && job.Object().Type() != gvc.EdgeObjectType)
}

// Ellipse draws an ellipse given by its centre and the upper right corner of its bounding box.
func (p *painter) Ellipse(_ context.Context, job *gvc.Job, points []*gvc.PointFloat, filled bool) error {
	const k = 0.5522847498307936 // of a radius, the handles of the four curves nearest to a circle
	c, corner := p.at(points[0]), p.at(points[1])
	rx, ry := corner.X-c.X, corner.Y-c.Y
	at := func(x, y vg.Length) vg.Point { return vg.Point{X: c.X + x*rx, Y: c.Y + y*ry} }
	var path vg.Path
	path.Move(at(1, 0))
	path.CubeTo(at(1, k), at(k, 1), at(0, 1))
	path.CubeTo(at(-k, 1), at(-1, k), at(-1, 0))
	path.CubeTo(at(-1, -k), at(-k, -1), at(0, -1))
	path.CubeTo(at(k, -1), at(1, -k), at(1, 0))
	path.Close()
	return p.shape(job, path, filled)
}

// TextSpan draws one line of text in one font.
func (p *painter) TextSpan(_ context.Context, job *gvc.Job, at *gvc.PointFloat, span *gvc.TextSpan) error {
	const flag = 1 // the flag of Graphviz for <B>
	f := font.Font{Typeface: "Liberation", Variant: "Sans"}
	if span.Font().Flags()&flag != 0 {
		f.Weight = bold
	}
	face := p.fonts.Lookup(f, vg.Length(span.Font().Size()))
	pt := p.at(at)
	pt.Y += vg.Length(span.YOffsetCenterLine())
	switch span.Just() {
	case 'r':
		pt.X -= face.Width(span.Text())
	case 'n':
		pt.X -= face.Width(span.Text()) / 2
	}
	p.canvas.SetColor(rgba(job.Object().PenColor()))
	p.canvas.FillString(face, pt, span.Text())
	return nil
}

func rgba(c *gvc.Color) color.NRGBA {
	v := c.RGBAUint()
	return color.NRGBA{uint8(v[0]), uint8(v[1]), uint8(v[2]), uint8(v[3])}
}
