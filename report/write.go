package report

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

//go:embed page.html
var pageText string

// Write makes the report of a study in a folder, report.html and its pictures as SVG and PNG, and returns the paths of the
// files. The HTML file holds its pictures and needs no other file and no network. Everything is drawn before the first file is
// written.
func Write(ctx context.Context, folder string, h *store.History, s *space.Space) ([]string, error) {
	if err := Fits(h, s); err != nil {
		return nil, err
	}
	drawn, err := pictures(ctx, h, s)
	if err != nil {
		return nil, err
	}
	page, err := html(h, s, drawn)
	if err != nil {
		return nil, err
	}
	all := []files.File{{Name: "report.html", Content: page}}
	for _, p := range drawn {
		all = append(all, files.File{Name: p.name + ".svg", Content: p.SVG}, files.File{Name: p.name + ".png", Content: p.PNG})
	}
	return files.WriteAll(folder, all)
}

// page is what the template prints.
type page struct {
	Summary   Summary
	Columns   []string
	Costs     []string // the columns beside the quality
	Sentences []string
	Pictures  []shown
	Study     string
	Version   string
	Data      store.Dataset
	Started   string
	Spent     []line
	State     string
}

type shown struct {
	Name, Caption string
	SVG           template.HTML
}

type line struct{ Name, Value string }

func html(h *store.History, s *space.Space, drawn []picture) ([]byte, error) {
	p := page{
		Summary: Summarise(h, s.Format), Study: h.Started.Study, Version: h.Started.Version, Data: h.Started.Data,
		Columns: Columns(h.Started.Objectives, h.Started.Metrics), Started: h.StartedAt.UTC().Format("2 January 2006, 15:04 UTC"),
	}
	p.Costs = p.Summary.costColumns()
	for _, c := range p.Summary.Comparisons {
		p.Sentences = append(p.Sentences, c.Sentence(p.Summary))
	}
	for _, d := range drawn {
		p.Pictures = append(p.Pictures, shown{d.name, d.caption, template.HTML(d.SVG)}) // our own drawing, with its texts escaped by the drawer
	}
	t := h.Totals()
	for _, l := range append(t.Stages, store.StageTally{Stage: "all", Tally: t.All}) {
		text := fmt.Sprintf("%d evaluated, %d failed, %s MACs, %.0f s of processor time", l.OK+l.Failed, l.Failed,
			trial.ShortCount(float64(l.Spent.MACs)), l.Spent.CPUSeconds)
		if l.Money > 0 {
			text += fmt.Sprintf(", %.4f %s", l.Money, h.Started.Rates.Currency)
		}
		p.Spent = append(p.Spent, line{l.Stage, text})
	}
	switch {
	case h.Ended:
		p.State = "complete"
	case h.Closed() != "":
		p.State = "the search is over, finalists are under way"
	default:
		p.State = "running, or interrupted"
	}
	tmpl, err := template.New("page").Funcs(template.FuncMap{
		"cell":    p.Summary.cell,
		"upper":   strings.ToUpper,
		"join":    strings.Join,
		"quality": func(ms trial.Metrics) string { return p.Summary.cell(ms, p.Summary.quality().Metric) },
		"points":  p.Summary.points,
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
