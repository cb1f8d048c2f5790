// Package terminal is what any command needs of the person at the terminal: results as text or JSON, tasks that are awaited, counters of
// what is done, help of the terminal's width, completion, and errors with their exit codes. It knows nothing of what the commands are about.
package terminal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/trellis-nas/trellis/internal/layout"
)

// Terminal is where a command prints: results to Out, progress and remarks to Err.
type Terminal struct {
	Out, Err io.Writer
	JSON     bool // results as JSON, for scripts

	waiting *wait // for what is printed next; nil for nothing
}

// Print writes v as indented JSON if the user asked for JSON, and calls text otherwise.
func (t *Terminal) Print(v any, text func(w io.Writer) error) error {
	t.StopWaiting()
	if !t.JSON {
		return text(t.Out)
	}
	e := json.NewEncoder(t.Out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// Output is standard output, which may be a full disk: it remembers the first failure, for a command that does not look.
type Output struct {
	io.Writer
	Failed error
}

func (o *Output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil && o.Failed == nil {
		o.Failed = err
	}
	return n, err
}

// Interactive reports whether a writer is a terminal, on which lines may be written over.
func Interactive(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Help and lists of words take as many columns as the terminal has, but at least narrowest and at most Widest, which is also what they take
// where there is no terminal. Examples, numbers and architectures are never broken.
const (
	narrowest = 40
	Widest    = 100
)

// Width is how many columns text on w takes.
func Width(w io.Writer) int {
	if o, ok := w.(*Output); ok {
		w = o.Writer
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return max(narrowest, min(Widest, n))
		}
	}
	return Widest
}

// WrapHelp sets the help of a command, and of all below it, in lines of so many columns.
func WrapHelp(cmd *cobra.Command, width int) {
	var paragraphs []string
	for p := range strings.SplitSeq(cmd.Long, "\n\n") {
		paragraphs = append(paragraphs, strings.Join(layout.Lines(strings.Fields(p), " ", width), "\n"))
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	if !cmd.HasParent() {
		cmd.SetUsageTemplate(strings.ReplaceAll(cmd.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", width)))
	}
	for _, c := range cmd.Commands() {
		WrapHelp(c, width)
	}
}
