package draw

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// BarsChart compares values of several labels, such as how often each operation is used among the best networks and
// among all. Every group has one value for each series; values are at least 0.
type BarsChart struct {
	Title  string
	Value  Axis
	Series []string
	Groups []Group
}

// Group is one label with a bar for each series.
type Group struct {
	Label  string
	Values []float64
}

// Bars draws horizontal bars, the first group on top, with the value at the end of each. The picture grows with the
// number of bars. The value axis is linear and begins at 0.
func Bars(b BarsChart) (Picture, error) {
	if len(b.Groups) == 0 || len(b.Series) == 0 {
		return Picture{}, errNothing
	}
	if b.Value.Log {
		return Picture{}, fmt.Errorf("bars stand on 0, which has no place on a logarithmic axis")
	}
	most := 0.0
	for _, g := range b.Groups {
		if len(g.Values) != len(b.Series) {
			return Picture{}, fmt.Errorf("group %q has %d values for %d series", g.Label, len(g.Values), len(b.Series))
		}
		for _, v := range g.Values {
			if err := checkValue(v, b.Value); err != nil {
				return Picture{}, fmt.Errorf("group %q: %w", g.Label, err)
			}
			if v < 0 {
				return Picture{}, fmt.Errorf("group %q: %s is %v; a bar cannot be below 0", g.Label, b.Value.name(), v)
			}
			most = math.Max(most, v)
		}
	}
	if most == 0 {
		most = 1
	}
	c := newChart(b.Title, b.Value, Axis{})
	c.plot.X.Min, c.plot.X.Max = 0, most*1.12
	c.plot.Y.Min, c.plot.Y.Max = -float64(len(b.Groups))+0.5, 0.5
	c.plot.Y.Tick.Marker = groupTicks(b.Groups)
	c.plot.Y.Tick.Length = 0
	c.plot.Add(bars{b, ticks{b.Value}})
	c.grid.Horizontal.Width = 0
	for i, name := range b.Series {
		if len(b.Series) == 1 {
			break // one colour needs no legend
		}
		hue, _ := hue(i)
		c.legend = append(c.legend, legendEntry{name: name, mark: &vgdraw.GlyphStyle{Color: hue}, fill: true})
	}
	const perBar, perGap, around = 11, 9, 90
	c.height = vg.Length(around + len(b.Groups)*(perBar*len(b.Series)+perGap))
	return c.picture()
}

// groupTicks writes the labels of the groups at 0, −1, −2 and so on.
type groupTicks []Group

// Ticks returns one mark for each group.
func (g groupTicks) Ticks(float64, float64) []plot.Tick {
	out := make([]plot.Tick, len(g))
	for i := range g {
		out[i] = plot.Tick{Value: -float64(i), Label: g[i].Label}
	}
	return out
}

// bars draws the bars of a chart and their values.
type bars struct {
	chart BarsChart
	ticks ticks
}

// Plot draws the bars.
func (b bars) Plot(c vgdraw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	const filled = 0.76 // of the height that a group has
	height := float64(filled) / float64(len(b.chart.Series))
	style := textStyle(8, faintColor, 0)
	for i, g := range b.chart.Groups {
		top := -float64(i) + filled/2
		for j, v := range g.Values {
			low, high := y(top-height*float64(j+1)), y(top-height*float64(j))
			bar := vg.Rectangle{Min: vg.Point{X: x(0), Y: low + 0.5}, Max: vg.Point{X: x(v), Y: high - 0.5}}
			hue, _ := hue(j)
			c.SetColor(hue)
			c.Fill(bar.Path())
			c.FillText(style, vg.Point{X: bar.Max.X + 3, Y: (low+high)/2 - 3}, b.value(v))
		}
	}
}

// value writes a value with three digits or, in percent, with one decimal below ten.
func (b bars) value(v float64) string {
	if v == 0 {
		return "0"
	}
	if b.chart.Value.Percent {
		if v < 0.0995 {
			return fmt.Sprintf("%.1f%%", v*100)
		}
		return fmt.Sprintf("%.0f%%", v*100)
	}
	digits := math.Pow10(int(math.Floor(math.Log10(v))) - 2)
	return b.ticks.label(math.Round(v/digits)*digits, digits, v)
}
