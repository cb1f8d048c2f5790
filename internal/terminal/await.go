package terminal

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// quiet is how long a command may print nothing.
const quiet = 2 * time.Second

// Await runs work that may take long without printing anything, such as exact answers about large spaces: every two seconds it prints the
// name of the task and for how long it has run, until a result is printed. When ctx is cancelled it returns at once; the work is abandoned
// and ends with the process.
func Await[T any](ctx context.Context, t *Terminal, task string, work func() (T, error)) (T, error) {
	type answer struct {
		of  T
		err error
	}
	t.waiting = newWait(t.Err, task)
	defer t.waiting.end()
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
			t.waiting.say()
		}
	}
}

// Awaited makes a command one whose task is awaited. It is for commands that compute and print their answer at the end.
func (t *Terminal) Awaited(task string, cmd *cobra.Command) *cobra.Command {
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		_, err := Await(cmd.Context(), t, task, func() (struct{}, error) { return struct{}{}, work(cmd, args) })
		return err
	}
	return cmd
}

// StopWaiting ends the remarks about what is awaited, before its results are printed.
func (t *Terminal) StopWaiting() {
	if t.waiting != nil {
		t.waiting.end()
	}
}

// wait prints how long a task has taken: on a terminal in one line, which is cleared at the end; elsewhere in a new line each time.
type wait struct {
	out     io.Writer
	task    string
	begun   time.Time
	inPlace bool

	lines       sync.Mutex
	spoke, over bool
}

func newWait(out io.Writer, task string) *wait {
	return &wait{out: out, task: task, begun: time.Now(), inPlace: Interactive(out)}
}

func (w *wait) say() {
	w.lines.Lock()
	defer w.lines.Unlock()
	if w.over {
		return
	}
	w.spoke = true
	line := w.task + " … " + time.Since(w.begun).Round(time.Second).String()
	if w.inPlace {
		fmt.Fprint(w.out, "\r", line, clearLine)
		return
	}
	fmt.Fprintln(w.out, line)
}

// clearLine clears a terminal's line from where its cursor is.
const clearLine = "\x1b[K"

// end may be called twice.
func (w *wait) end() {
	w.lines.Lock()
	defer w.lines.Unlock()
	if w.spoke && !w.over && w.inPlace {
		fmt.Fprint(w.out, "\r", clearLine)
	}
	w.over = true
}
