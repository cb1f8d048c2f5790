// Package layout sets words in lines and tables of a given width, for terminals and other plain text.
package layout

import (
	"fmt"
	"io"
	"strings"
)

// Lines sets words in as few lines as they need, with a gap between two in a line, of so many columns at most. A word that is longer has a
// line of its own.
func Lines(words []string, gap string, width int) []string {
	var out []string
	line := ""
	for i, w := range words {
		switch {
		case i == 0:
			line = w
		case Columns(line)+Columns(gap)+Columns(w) <= width:
			line += gap + w
		default:
			out = append(out, line)
			line = w
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// Columns is how many columns of a terminal a text takes.
func Columns(text string) int { return len([]rune(text)) }

// Paragraph prints a text of so many columns at most, the label included, which stands before its first line; the text begins at column margin.
func Paragraph(w io.Writer, label, text string, margin, width int) {
	for _, line := range Lines(strings.Fields(text), " ", width-margin) {
		fmt.Fprintf(w, "%-*s%s\n", margin, label, line)
		label = ""
	}
}

// List is a table whose last column holds words, in as many lines as they need.
type List struct {
	Gap  string // between two words in a line
	rows []row
}

type row struct{ cells, words []string }

// Add adds a row. All rows have the same number of cells before the words.
func (l *List) Add(words []string, cells ...string) { l.rows = append(l.rows, row{cells, words}) }

// Text adds a row whose words are those of a text.
func (l *List) Text(text string, cells ...string) { l.Add(strings.Fields(text), cells...) }

// leastWords is how many columns the words of a list have, however wide its cells are.
const leastWords = 20

// Write prints the list in lines of so many columns, unless its cells leave too few for the words.
func (l *List) Write(w io.Writer, width int) error {
	const between = 2
	var widths []int
	for _, r := range l.rows {
		for i, c := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(c)+between)
		}
	}
	for _, n := range widths {
		width -= n
	}
	var b strings.Builder
	for _, r := range l.rows {
		before := ""
		for i, c := range r.cells {
			before += c + strings.Repeat(" ", widths[i]-Columns(c))
		}
		words := Lines(r.words, l.Gap, max(leastWords, width))
		if len(words) == 0 {
			words = []string{""}
		}
		for _, line := range words {
			b.WriteString(strings.TrimRight(before+line, " ") + "\n")
			before = strings.Repeat(" ", Columns(before))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
