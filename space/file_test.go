package space_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// brokenFiles returns the texts of testdata/broken-space-files.txt, each with the exact error that follows it behind ">>> ".
func brokenFiles(t testing.TB) (texts, errors []string) {
	t.Helper()
	content, err := os.ReadFile("testdata/broken-space-files.txt")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(content)) {
		if want, ok := strings.CutPrefix(line, ">>> "); ok {
			texts, errors = append(texts, text.String()), append(errors, strings.TrimSuffix(want, "\n"))
			text.Reset()
			continue
		}
		text.WriteString(line)
	}
	if text.Len() > 0 {
		t.Fatalf("the last text has no error behind it: %s", text.String())
	}
	return texts, errors
}

func TestBrokenSpaceFilesAreToldByPlaceValueAndNearestValidOne(t *testing.T) {
	texts, errors := brokenFiles(t)
	if len(texts) < 50 {
		t.Errorf("there are only %d broken files", len(texts))
	}
	for i, text := range texts {
		if _, err := space.ParseFile("f.yaml", []byte(text)); err == nil || err.Error() != errors[i] {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, errors[i])
		}
	}
}

func TestAnEmptyFileIsNoSpace(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n"} {
		if _, err := space.ParseFile("f.yaml", []byte(text)); err == nil || err.Error() != "f.yaml:1:1: the file is empty" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestASpaceWithoutANameIsCalledLikeItsFile(t *testing.T) {
	s, err := space.ParseFile("some/where/tiny.yaml", []byte("input: 8x8x1\nbody: norm\n"))
	if err != nil || s.Name() != "tiny" {
		t.Errorf("%v, %v", s, err)
	}
}

func TestOpenKnowsBuiltInSpacesAndFilesAndParams(t *testing.T) {
	for _, name := range space.BuiltIns() {
		s, err := space.Open(name, space.Params{"input": "28x28x1", "classes": "7"})
		if err != nil {
			t.Fatal(err)
		}
		g, err := s.Network(randomArch(t, s, stream.New(9, name)))
		if err != nil || s.Name() != name || s.Input() != (network.Shape{H: 28, W: 28, C: 1}) || g.OutputShape() != network.Vector(7) {
			t.Errorf("%s: name %s, input %v, output %v, %v", name, s.Name(), s.Input(), g.OutputShape(), err)
		}
	}
	s, err := space.Open("../examples/spaces/cell.yaml", space.Params{"input": "20x20x3", "name": "other"})
	if err != nil || s.Input().C != 3 || s.Name() != "other" {
		t.Errorf("%v, %v", s, err)
	}
	params := space.Params{"stages": "[{width: 4, depth: [1, 2]}, {width: [4, 8], stride: 2, depth: 1}]", "kernel": "3", "expand": "[2]", "se": "0", "act": "relu"}
	if s, err = space.Open("mobile", params); err != nil || count(s) != 4 {
		t.Errorf("%v, %v", s, err)
	}
}

func TestOpenSaysWhatIsWrongWithNamesAndParams(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name   string
		params space.Params
		want   string
	}{
		{"mobil", nil, `there is no built-in space and no file "mobil"; the nearest is "mobile" (of chain, darts, efficientnet-stages, enas-macro, mobile, nb-macro, nb201, ofa-mbv3, resnet)`},
		{filepath.Join(dir, "none.yaml"), nil, "there is no space file " + filepath.Join(dir, "none.yaml")},
		{"mobile", space.Params{"widths": "3"}, `unknown option "widths" of a space; the nearest is "width"`},
		{"mobile", space.Params{"input": "28x28"}, `option input:1:1: "28x28" is no shape; write height x width x channels, as 28x28x1`},
		{"mobile", space.Params{"kernel": "[3, 4]"}, `option kernel:1:5: kernel[1]: kernel is 4; it must be an odd number from 1 to 31`},
		{"nb201", space.Params{"cells": "many"}, `option cells:1:1: the value is "many", want a whole number`},
		{"nb201", space.Params{"cells": "101"}, `option cells:1:1: cells: 101 is out of range; it must be from 1 to 100`},
		{"nb201", space.Params{"cells": ""}, `option cells:1:1: the file is empty`},
	} {
		if _, err := space.Open(c.name, c.params); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestEveryExampleInTheDocumentIsASpace reads docs/formats/space-file.md. Its examples are whole files.
func TestEveryExampleInTheDocumentIsASpace(t *testing.T) {
	for i, text := range documented(t) {
		s, err := space.ParseFile("example.yaml", []byte(text))
		if err != nil {
			t.Errorf("example %d: %v\n%s", i+1, err, text)
			continue
		}
		for a := range s.Each() {
			if _, err := s.Network(a); err != nil {
				t.Errorf("example %d: %v", i+1, err)
			}
			break
		}
	}
}

// documented returns the YAML examples of the document.
func documented(t testing.TB) []string {
	t.Helper()
	content, err := os.ReadFile("../docs/formats/space-file.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, part := range strings.Split(string(content), "```yaml\n")[1:] {
		text, _, closed := strings.Cut(part, "```")
		if !closed {
			t.Fatal("an example is not closed")
		}
		out = append(out, text)
	}
	if len(out) < 12 {
		t.Fatalf("there are only %d examples in the document", len(out))
	}
	return out
}

func TestTheDocumentNamesEveryKindKeyAndAttribute(t *testing.T) {
	content, err := os.ReadFile("../docs/formats/space-file.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range space.Vocabulary() {
		if !strings.Contains(string(content), "`"+word+"`") {
			t.Errorf("the document does not mention `%s`", word)
		}
	}
}
