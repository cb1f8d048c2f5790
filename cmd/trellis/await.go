package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// await does work that may take long without a word, such as exact answers about large spaces: every two seconds it says for how long, until
// something is printed. Ctrl-C ends it at once; what is left of the work goes with the process.
func await[T any](ctx context.Context, t *terminal, work func() (T, error)) (T, error) {
	type answer struct {
		of  T
		err error
	}
	t.wait = newWait(t.err)
	defer t.wait.end()
	tick := time.NewTicker(quiet)
	defer tick.Stop()
	done := make(chan answer, 1)
	go func() {
		of, err := work()
		done <- answer{of, err}
	}()
	for {
		select {
		case a := <-done:
			return a.of, a.err
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		case <-tick.C:
			t.wait.say()
		}
	}
}

// abandonable makes a command, or those below it where it only holds others, one that is awaited. It is for commands that compute and print
// their answer at the end.
func abandonable(t *terminal, cmd *cobra.Command) *cobra.Command {
	if cmd.HasSubCommands() {
		for _, c := range cmd.Commands() {
			abandonable(t, c)
		}
		return cmd
	}
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		_, err := await(cmd.Context(), t, func() (struct{}, error) { return struct{}{}, work(cmd, args) })
		return err
	}
	return cmd
}

// wait says how long something has taken: on a terminal in one line, which goes away at the end; elsewhere in a new one each time.
type wait struct {
	out     io.Writer
	begun   time.Time
	inPlace bool

	lines       sync.Mutex
	spoke, over bool
}

func newWait(out io.Writer) *wait {
	f, ok := out.(*os.File)
	return &wait{out: out, begun: time.Now(), inPlace: ok && term.IsTerminal(int(f.Fd()))}
}

func (w *wait) say() {
	w.lines.Lock()
	defer w.lines.Unlock()
	if w.over {
		return
	}
	w.spoke = true
	line := "counting what is within the limits … " + time.Since(w.begun).Round(time.Second).String()
	if w.inPlace {
		fmt.Fprint(w.out, "\r", line, clearLine)
		return
	}
	fmt.Fprintln(w.out, line)
}

// clearLine clears a terminal's line from where its cursor is.
const clearLine = "\x1b[K"

// end is called before what was waited for is printed. It may be called twice.
func (w *wait) end() {
	w.lines.Lock()
	defer w.lines.Unlock()
	if w.spoke && !w.over && w.inPlace {
		fmt.Fprint(w.out, "\r", clearLine)
	}
	w.over = true
}
