package report

import (
	"strings"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
)

// wide is how many times the least cost the greatest is where the axis of costs is logarithmic.
const wide = 10

// ExplanationChart is the picture of the front that the values of limits are read from, without the limit on its cost but with a mark where
// that is.
func ExplanationChart(e explain.Explanation) draw.FrontChart {
	m := measureOf(e)
	c := draw.FrontChart{
		Title: e.Space + ": the best within a limit", FrontName: "best score",
		Cost: draw.Axis{Label: costName(e.Cost)}, Score: draw.Axis{Label: "score"},
		Maximise: true, Front: points(e.Front),
	}
	if e.Unit != "" {
		c.Cost.Label += ", " + e.Unit
	}
	if len(e.Others) > 0 {
		c.Note = "All within " + strings.Join(e.Others, " and ") + "."
	}
	for _, v := range e.Values {
		if v.Given {
			c.Limit, _ = v.Limit.Float64()
		}
	}
	least, greatest := c.Front[0].X, c.Front[len(c.Front)-1].X
	c.Cost.Log = least > 0 && greatest >= wide*least
	if s := e.Surrogate; s != nil {
		c.Score, c.FrontName, c.TrialsName = m.axis(), "best, predicted", "trials, measured"
		c.Trials, c.Maximise = points(s.Trials), !s.LessIsBetter
	}
	return c
}

func points(of []explain.Point) []draw.Point {
	var out []draw.Point
	for _, p := range of {
		out = append(out, draw.Point{X: p.Cost, Y: p.Value})
	}
	return out
}
