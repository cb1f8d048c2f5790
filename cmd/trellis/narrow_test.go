package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestListsTakeNoMoreColumnsThanATerminalHas(t *testing.T) {
	every := []string{"bench strategies", "data list", "space marginals nb201", "space operators nb201"}
	for _, c := range commands(newRoot(&terminal{})) {
		every = append(every, strings.TrimPrefix(c.CommandPath(), "trellis")+" --help")
	}
	for _, args := range every {
		var out, err bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &err); code != exitDone {
			t.Fatalf("trellis %s: exit code %d: %s", args, code, err.String())
		}
		text, examples := out.String(), false
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			examples = line == "Examples:" || examples && line != ""
			if columns(line) > widest && !examples {
				t.Errorf("trellis %s: %d columns: %s", args, columns(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("trellis %s: a line ends in blanks: %q", args, line)
			}
		}
	}
}

func TestAListHasAllItsWordsInOrderAndItsCellsInColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zé…]{1,30}`)
		l := list{gap: " "}
		var want []string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			cell, words := word.Draw(t, "cell"), rapid.SliceOfN(word, 0, 20).Draw(t, "words")
			l.add(words, cell)
			want = append(append(want, cell), words...)
		}
		var out bytes.Buffer
		if err := l.write(&out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Fields(out.String()); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("the words are %q, want %q", got, want)
		}
		for line := range strings.Lines(out.String()) {
			if columns(line) > widest+1 {
				t.Errorf("%d columns: %s", columns(line), line)
			}
		}
	})
}

func TestAFigureIsPrintedWithoutWhatRoundingLeaves(t *testing.T) {
	for x, want := range map[figure]string{
		0.9999999999999999: "1", 0.3408000000000001: "0.3408", figure(0.30000000000000004): "0.3", 1.0 / 3: "0.333333333333", 0: "0", -2.5: "-2.5", 1e-300: "1e-300", 15625: "15625",
	} {
		if got, err := json.Marshal(x); err != nil || string(got) != want {
			t.Errorf("%v is printed as %s (%v), want %s", float64(x), got, err, want)
		}
	}
	if _, err := json.Marshal(figure(math.NaN())); err == nil {
		t.Error("no number is printed as one")
	}
}
