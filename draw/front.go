package draw

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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

	TrialsName, FrontName string  // in the legend; "trials" and "front" if they are empty
	Limit                 float64 // of the cost: a dashed upright line; 0 for none
	Note                  string  // a sentence below
}

// manyPoints is from how many points on the marks of a front would hide its steps, and are small.
const manyPoints = 40

// Front draws a trade-off: grey dots for the trials, a stepped line for the front, diamonds for the references, a dashed line for the limit. Where
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
	if f.Limit != 0 {
		if err := checkValue(f.Limit, f.Cost); err != nil {
			return Picture{}, fmt.Errorf("limit: %w", err)
		}
		costs.add(f.Limit)
	}
	keep := slices.Concat(f.Front, f.References)
	shown, hidden := focus(f.Trials, keep, f.Maximise)
	for _, p := range slices.Concat(shown, keep) {
		scores.add(p.Y)
	}
	c.footnote = strings.TrimSpace(f.Note + " " + footnote(hidden, f.Score, scores, f.Maximise))
	cover(&c.plot.X, f.Cost, costs, 0.06)
	cover(&c.plot.Y, f.Score, scores, 0.08)
	front := slices.Clone(f.Front)
	slices.SortStableFunc(front, func(a, b Point) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
	c.dots(cmp.Or(f.TrialsName, "trials"), shown, vgdraw.GlyphStyle{Color: dotColor, Radius: 2, Shape: vgdraw.CircleGlyph{}})
	c.steps(cmp.Or(f.FrontName, "front"), front, palette[0])
	c.dots("reference", f.References, vgdraw.GlyphStyle{Color: palette[1], Radius: 3.5, Shape: diamond{}})
	if f.Limit != 0 {
		c.upright("limit", f.Limit, palette[1])
	}
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
