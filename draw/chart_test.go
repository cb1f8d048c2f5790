package draw_test

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/draw"
)

var (
	macs     = draw.Axis{Label: "MACs", Log: true}
	accuracy = draw.Axis{Label: "accuracy", Percent: true}
)

// cloud is a search of n trials whose accuracy grows with the logarithm of the cost.
func cloud(n int) []draw.Point {
	points := make([]draw.Point, n)
	for i := range points {
		u, v := math.Mod(float64(i)*0.618034, 1), math.Mod(float64(i)*0.754878, 1)
		points[i] = draw.Point{X: 1e5 * math.Pow(100, u), Y: 0.84 + 0.05*u - 0.03*v*v, Label: fmt.Sprintf("#%d", i)}
	}
	return points
}

// every is one chart of each kind.
func every() map[string]func() (draw.Picture, error) {
	trials := cloud(60)
	numbered := slices.Clone(trials)
	for i := range numbered {
		numbered[i].X = float64(i)
	}
	return map[string]func() (draw.Picture, error){
		"front": func() (draw.Picture, error) {
			return draw.Front(draw.FrontChart{Title: "front", Cost: macs, Score: accuracy, Maximise: true, Trials: trials,
				Front: trials[:4], References: []draw.Point{{X: 416520, Y: 0.88, Label: "LeNet-5"}}})
		},
		"front within a limit": func() (draw.Picture, error) {
			return draw.Front(draw.FrontChart{Title: "front", Cost: macs, Score: accuracy, Maximise: true, Trials: trials,
				Front: trials[:50], TrialsName: "measured", FrontName: "predicted", Limit: 4e7, Note: "Within more."})
		},
		"progress": func() (draw.Picture, error) {
			return draw.Progress(draw.ProgressChart{Title: "progress", Score: accuracy, Maximise: true, Trials: numbered,
				Failed: []float64{60}, References: []draw.Point{{Y: 0.88, Label: "LeNet-5"}}})
		},
		"bars": func() (draw.Picture, error) {
			return draw.Bars(draw.BarsChart{Title: "bars", Value: accuracy, Series: []string{"best", "all"},
				Groups: []draw.Group{{Label: "conv <3×3>", Values: []float64{0.5, 0.03}}, {Label: "zero", Values: []float64{0, 0.3}}}})
		},
		"curves": func() (draw.Picture, error) {
			return draw.Curves(draw.CurvesChart{Title: "curves", X: draw.Axis{Label: "epoch"}, Y: accuracy,
				Lines: []draw.Line{{Name: "trial 1", Points: numbered[:20]}, {Name: "trial 2", Points: numbered[:1]}}})
		},
		"histogram": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Title: "histogram", Cost: draw.Axis{Label: "MACs"}, Share: draw.Axis{Label: "share", Percent: true},
				Edges: []float64{1e6, 2e6, 3e6, 4e6}, Shares: []float64{0.2, 0, 0.8}})
		},
	}
}

func TestEveryChartIsTwoPicturesAndTheSameEveryTime(t *testing.T) {
	words := map[string][]string{
		"front":                {"front", "MACs", "accuracy", "trials", "reference", "LeNet-5", "#0", "100k", "1M", "10M", "88%"},
		"front within a limit": {"measured", "predicted", "limit", "50M", "Within more."},

		"progress":  {"progress", "trial", "best so far", "failed", "LeNet-5", "0", "60", "88%"},
		"bars":      {"bars", "best", "all", "conv <3×3>", "zero", "50%", "3.0%", "0%", "0"},
		"curves":    {"curves", "epoch", "trial 1", "trial 2", "10", "86%"},
		"histogram": {"histogram", "MACs", "share", "1M", "4M", "20%", "80%"},
	}
	for name, chart := range every() {
		first, err := chart()
		if err != nil {
			t.Fatal(err)
		}
		second, err := chart()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.SVG, second.SVG) || !bytes.Equal(first.PNG, second.PNG) {
			t.Errorf("%s: a second picture differs", name)
		}
		got := texts(t, first.SVG)
		for _, word := range words[name] {
			if !slices.Contains(got, word) {
				t.Errorf("%s lacks the text %q; it has %q", name, word, got)
			}
		}
		if !bytes.Contains(first.SVG, []byte("Liberation Sans,Arial,Helvetica,sans-serif")) {
			t.Errorf("%s names one font only", name)
		}
		config, err := png.DecodeConfig(bytes.NewReader(first.PNG))
		if err != nil {
			t.Fatal(err)
		}
		if config.Width != 1040 || name != "bars" && config.Height != 680 {
			t.Errorf("%s measures %d×%d", name, config.Width, config.Height)
		}
	}
}

func TestChartsRefuseWhatTheyCannotShow(t *testing.T) {
	nan := math.NaN()
	for want, draw := range map[string]func() (draw.Picture, error){
		"there is nothing to draw": func() (draw.Picture, error) { return draw.Front(draw.FrontChart{}) },
		"trial 1: accuracy is NaN": func() (draw.Picture, error) {
			return draw.Front(draw.FrontChart{Cost: macs, Score: accuracy, Trials: []draw.Point{{X: 1}, {X: 1, Y: nan}}})
		},
		"reference 0: MACs is 0, which has no place on a logarithmic axis": func() (draw.Picture, error) {
			return draw.Front(draw.FrontChart{Cost: macs, Score: accuracy, References: []draw.Point{{Y: 1}}})
		},
		"front point 0: the value is +Inf": func() (draw.Picture, error) {
			return draw.Front(draw.FrontChart{Front: []draw.Point{{X: 1, Y: math.Inf(1)}}})
		},
		"failed trial 0: trial is NaN": func() (draw.Picture, error) {
			return draw.Progress(draw.ProgressChart{Failed: []float64{nan}})
		},
		`reference 0: accuracy is NaN`: func() (draw.Picture, error) {
			return draw.Progress(draw.ProgressChart{Score: accuracy, Trials: []draw.Point{{Y: 1}}, References: []draw.Point{{Y: nan}}})
		},
		`line "a", point 0: epoch is NaN`: func() (draw.Picture, error) {
			return draw.Curves(draw.CurvesChart{X: draw.Axis{Label: "epoch"}, Lines: []draw.Line{{Name: "a", Points: []draw.Point{{X: nan}}}}})
		},
		`group "zero" has 1 values for 2 series`: func() (draw.Picture, error) {
			return draw.Bars(draw.BarsChart{Series: []string{"a", "b"}, Groups: []draw.Group{{Label: "zero", Values: []float64{1}}}})
		},
		`group "zero": share is -1; a bar cannot be below 0`: func() (draw.Picture, error) {
			return draw.Bars(draw.BarsChart{Value: draw.Axis{Label: "share"}, Series: []string{"a"}, Groups: []draw.Group{{Label: "zero", Values: []float64{-1}}}})
		},
		"3 bins have 3 edges, want 4": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Edges: []float64{1, 2, 3}, Shares: []float64{1, 2, 3}})
		},
		"edge 2: 2 does not lie above 2": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Edges: []float64{1, 2, 2}, Shares: []float64{1, 2}})
		},
		"edge 0: MACs is 0, which has no place on a logarithmic axis": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Cost: macs, Edges: []float64{0, 2}, Shares: []float64{1}})
		},
		"bin 1: share is NaN": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Share: draw.Axis{Label: "share"}, Edges: []float64{1, 2, 3}, Shares: []float64{1, nan}})
		},
		"bin 0: the value is -1; a bar cannot be below 0": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Edges: []float64{1, 2}, Shares: []float64{-1}})
		},
		"bars stand on 0, which has no place on a logarithmic axis": func() (draw.Picture, error) {
			return draw.Bars(draw.BarsChart{Value: macs, Series: []string{"a"}, Groups: []draw.Group{{Label: "zero", Values: []float64{1}}}})
		},
	} {
		if _, err := draw(); err == nil || err.Error() != want {
			t.Errorf("the error is %v; want %s", err, want)
		}
	}
	for name, empty := range map[string]func() (draw.Picture, error){
		"progress":  func() (draw.Picture, error) { return draw.Progress(draw.ProgressChart{}) },
		"curves":    func() (draw.Picture, error) { return draw.Curves(draw.CurvesChart{Lines: []draw.Line{{Name: "a"}}}) },
		"bars":      func() (draw.Picture, error) { return draw.Bars(draw.BarsChart{Series: []string{"a"}}) },
		"histogram": func() (draw.Picture, error) { return draw.Histogram(draw.HistogramChart{Edges: []float64{1}}) },
	} {
		if _, err := empty(); err == nil || err.Error() != "there is nothing to draw" {
			t.Errorf("%s of nothing says %v", name, err)
		}
	}
}

func TestChartsOfOnePointOrOnlyFailuresAreDrawn(t *testing.T) {
	one := []draw.Point{{X: 5, Y: 0.5}}
	for name, chart := range map[string]func() (draw.Picture, error){
		"front":    func() (draw.Picture, error) { return draw.Front(draw.FrontChart{Cost: macs, Trials: one, Front: one}) },
		"progress": func() (draw.Picture, error) { return draw.Progress(draw.ProgressChart{Trials: one}) },
		"failures": func() (draw.Picture, error) { return draw.Progress(draw.ProgressChart{Failed: []float64{0, 1}}) },
		"curves":   func() (draw.Picture, error) { return draw.Curves(draw.CurvesChart{Lines: []draw.Line{{Points: one}}}) },
		"one bin": func() (draw.Picture, error) {
			return draw.Histogram(draw.HistogramChart{Edges: []float64{5, 6}, Shares: []float64{0}})
		},
		"zeros": func() (draw.Picture, error) {
			return draw.Bars(draw.BarsChart{Series: []string{"a"}, Groups: []draw.Group{{Label: "b", Values: []float64{0}}}})
		},
	} {
		p, err := chart()
		if err != nil || len(p.PNG) == 0 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, text := range texts(t, p.SVG) {
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
				t.Errorf("%s says %q", name, text)
			}
		}
	}
}

func TestAFewBadScoresDoNotPressTheRestTogether(t *testing.T) {
	trials := cloud(60)
	trials[7].Y, trials[30].Y = 0.1, 0.12
	p, err := draw.Front(draw.FrontChart{Cost: macs, Score: accuracy, Maximise: true, Trials: trials, Front: trials[:3]})
	if err != nil {
		t.Fatal(err)
	}
	got := texts(t, p.SVG)
	if i := slices.IndexFunc(got, func(s string) bool { return strings.HasPrefix(s, "Not shown: ") }); i < 0 || !strings.Contains(got[i], "trials below 8") {
		t.Errorf("the texts are %q; want a footnote about the trials that are not shown", got)
	}
	if slices.Contains(got, "20%") {
		t.Errorf("the axis still reaches down to the bad scores: %q", got)
	}
	// A reference is never left out, however bad.
	p, err = draw.Front(draw.FrontChart{Cost: macs, Score: accuracy, Maximise: true, Trials: trials, References: []draw.Point{{X: 1e6, Y: 0.1, Label: "chance"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(t, p.SVG); !slices.Contains(got, "chance") || !slices.Contains(got, "20%") {
		t.Errorf("the texts are %q; want the reference and the axis down to it", got)
	}
}

func TestDrawingLeavesItsInputAlone(t *testing.T) {
	trials := cloud(20)
	before := slices.Clone(trials)
	c := draw.FrontChart{Cost: macs, Score: accuracy, Maximise: true, Trials: trials[:10], Front: trials[12:15], References: trials[18:]}
	if _, err := draw.Front(c); err != nil {
		t.Fatal(err)
	}
	if _, err := draw.Progress(draw.ProgressChart{Maximise: true, Trials: trials[:10], References: trials[12:15]}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(trials, before) {
		t.Error("the points were changed")
	}
}

var label = regexp.MustCompile(`<text x="([^"]+)" y="([^"]+)"[^>]*>(#\d+)</text>`)

func TestLabelsOfACrowdedFrontDoNotCoverOneAnother(t *testing.T) {
	front := make([]draw.Point, 40)
	for i := range front {
		front[i] = draw.Point{X: 1e6 * (1 + float64(i)/100), Y: 0.8 + float64(i)/2000, Label: fmt.Sprintf("#%d", i+10)}
	}
	p, err := draw.Front(draw.FrontChart{Cost: macs, Score: accuracy, Maximise: true, Front: front, Trials: []draw.Point{{X: 1e5, Y: 0.7}, {X: 1e7, Y: 0.9}}})
	if err != nil {
		t.Fatal(err)
	}
	type place struct{ x, y float64 }
	var places []place
	for _, m := range label.FindAllSubmatch(p.SVG, -1) {
		x, errX := strconv.ParseFloat(string(m[1]), 64)
		y, errY := strconv.ParseFloat(string(m[2]), 64)
		if errX != nil || errY != nil {
			t.Fatalf("label at %s, %s", m[1], m[2])
		}
		for _, q := range places {
			const width, height = 12, 7.9 // of "#10" in eight points
			if math.Abs(q.x-x) < width && math.Abs(q.y-y) < height {
				t.Errorf("label %s at %v, %v covers one at %v, %v", m[3], x, y, q.x, q.y)
			}
		}
		places = append(places, place{x, y})
	}
	if len(places) < 2 || len(places) == len(front) {
		t.Errorf("%d of %d labels are written", len(places), len(front))
	}
}

func TestTheBarsOfAHistogramStandBetweenTheirEdges(t *testing.T) {
	p, err := draw.Histogram(draw.HistogramChart{Edges: []float64{0, 1, 2, 4}, Shares: []float64{0.5, 0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		t.Fatal(err)
	}
	// By column of the picture, the number of pixels of the bars' blue.
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	blue := make([]int, width)
	for x := range width {
		for y := range height {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 0 && g>>8 == 0x72 && b>>8 == 0xb2 {
				blue[x]++
			}
		}
	}
	var runs [][2]int // from and to of columns of the same height
	for x := 1; x < width; x++ {
		if blue[x] > 0 && blue[x] != blue[x-1] {
			runs = append(runs, [2]int{x, x})
		}
		if blue[x] > 0 {
			runs[len(runs)-1][1] = x + 1
		}
	}
	if len(runs) != 2 {
		t.Fatalf("there are bars at %v, want two of a constant height", runs)
	}
	narrow, wide := runs[0][1]-runs[0][0], runs[1][1]-runs[1][0]
	gap := runs[1][0] - runs[0][1]
	if math.Abs(float64(wide-2*narrow)) > 4 || math.Abs(float64(gap-narrow)) > 4 {
		t.Errorf("the bars are %d and %d pixels wide, %d apart; want widths of 1, 2 and 1", narrow, wide, gap)
	}
	if low, high := blue[runs[0][0]+1], blue[runs[1][0]+1]; math.Abs(float64(high-2*low)) > 3 {
		t.Errorf("the bars are %d and %d pixels high; want heights of 1 and 2", low, high)
	}
}

func TestABandNeedsBoundsForEveryPoint(t *testing.T) {
	line := draw.Line{Name: "a", Points: []draw.Point{{X: 1, Y: 2}, {X: 2, Y: 3}}, Band: [][2]float64{{1, 3}, {2, 4}}}
	if _, err := draw.Curves(draw.CurvesChart{Lines: []draw.Line{line}}); err != nil {
		t.Error(err)
	}
	line.Band = line.Band[:1]
	if _, err := draw.Curves(draw.CurvesChart{Lines: []draw.Line{line}}); err == nil {
		t.Error("one bound for two points is accepted")
	}
	line.Band = [][2]float64{{0, 3}, {2, 4}}
	if _, err := draw.Curves(draw.CurvesChart{Y: draw.Axis{Log: true}, Lines: []draw.Line{line}}); err == nil {
		t.Error("a bound of 0 is accepted on a logarithmic axis")
	}
}
