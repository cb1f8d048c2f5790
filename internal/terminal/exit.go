package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The exit codes.
const (
	Done        = 0
	Failed      = 1   // the machine failed
	Mistaken    = 2   // the input is wrong
	Interrupted = 130 // stopped by Ctrl-C
)

// mistake is an error that the user can mend: exit code 2. Everything that is checked before work begins is one.
type mistake struct {
	err  error
	hint string // what to do about it; may be empty
}

func (m *mistake) Error() string { return m.err.Error() }
func (m *mistake) Unwrap() error { return m.err }
func (m *mistake) Hint() string  { return m.hint }

// Mistake marks err as the user's to mend; nil stays nil, and what is marked already keeps its hint.
func Mistake(err error) error {
	var known *mistake
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &mistake{err: err}
}

// Mistakef makes a mistake of a sentence.
func Mistakef(format string, args ...any) error { return &mistake{err: fmt.Errorf(format, args...)} }

// Hinted marks err as a mistake with a hint, which is printed below it; nil stays nil.
func Hinted(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &mistake{err, fmt.Sprintf(format, args...)}
}

// ErrInterrupted is returned by a command that was stopped by the user and has printed how to go on: nothing more is printed.
var ErrInterrupted = errors.New("interrupted")

// Conclude prints an error in one line that begins with the program's name, followed by its hint where it has one (a method Hint() string), and
// returns the exit code.
func Conclude(stderr io.Writer, program string, err error) int {
	switch {
	case err == nil:
		return Done
	case errors.Is(err, ErrInterrupted):
		return Interrupted
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(stderr, "%s: stopped\n", program)
		return Interrupted
	}
	fmt.Fprintf(stderr, "%s: %s\n", program, strings.TrimSpace(err.Error()))
	code := Failed
	var (
		m    *mistake
		hint interface{ Hint() string }
	)
	if errors.As(err, &m) {
		code, hint = Mistaken, m
	} else {
		errors.As(err, &hint)
	}
	if hint != nil && hint.Hint() != "" {
		fmt.Fprintf(stderr, "  %s\n", hint.Hint())
	}
	return code
}
