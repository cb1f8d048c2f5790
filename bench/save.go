package bench

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/internal/files"
)

//go:embed page.html
var pageText string

// Save writes the outcome into a folder: results.json, the curves as SVG and PNG, and bench.html, which holds the picture and needs
// no other file. It returns the paths. Everything is drawn before the first file is written.
func (o Outcome) Save(folder string) ([]string, error) {
	curves, err := o.Curves()
	if err != nil {
		return nil, err
	}
	page, err := o.page(curves)
	if err != nil {
		return nil, err
	}
	results, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return nil, err
	}
	return files.WriteAll(folder, []files.File{
		{Name: "bench.html", Content: page}, {Name: "curves.svg", Content: curves.SVG}, {Name: "curves.png", Content: curves.PNG},
		{Name: "results.json", Content: append(results, '\n')},
	})
}

// Curves draws the mean of the measure after each evaluation with its standard error as a band, on logarithmic axes. What falls
// under a thousandth of the largest value is drawn there, for zero has no place on such an axis.
func (o Outcome) Curves() (draw.Picture, error) {
	c := draw.CurvesChart{
		Title: o.Table,
		X:     draw.Axis{Label: "distinct evaluations", Log: true},
		Y:     draw.Axis{Label: fmt.Sprintf("mean %s of %d seeds", o.Measure, o.Seeds), Log: true, Percent: o.Measure == Shortfall},
	}
	largest := 0.0
	for _, p := range o.Results {
		for k := first; k < len(p.Mean); k++ {
			largest = max(largest, p.Mean[k])
		}
	}
	floor := largest / 1000
	if largest == 0 {
		floor = 1
	}
	for _, p := range o.Results {
		l := draw.Line{Name: p.Strategy}
		for k := min(first, len(p.Mean)-1); k < len(p.Mean); k++ {
			l.Points = append(l.Points, draw.Point{X: float64(k + 1), Y: max(floor, p.Mean[k])})
			l.Band = append(l.Band, [2]float64{max(floor, p.Mean[k]-p.Error[k]), max(floor, p.Mean[k]+p.Error[k])})
		}
		c.Lines = append(c.Lines, l)
	}
	return draw.Curves(c)
}

// first is the index of the evaluation that curves begin with: the first ones are luck and would press the rest together.
const first = 9

func (o Outcome) page(curves draw.Picture) ([]byte, error) {
	type table struct {
		Title string
		Rows  [][]string // the strategy, then a cell a checkpoint
	}
	page := struct {
		Outcome Outcome
		Curves  template.HTML
		Tables  []table
	}{o, template.HTML(curves.SVG), nil} // our own drawing, with its texts escaped by the drawer
	for _, part := range o.parts() {
		t := table{Title: part.title}
		for _, p := range o.Results {
			row := []string{p.Strategy}
			for _, c := range p.Checkpoints {
				row = append(row, part.cell(c))
			}
			t.Rows = append(t.Rows, row)
		}
		page.Tables = append(page.Tables, t)
	}
	tmpl, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, page); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
