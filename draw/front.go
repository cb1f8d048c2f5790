package draw

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// FrontChart is a trade-off: cost on x, which is good when small, against score on y. Trials are all that were tried,
// Front those that nothing beats in both (they may be among Trials too, in any order), References are known points to
// compare with, such as hand-designed networks.
type FrontChart struct {
	Title       string
	Cost, Score Axis
	Maximise    bool // a good score is a high one
	Trials      []Point
	Front       []Point
	References  []Point
}

// Front draws a trade-off: grey dots for the trials, a stepped line for the front, diamonds for the references. Where
// a few bad scores would press the rest together, they are left out of the picture and counted in a footnote.
func Front(f FrontChart) (Picture, error) {
	all := slices.Concat(f.Trials, f.Front, f.References)
	if len(all) == 0 {
		return Picture{}, errNothing
	}
	for _, part := range []struct {
		what   string
		points []Point
	}{{"trial", f.Trials}, {"front point", f.Front}, {"reference", f.References}} {
		if err := checkPoints(part.what, part.points, f.Cost, f.Score); err != nil {
			return Picture{}, err
		}
	}
	c := newChart(f.Title, f.Cost, f.Score)
	costs, scores := emptySpan(), emptySpan()
	for _, p := range all {
		costs.add(p.X)
	}
	keep := slices.Concat(f.Front, f.References)
	shown, hidden := focus(f.Trials, keep, f.Maximise)
	for _, p := range slices.Concat(shown, keep) {
		scores.add(p.Y)
	}
	c.footnote = footnote(hidden, f.Score, scores, f.Maximise)
	cover(&c.plot.X, f.Cost, costs, 0.06)
	cover(&c.plot.Y, f.Score, scores, 0.08)
	front := slices.Clone(f.Front)
	slices.SortStableFunc(front, func(a, b Point) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
	c.dots("trials", shown, vgdraw.GlyphStyle{Color: dotColor, Radius: 2, Shape: vgdraw.CircleGlyph{}})
	c.steps("front", front, palette[0])
	c.dots("reference", f.References, vgdraw.GlyphStyle{Color: palette[1], Radius: 3.5, Shape: diamond{}})
	n := notes{marks: slices.Concat(shown, front, f.References)}
	for _, p := range f.References {
		n.notes = append(n.notes, note{at: p, color: palette[1], must: true})
	}
	for _, p := range front {
		n.notes = append(n.notes, note{at: p, color: palette[0]})
	}
	c.plot.Add(n)
	return c.picture()
}

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
	last := points[len(points)-1]
	extended := append(xys(points), plotter.XY{X: c.plot.X.Max, Y: last.Y})
	c.plot.Add(plain{&plotter.Line{XYs: extended, StepStyle: plotter.PostStep, LineStyle: line}})
	c.plot.Add(plain{&plotter.Scatter{XYs: xys(points), GlyphStyle: mark}})
	c.legend = append(c.legend, legendEntry{name: name, line: &line, mark: &mark})
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

// focus leaves out the worst scores where they would take most of the height: when the better nine tenths of the
// points (and whatever must be kept) fill less than a third of it.
func focus(points, keep []Point, maximise bool) (shown []Point, hidden int) {
	better := func(a, b float64) bool { return maximise == (a > b) && a != b }
	sorted := slices.Concat(points, keep)
	slices.SortStableFunc(sorted, func(a, b Point) int { return cmp.Compare(a.Y, b.Y) })
	if maximise {
		slices.Reverse(sorted)
	}
	if len(sorted) < 10 {
		return points, 0
	}
	best, limit, worst := sorted[0].Y, sorted[(len(sorted)-1)*9/10].Y, sorted[len(sorted)-1].Y
	for _, p := range keep {
		if better(limit, p.Y) {
			limit = p.Y
		}
	}
	if math.Abs(best-limit) >= math.Abs(best-worst)/3 {
		return points, 0
	}
	for _, p := range points {
		if better(limit, p.Y) {
			hidden++
		} else {
			shown = append(shown, p)
		}
	}
	return shown, hidden
}

// footnote counts what focus left out.
func footnote(hidden int, axis Axis, shown span, maximise bool) string {
	if hidden == 0 {
		return ""
	}
	side, bound := "above", shown.max
	if maximise {
		side, bound = "below", shown.min
	}
	trials := "trials"
	if hidden == 1 {
		trials = "trial"
	}
	return fmt.Sprintf("Not shown: %d %s %s %s.", hidden, trials, side, ticks{axis}.label(bound, roundStep(max(math.Abs(bound), 1e-9)/1000), bound))
}
