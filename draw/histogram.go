package draw

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// HistogramChart is how much of something lies where along a cost: the share of bin i, which reaches from Edges[i] to Edges[i+1]. Edges
// ascend, there is one more of them than of shares, and shares are at least 0.
type HistogramChart struct {
	Title       string
	Cost, Share Axis
	Edges       []float64
	Shares      []float64
}

// Histogram draws one upright bar for each bin. The axis of the shares is linear and begins at 0.
func Histogram(h HistogramChart) (Picture, error) {
	switch {
	case len(h.Shares) == 0:
		return Picture{}, errNothing
	case len(h.Edges) != len(h.Shares)+1:
		return Picture{}, fmt.Errorf("%d bins have %d edges, want %d", len(h.Shares), len(h.Edges), len(h.Shares)+1)
	case h.Share.Log:
		return Picture{}, fmt.Errorf("bars stand on 0, which has no place on a logarithmic axis")
	}
	most := 0.0
	for i, e := range h.Edges {
		if err := checkValue(e, h.Cost); err != nil {
			return Picture{}, fmt.Errorf("edge %d: %w", i, err)
		}
		if i > 0 && e <= h.Edges[i-1] {
			return Picture{}, fmt.Errorf("edge %d: %v does not lie above %v", i, e, h.Edges[i-1])
		}
	}
	for i, v := range h.Shares {
		if err := checkValue(v, h.Share); err != nil {
			return Picture{}, fmt.Errorf("bin %d: %w", i, err)
		}
		if v < 0 {
			return Picture{}, fmt.Errorf("bin %d: %s is %v; a bar cannot be below 0", i, h.Share.name(), v)
		}
		most = math.Max(most, v)
	}
	if most == 0 {
		most = 1
	}
	c := newChart(h.Title, h.Cost, h.Share)
	costs := emptySpan()
	costs.add(h.Edges[0])
	costs.add(h.Edges[len(h.Edges)-1])
	cover(&c.plot.X, h.Cost, costs, 0.02)
	c.plot.Y.Min, c.plot.Y.Max = 0, most*1.06
	c.grid.Vertical.Width = 0
	c.plot.Add(columns{h})
	return c.picture()
}

// columns draws the bars of a histogram.
type columns struct{ chart HistogramChart }

// Plot draws the bars, with a hair of white between those that are wide enough.
func (b columns) Plot(c vgdraw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	const wide = 4
	c.SetColor(palette[0])
	for i, v := range b.chart.Shares {
		bar := vg.Rectangle{Min: vg.Point{X: x(b.chart.Edges[i]), Y: y(0)}, Max: vg.Point{X: x(b.chart.Edges[i+1]), Y: y(v)}}
		if bar.Max.X-bar.Min.X > wide {
			bar.Min.X, bar.Max.X = bar.Min.X+0.25, bar.Max.X-0.25
		}
		if v > 0 {
			bar.Max.Y = max(bar.Max.Y, bar.Min.Y+0.5) // few are not none
			c.Fill(bar.Path())
		}
	}
}
