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
	board := h.Leaderboard(h.SearchStage())
	if len(board) > 0 {
		for _, cost := range costs(h.Started.Objectives) {
			p, err := draw.Front(front(h, cost))
			if err := add("front-"+fileName(cost), "Every architecture that was tried; the line is the front: nothing that was tried is better in both.", p, err); err != nil {
				return nil, err
			}
		}
		p, err := draw.Progress(progress(h))
		if err := add("progress", "The search over its trials: each one's "+Quality(h.Started.Objectives).Metric+", and the best so far.", p, err); err != nil {
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
		{"decisions", "The single decisions in which the best quarter differs most from all.", distinctive(h, s)},
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
		if err := add("curves", "The finalists and baselines on validation while they are trained.", p, err); err != nil {
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

// costs are the minimised metrics to draw the quality against: the objectives, or MACs where there is none.
func costs(objectives trial.Objectives) []string {
	var out []string
	for _, o := range objectives {
		if !o.Maximise && o != Quality(objectives) {
			out = append(out, o.Metric)
		}
	}
	if len(out) == 0 {
		out = append(out, trial.MACs)
	}
	return out
}

// axis is that of a metric: logarithmic for counts and bytes, in percent for shares, and otherwise in its unit.
func axis(m trial.MetricInfo, on string) draw.Axis {
	a := draw.Axis{Label: on + m.Name, Percent: m.Show == trial.ShowPercent, Log: m.Show == trial.ShowCount || m.Show == trial.ShowBytes}
	switch {
	case m.Name == trial.MACs:
		a.Label = "MACs"
	case m.Name == trial.Memory:
		a.Label = "peak activation memory, bytes"
	case m.Name == "depth":
		a.Label += ", blocks"
	case m.Unit != "":
		a.Label += ", " + m.Unit
	}
	return a
}

func point(e store.Entry, cost, quality string, on draw.Axis, label string) (draw.Point, bool) {
	x, okX := e.Result.Metrics.Get(cost)
	y, okY := e.Result.Metrics.Get(quality)
	return draw.Point{X: x, Y: y, Label: label}, okX && okY && (x > 0 || !on.Log)
}

func front(h *store.History, cost string) draw.FrontChart {
	on, quality := axis(h.Metric(cost), ""), Quality(h.Started.Objectives)
	c := draw.FrontChart{
		Title: capital(quality.Metric) + " against " + on.Label, Cost: on, Score: axis(h.Metric(quality.Metric), "validation "), Maximise: quality.Maximise,
	}
	board := h.Leaderboard(h.SearchStage())
	two := trial.Objectives{quality, {Metric: cost}}
	entries := h.Full(h.SearchStage())
	for _, p := range board {
		if at, ok := point(p.Entry, cost, quality.Metric, on, ""); ok {
			c.Trials = append(c.Trials, at)
		}
	}
	for _, p := range store.Rank(entries, two, h.Constraints(h.SearchStage())) {
		if at, ok := point(p.Entry, cost, quality.Metric, on, fmt.Sprint(p.Trial.ID)); ok && p.Rank == 0 && p.Violation == 0 {
			c.Front = append(c.Front, at)
		}
	}
	return c
}

// finalsChart shows the quality on the test set against MACs of what was tested.
func finalsChart(s Summary) draw.FrontChart {
	quality := s.quality()
	c := draw.FrontChart{
		Title: "Tested once: finalists and baselines", Cost: axis(trial.CostInfos().Of(trial.MACs), ""),
		Score: axis(s.Metrics.Of(quality.Metric), "test "), Maximise: quality.Maximise,
	}
	for _, f := range s.Finals {
		x, okX := f.Valid.Get(trial.MACs)
		y, okY := f.Test.Get(quality.Metric)
		if !okX || !okY {
			continue
		}
		p := draw.Point{X: x, Y: y, Label: f.Name}
		if f.Stage == store.Baselines {
			c.References = append(c.References, p)
		} else {
			c.Trials = append(c.Trials, draw.Point{X: x, Y: y})
			c.Front = append(c.Front, p)
		}
	}
	c.Front = nonDominated(c.Front, quality.Maximise)
	return c
}

// nonDominated keeps the points that no other beats in both.
func nonDominated(points []draw.Point, maximise bool) []draw.Point {
	var out []draw.Point
	for _, p := range points {
		dominated := false
		for _, q := range points {
			over, equal := q.Y > p.Y == maximise && q.Y != p.Y, q.Y == p.Y
			dominated = dominated || q.X <= p.X && (over || equal) && (q.X < p.X || over)
		}
		if !dominated {
			out = append(out, p)
		}
	}
	return out
}

// capital writes a word with its first letter large.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func progress(h *store.History) draw.ProgressChart {
	quality := Quality(h.Started.Objectives)
	c := draw.ProgressChart{Title: "Progress of the search", Score: axis(h.Metric(quality.Metric), "validation "), Maximise: quality.Maximise}
	stage := h.SearchStage()
	reached := h.Fidelities(stage)
	for _, e := range h.Of(stage) {
		if !e.Finished || e.OK() && e.Result.Fidelity != reached[0] {
			continue // figures of different fidelities cannot be compared
		}
		if y, ok := e.Result.Metrics.Get(quality.Metric); ok && e.OK() {
			c.Trials = append(c.Trials, draw.Point{X: float64(e.Trial.ID), Y: y})
		} else {
			c.Failed = append(c.Failed, float64(e.Trial.ID))
		}
	}
	return c
}

func curves(h *store.History) draw.CurvesChart {
	quality := Quality(h.Started.Objectives).Metric
	unit := "amount"
	if s, ok := h.Stage(store.Finalists); ok && s.Resource.Name != "" {
		unit = strings.TrimSuffix(s.Resource.Name, "s")
	}
	c := draw.CurvesChart{Title: "Finalists and baselines", X: draw.Axis{Label: unit}, Y: axis(h.Metric(quality), "validation ")}
	for _, stage := range []string{store.Finalists, store.Baselines} {
		for _, curve := range h.Curves(stage, quality) {
			e := h.Entries[curve.Trial]
			l := draw.Line{Name: e.Trial.Name}
			if stage == store.Finalists {
				l.Name = finalistName(e)
			}
			for i, amount := range curve.Amounts {
				l.Points = append(l.Points, draw.Point{X: float64(amount), Y: curve.Values[i]})
			}
			c.Lines = append(c.Lines, l)
		}
	}
	return c
}
