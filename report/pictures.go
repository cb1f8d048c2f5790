package report

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// picture is one picture of a report.
type picture struct {
	name    string // of its files, without ending
	caption string
	draw.Picture
}

// pictures draws what there is to draw: a picture without content is left out.
func pictures(ctx context.Context, h *store.History, s *space.Space) ([]picture, error) {
	var out []picture
	add := func(name, caption string, p draw.Picture, err error) error {
		if err != nil {
			return fmt.Errorf("picture %s: %w", name, err)
		}
		out = append(out, picture{name, caption, p})
		return nil
	}
	board := h.Leaderboard(trial.Search)
	if len(board) > 0 {
		for _, cost := range costs(h.Started.Objectives) {
			p, err := draw.Front(front(h, cost))
			if err := add("front-"+fileName(cost), "Every architecture that was tried; the line is the front: nothing that was tried is better in both.", p, err); err != nil {
				return nil, err
			}
		}
		p, err := draw.Progress(progress(h))
		if err := add("progress", "The search over its trials: each one's accuracy, and the best so far.", p, err); err != nil {
			return nil, err
		}
	}
	name, arch, g, ok, err := best(h, s)
	if err != nil {
		return nil, err
	}
	if ok {
		d := network.Drawing{Title: h.Started.Name + ", " + name}
		svg, err := draw.SVG(ctx, g, d)
		if err != nil {
			return nil, fmt.Errorf("picture topology: %w", err)
		}
		png, err := draw.PNG(ctx, g, d)
		if err := add("topology", "The network of "+name+": "+s.Format(arch), draw.Picture{SVG: svg, PNG: png}, err); err != nil {
			return nil, err
		}
	}
	for _, c := range []struct {
		name, caption string
		chart         draw.BarsChart
	}{
		{"operations", "How often each option is used by the best quarter of the leaderboard and by all that were tried.", operations(h, s)},
		{"decisions", "The single decisions in which the best quarter differs most from all.", telling(h, s)},
	} {
		if len(c.chart.Groups) == 0 {
			continue
		}
		p, err := draw.Bars(c.chart)
		if err := add(c.name, c.caption, p, err); err != nil {
			return nil, err
		}
	}
	if c := finalsChart(Summarise(h, s.Format)); len(c.Front)+len(c.Trials) > 0 {
		p, err := draw.Front(c)
		if err := add("finals", "Finalists and hand-designed networks, trained alone from scratch with the same settings and tested once.", p, err); err != nil {
			return nil, err
		}
	}
	if c := curves(h); len(c.Lines) > 0 {
		p, err := draw.Curves(c)
		if err := add("curves", "Validation accuracy of the finalists and baselines over their epochs.", p, err); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fileName is the name of a metric with dashes for all but letters, digits and underscores, so that it may be that of a file: "count-kernel-k5".
func fileName(metric string) string {
	words := strings.FieldsFunc(metric, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// costs are the minimised metrics to draw accuracy against: the objectives, or MACs where there is none.
func costs(objectives trial.Objectives) []string {
	var out []string
	for _, o := range objectives {
		if !o.Maximise && o.Metric != "loss" {
			out = append(out, o.Metric)
		}
	}
	if len(out) == 0 {
		out = append(out, trial.MACs)
	}
	return out
}

var axes = map[string]draw.Axis{
	trial.MACs:   {Label: "MACs", Log: true},
	trial.Params: {Label: "params", Log: true},
	trial.Memory: {Label: "peak activation memory, bytes", Log: true},
}

// axis is that of a cost: logarithmic for those of every network, and in the unit of a cost file's metric.
func axis(cost string, units map[string]string) draw.Axis {
	if known, ok := axes[cost]; ok {
		return known
	}
	a := draw.Axis{Label: cost}
	if unit := units[cost]; unit != "" {
		a.Label += ", " + unit
	} else if cost == "depth" {
		a.Label += ", blocks"
	}
	return a
}

func point(e store.Entry, cost string, on draw.Axis, label string) (draw.Point, bool) {
	x, okX := e.Result.Metrics.Get(cost)
	y, okY := e.Result.Metrics.Get(accuracy)
	return draw.Point{X: x, Y: y, Label: label}, okX && okY && (x > 0 || !on.Log)
}

func front(h *store.History, cost string) draw.FrontChart {
	on := axis(cost, h.Started.Units)
	c := draw.FrontChart{Title: "Accuracy against " + on.Label, Cost: on, Score: percent("validation accuracy"), Maximise: true}
	board := h.Leaderboard(trial.Search)
	two := trial.Objectives{{Metric: accuracy, Maximise: true}, {Metric: cost}}
	entries := make([]store.Entry, len(board))
	for i, p := range board {
		entries[i] = p.Entry
		if at, ok := point(p.Entry, cost, on, ""); ok {
			c.Trials = append(c.Trials, at)
		}
	}
	for _, p := range store.Rank(entries, two, h.Started.Constraints) {
		if at, ok := point(p.Entry, cost, on, fmt.Sprint(p.Trial.ID)); ok && p.Rank == 0 && p.Violation == 0 {
			c.Front = append(c.Front, at)
		}
	}
	return c
}

// finalsChart shows test accuracy against MACs of what was tested.
func finalsChart(s Summary) draw.FrontChart {
	c := draw.FrontChart{Title: "Tested once: finalists and baselines", Cost: axes[trial.MACs], Score: percent("test accuracy"), Maximise: true}
	for _, f := range s.Finals {
		x, okX := f.Valid.Get(trial.MACs)
		y, okY := f.Test.Get(accuracy)
		if !okX || !okY {
			continue
		}
		p := draw.Point{X: x, Y: y, Label: f.Name}
		if f.Phase == trial.Baseline {
			c.References = append(c.References, p)
		} else {
			c.Trials = append(c.Trials, draw.Point{X: x, Y: y})
			c.Front = append(c.Front, p)
		}
	}
	c.Front = undominated(c.Front)
	return c
}

// undominated keeps the points that no other beats in both.
func undominated(points []draw.Point) []draw.Point {
	var out []draw.Point
	for _, p := range points {
		beaten := false
		for _, q := range points {
			beaten = beaten || q.X <= p.X && q.Y >= p.Y && (q.X < p.X || q.Y > p.Y)
		}
		if !beaten {
			out = append(out, p)
		}
	}
	return out
}

func percent(label string) draw.Axis { return draw.Axis{Label: label, Percent: true} }

func progress(h *store.History) draw.ProgressChart {
	c := draw.ProgressChart{Title: "Progress of the search", Score: percent("validation accuracy"), Maximise: true}
	for _, e := range h.Of(trial.Search) {
		if !e.Finished {
			continue
		}
		if y, ok := e.Result.Metrics.Get(accuracy); ok && e.OK() {
			c.Trials = append(c.Trials, draw.Point{X: float64(e.Trial.ID), Y: y})
		} else {
			c.Failed = append(c.Failed, float64(e.Trial.ID))
		}
	}
	return c
}

func curves(h *store.History) draw.CurvesChart {
	c := draw.CurvesChart{Title: "Finalists and baselines", X: draw.Axis{Label: "epoch"}, Y: percent("validation accuracy")}
	for _, phase := range []trial.Phase{trial.Finalist, trial.Baseline} {
		for _, curve := range h.Curves(phase, accuracy) {
			e := h.Entries[curve.Trial]
			l := draw.Line{Name: e.Trial.Name}
			if phase == trial.Finalist {
				l.Name = finalistName(e)
			}
			for i, epoch := range curve.Epochs {
				l.Points = append(l.Points, draw.Point{X: float64(epoch), Y: curve.Values[i]})
			}
			c.Lines = append(c.Lines, l)
		}
	}
	return c
}
