package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Help and lists of words take so many columns: as many as the terminal has, but at least narrowest and at most widest, which is also what they
// take where there is no terminal. Examples, numbers and architectures are never broken.
const narrowest, widest = 40, 100

// width is how many columns text on w takes.
func width(w io.Writer) int {
	if o, ok := w.(*output); ok {
		w = o.Writer
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return max(narrowest, min(widest, n))
		}
	}
	return widest
}

// narrow sets the help of a command, and of all below it, in lines of so many columns.
func narrow(cmd *cobra.Command, width int) {
	var paragraphs []string
	for p := range strings.SplitSeq(cmd.Long, "\n\n") {
		paragraphs = append(paragraphs, strings.Join(lines(strings.Fields(p), " ", width), "\n"))
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	if !cmd.HasParent() {
		cmd.SetUsageTemplate(strings.ReplaceAll(cmd.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", width)))
	}
	for _, c := range cmd.Commands() {
		narrow(c, width)
	}
}

// lines sets words in as few lines as they need, with a gap between two in a line, of so many columns at most. A word that is longer has a
// line of its own.
func lines(words []string, gap string, width int) []string {
	var out []string
	line := ""
	for i, w := range words {
		switch {
		case i == 0:
			line = w
		case columns(line)+columns(gap)+columns(w) <= width:
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

// columns is how many columns of a terminal a text takes.
func columns(text string) int { return len([]rune(text)) }

// list is a table whose last column holds words, in as many lines as they need.
type list struct {
	gap  string // between two words in a line
	rows []listed
}

type listed struct{ cells, words []string }

// add adds a row. All rows have the same number of cells before the words.
func (l *list) add(words []string, cells ...string) { l.rows = append(l.rows, listed{cells, words}) }

// text adds a row whose words are those of a text.
func (l *list) text(text string, cells ...string) { l.add(strings.Fields(text), cells...) }

// write prints the list. However wide the cells are, the words have half of the narrowest terminal.
func (l *list) write(w io.Writer) error {
	const between = 2
	var widths []int
	for _, r := range l.rows {
		for i, c := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(c)+between)
		}
	}
	rest := width(w)
	for _, n := range widths {
		rest -= n
	}
	var b strings.Builder
	for _, r := range l.rows {
		before := ""
		for i, c := range r.cells {
			before += c + strings.Repeat(" ", widths[i]-columns(c))
		}
		words := lines(r.words, l.gap, max(narrowest/2, rest))
		if len(words) == 0 {
			words = []string{""}
		}
		for _, line := range words {
			b.WriteString(strings.TrimRight(before+line, " ") + "\n")
			before = strings.Repeat(" ", columns(before))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
