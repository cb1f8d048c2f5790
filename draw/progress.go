package draw

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// ProgressChart is a search over its trials: X of a trial is its number, Y its score. Failed are the numbers of trials
// without a score. References are scores to compare with; their X is not read.
type ProgressChart struct {
	Title      string
	Score      Axis
	Maximise   bool // a good score is a high one
	Trials     []Point
	Failed     []float64
	References []Point
}

// Progress draws every trial's score as a dot and the best so far as a stepped line. Failed trials are crosses at the
// bottom; references are dashed lines across. Scores that would press the rest together are left out as in Front.
func Progress(p ProgressChart) (Picture, error) {
	number := Axis{Label: "trial"}
	if len(p.Trials)+len(p.Failed) == 0 {
		return Picture{}, errNothing
	}
	if err := checkPoints("trial", p.Trials, number, p.Score); err != nil {
		return Picture{}, err
	}
	for i, at := range p.Failed {
		if err := checkValue(at, number); err != nil {
			return Picture{}, fmt.Errorf("failed trial %d: %w", i, err)
		}
	}
	c := newChart(p.Title, number, p.Score)
	trials := slices.Clone(p.Trials)
	slices.SortStableFunc(trials, func(a, b Point) int { return cmp.Compare(a.X, b.X) })
	best := bestSoFar(trials, p.Maximise)
	numbers, scores := emptySpan(), emptySpan()
	for i, r := range p.References {
		if err := checkValue(r.Y, p.Score); err != nil {
			return Picture{}, fmt.Errorf("reference %d: %w", i, err)
		}
	}
	kept := p.References
	if len(best) > 0 {
		kept = append(slices.Clone(kept), best[len(best)-1])
	}
	shown, hidden := focus(trials, kept, p.Maximise)
	for _, t := range slices.Concat(shown, kept) {
		scores.add(t.Y)
	}
	if scores.min > scores.max { // every trial failed
		scores = span{0, 1}
	}
	for _, t := range trials {
		numbers.add(t.X)
	}
	for _, at := range p.Failed {
		numbers.add(at)
	}
	c.footnote = footnote(hidden, p.Score, scores, p.Maximise)
	cover(&c.plot.X, number, numbers, 0.03)
	cover(&c.plot.Y, p.Score, scores, 0.1)
	c.plot.X.Min = max(c.plot.X.Min, numbers.min-1)
	for i, r := range p.References {
		hue, _ := hue(i + 1)
		line := vgdraw.LineStyle{Color: hue, Width: 1, Dashes: []vg.Length{5, 3}}
		level := plotter.XYs{{X: c.plot.X.Min, Y: r.Y}, {X: c.plot.X.Max, Y: r.Y}}
		c.plot.Add(plain{&plotter.Line{XYs: level, LineStyle: line}})
		c.legend = append(c.legend, legendEntry{name: r.Label, line: &line})
	}
	c.dots("trials", shown, vgdraw.GlyphStyle{Color: dotColor, Radius: 2, Shape: vgdraw.CircleGlyph{}})
	c.dots("failed", atHeight(p.Failed, c.plot.Y.Min), vgdraw.GlyphStyle{Color: palette[6], Radius: 3, Shape: vgdraw.CrossGlyph{}})
	if visible := within(best, c.plot.Y.Min, c.plot.Y.Max); len(visible) > 0 {
		c.steps("best so far", visible, palette[0])
	}
	return c.picture()
}

// bestSoFar returns the trials that beat all before them.
func bestSoFar(trials []Point, maximise bool) []Point {
	var out []Point
	for _, t := range trials {
		if len(out) == 0 || t.Y != out[len(out)-1].Y && maximise == (t.Y > out[len(out)-1].Y) {
			out = append(out, Point{X: t.X, Y: t.Y})
		}
	}
	return out
}

func atHeight(xs []float64, y float64) []Point {
	out := make([]Point, len(xs))
	for i, x := range xs {
		out[i] = Point{X: x, Y: y}
	}
	return out
}

func within(points []Point, low, high float64) []Point {
	return slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.Y < low || p.Y > high })
}
