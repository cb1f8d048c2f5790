package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// whole is a complete study.
func whole(t testing.TB) *story {
	s := begin(t)
	var last trial.ID
	for i := range 9 {
		last = s.search(0.3+0.05*float64(i), float64(1000*(i+1)), i%3, i/3)
	}
	s.search(-1, 0, 0, 0)
	s.finals(last, 4)
	f, g, l := s.finalist(last, 0.9, 9000), s.finalist(4, 0.8, 5000), s.baseline("<i>lenet", 0.5, 9500)
	s.test([]trial.ID{f, g, l}, 0.85, 0.75, 0.45)
	s.add(store.StudyEnded{})
	return s
}

func TestAReportIsOnePageThatNeedsNothingBesideItAndItsPictures(t *testing.T) {
	s := whole(t)
	folder := filepath.Join(t.TempDir(), "deep", "report")
	paths, err := report.Write(t.Context(), folder, &s.h, ways(t))
	if err != nil {
		t.Fatal(err)
	}
	var made []string
	for _, p := range paths {
		made = append(made, filepath.Base(p))
		content, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(p) {
		case ".png":
			if !bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")) {
				t.Errorf("%s is no PNG picture", p)
			}
		case ".svg":
			wellFormed(t, p, content)
		}
	}
	slices.Sort(made)
	want := []string{"curves.png", "curves.svg", "decisions.png", "decisions.svg", "finals.png", "finals.svg", "front-macs.png", "front-macs.svg",
		"operations.png", "operations.svg", "progress.png", "progress.svg", "report.html", "topology.png", "topology.svg"}
	if !slices.Equal(made, want) {
		t.Errorf("files are %v, want %v", made, want)
	}
	page, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, sentence := range []string{
		"The network of trial 8 wins against &lt;i&gt;lenet: test accuracy 85.00% against 45.00% (&#43;40.00 points), with 9k MACs against 9.5k.",
		"8x8x1 samples of 2 classes, 10 to train, 4 to validate, 4 sealed",
		"seed 9223372036854775808",
		"begun 2 January 2026, 03:04 UTC",
		"· complete",
		"10 evaluated, 1 failed, 10k MACs, 20 s of processor time, 20.0000 &lt;b&gt;EUR",
		"trellis: 1\nname: story # &lt;script&gt;",
	} {
		if !strings.Contains(string(page), sentence) {
			t.Errorf("the page does not hold %q", sentence)
		}
	}
	for _, pattern := range []string{`(?i)<script`, `(?i)<i>`, `<b>EUR`, `(?i)<(link|img|iframe|object|embed)\b`, `(?i)(src|href|srcset|action)\s*=\s*["']?\s*(https?:)?//`,
		`(?i)(url\(|@import)\s*["']?\s*(https?:)?//`, `(?i)\son\w+\s*=`, `(?i)javascript:`} {
		if found := regexp.MustCompile(pattern).FindIndex(page); found != nil {
			t.Errorf("the page holds %q", page[max(0, found[0]-80):min(len(page), found[1]+80)])
		}
	}
}

func wellFormed(t *testing.T, name string, content []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(content))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	elements := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("%s is not well-formed: %v", name, err)
			return
		}
		if e, ok := token.(xml.StartElement); ok {
			if elements++; elements == 1 && e.Name.Local != "svg" || e.Name.Local == "script" {
				t.Errorf("%s holds an element %s", name, e.Name.Local)
			}
		}
	}
}

func TestAReportOfARunningStudyShowsWhatThereIs(t *testing.T) {
	s := begin(t)
	for name, step := range map[string]func(){"before any result": func() {}, "after a failure alone": func() { s.search(-1, 0, 0, 0) }} {
		step()
		paths, err := report.Write(t.Context(), t.TempDir(), &s.h, ways(t))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(paths) != 1 {
			t.Errorf("%s: files are %v, want the page alone", name, paths)
		}
	}
	s.search(0.5, 100, 1, 1)
	paths, err := report.Write(t.Context(), t.TempDir(), &s.h, ways(t))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "running, or interrupted") || !strings.Contains(string(page), `id="topology"`) {
		t.Error("the page does not show the state or the best network")
	}
}

func TestNetworksWithoutCostLeaveTheReportWhole(t *testing.T) {
	s := begin(t)
	s.search(0.5, 0, 0, 0)
	s.search(0.6, 100, 1, 0)
	if _, err := report.Write(t.Context(), t.TempDir(), &s.h, ways(t)); err != nil {
		t.Error(err)
	}
}

func TestAReportThatCannotBeDrawnWritesNothing(t *testing.T) {
	s := whole(t)
	other, err := space.ParseFile("other.yaml", []byte("input: 8x8x1\nclasses: 2\nbody: [head]\n"))
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for what, c := range map[string]struct {
		ctx   context.Context
		space *space.Space
	}{"a space that is not the study's": {t.Context(), other}, "a context that is over": {stopped, ways(t)}} {
		folder := filepath.Join(t.TempDir(), "report")
		if paths, err := report.Write(c.ctx, folder, &s.h, c.space); err == nil {
			t.Errorf("%s: %v were written", what, paths)
		}
		if _, err := os.Stat(folder); !os.IsNotExist(err) {
			t.Errorf("%s: the folder is there", what)
		}
	}
}
