package main

import "fmt"

// halted marks an error that ended a study before its end: what was done is kept, and it can be resumed.
type halted struct {
	err    error
	folder string
}

func (h *halted) Error() string { return h.err.Error() }
func (h *halted) Unwrap() error { return h.err }

// Hint says how to go on.
func (h *halted) Hint() string {
	return fmt.Sprintf("what was done is kept; when this is mended, trellis resume %s goes on", h.folder)
}
