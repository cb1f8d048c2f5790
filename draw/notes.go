package draw

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// note is a text beside a mark. A note that finds no free place is left out unless it must stand.
type note struct {
	at    Point
	color color.Color
	must  bool
}

// notes writes labels beside marks, in the order given, each at the first of some places around its mark where it
// covers neither a mark nor an earlier label.
type notes struct {
	notes []note
	marks []Point // what may not be covered
}

// Plot draws the labels.
func (n notes) Plot(c vgdraw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := textStyle(8, textColor, 0)
	var taken []vg.Rectangle
	for _, m := range n.marks {
		const r = 2.5
		at := vg.Point{X: x(m.X), Y: y(m.Y)}
		taken = append(taken, vg.Rectangle{Min: vg.Point{X: at.X - r, Y: at.Y - r}, Max: vg.Point{X: at.X + r, Y: at.Y + r}})
	}
	for _, note := range n.notes {
		if note.at.Label == "" {
			continue
		}
		at := vg.Point{X: x(note.at.X), Y: y(note.at.Y)}
		w, h := style.Width(note.at.Label), vg.Length(8)
		const gap = 5
		places := []vg.Point{
			{X: at.X + gap, Y: at.Y - h - 1}, {X: at.X + gap, Y: at.Y + 3}, {X: at.X - w/2, Y: at.Y + gap}, {X: at.X - w/2, Y: at.Y - gap - h},
			{X: at.X - gap - w, Y: at.Y + 3}, {X: at.X - gap - w, Y: at.Y - h - 1}, {X: at.X + 2*gap, Y: at.Y - 3*gap}, {X: at.X - 2*gap - w, Y: at.Y + 2*gap},
		}
		best, least := -1, 0
		for i, place := range places {
			box := vg.Rectangle{Min: place, Max: vg.Point{X: place.X + w, Y: place.Y + h}}
			if box.Min.X < c.Min.X || box.Max.X > c.Max.X || box.Min.Y < c.Min.Y || box.Max.Y > c.Max.Y {
				continue
			}
			covered := 0
			for _, t := range taken {
				if overlap(box, t) {
					covered++
				}
			}
			if best < 0 || covered < least {
				best, least = i, covered
			}
		}
		if best < 0 || least > 0 && !note.must {
			continue
		}
		style.Color = note.color
		place := places[best]
		c.FillText(style, vg.Point{X: place.X, Y: place.Y + 1}, note.at.Label)
		taken = append(taken, vg.Rectangle{Min: place, Max: vg.Point{X: place.X + w, Y: place.Y + h}})
	}
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}
