package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	exitDone        = 0
	exitFailed      = 1
	exitMistake     = 2
	exitInterrupted = 130
)

// mistake marks an error as the user's to mend: exit code 2. Everything that is checked before work begins is one.
type mistake struct {
	err  error
	hint string // what to do about it; may be empty
}

func (m *mistake) Error() string { return m.err.Error() }
func (m *mistake) Unwrap() error { return m.err }

// wrong marks err as a mistake; nil stays nil, and a mistake keeps its advice.
func wrong(err error) error {
	var known *mistake
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &mistake{err: err}
}

// wrongf makes a mistake of a sentence.
func wrongf(format string, args ...any) error { return &mistake{err: fmt.Errorf(format, args...)} }

// hinted marks err as a mistake with advice.
func hinted(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &mistake{err, fmt.Sprintf(format, args...)}
}

// halted marks an error that ended a study before its end: what was done is kept, and it can be resumed.
type halted struct {
	err    error
	folder string
}

func (h *halted) Error() string { return h.err.Error() }
func (h *halted) Unwrap() error { return h.err }

// errInterrupted says that a search was stopped by the user and can be resumed. It is not an error message of its own: the
// command has printed how to go on.
var errInterrupted = errors.New("interrupted")

// conclude prints an error as the rules at the top of main.go say and returns the exit code.
func conclude(stderr io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	if errors.Is(err, errInterrupted) {
		return exitInterrupted
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "trellis: stopped")
		return exitInterrupted
	}
	fmt.Fprintf(stderr, "trellis: %s\n", strings.TrimSpace(err.Error()))
	var m *mistake
	if errors.As(err, &m) {
		if m.hint != "" {
			fmt.Fprintf(stderr, "  %s\n", m.hint)
		}
		return exitMistake
	}
	var h *halted
	if errors.As(err, &h) {
		fmt.Fprintf(stderr, "  what was done is kept; when this is mended, trellis resume %s goes on\n", h.folder)
	}
	return exitFailed
}
