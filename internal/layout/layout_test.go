package layout_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/layout"
)

func TestAListHasAllItsWordsInOrderAndItsCellsInColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zé…]{1,30}`)
		l := layout.List{Gap: " "}
		var want []string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			cell, words := word.Draw(t, "cell"), rapid.SliceOfN(word, 0, 20).Draw(t, "words")
			l.Add(words, cell)
			want = append(append(want, cell), words...)
		}
		const width = 100
		var out bytes.Buffer
		if err := l.Write(&out, width); err != nil {
			t.Fatal(err)
		}
		if got := strings.Fields(out.String()); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("the words are %q, want %q", got, want)
		}
		for line := range strings.Lines(out.String()) {
			if layout.Columns(line) > width+1 {
				t.Errorf("%d columns: %s", layout.Columns(line), line)
			}
		}
	})
}

func TestAParagraphHasItsLabelBeforeItsFirstLineOnly(t *testing.T) {
	var out strings.Builder
	layout.Paragraph(&out, "mean", "one two three four", 6, 14)
	if want := "mean  one two\n      three\n      four\n"; out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestAWordThatIsTooLongHasALineOfItsOwn(t *testing.T) {
	if got, want := layout.Lines([]string{"a", "abcdefgh", "b", "c"}, " ", 4), []string{"a", "abcdefgh", "b c"}; !slices.Equal(got, want) {
		t.Errorf("the lines are %q, want %q", got, want)
	}
}
