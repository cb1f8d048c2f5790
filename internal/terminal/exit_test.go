package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

type resumable struct{ error }

func (resumable) Hint() string { return "go on with it" }

func TestAnErrorIsOneLineWithItsHintAndItsExitCode(t *testing.T) {
	broken := errors.New("the disk is full")
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{nil, Done, ""},
		{broken, Failed, "trellis: the disk is full\n"},
		{resumable{broken}, Failed, "trellis: the disk is full\n  go on with it\n"},
		{Mistake(broken), Mistaken, "trellis: the disk is full\n"},
		{fmt.Errorf("search: %w", Hinted(broken, "free %d MiB", 3)), Mistaken, "trellis: search: the disk is full\n  free 3 MiB\n"},
		{Mistake(Hinted(broken, "free some")), Mistaken, "trellis: the disk is full\n  free some\n"},
		{context.Canceled, Interrupted, "trellis: stopped\n"},
		{ErrInterrupted, Interrupted, ""},
	} {
		var out strings.Builder
		if code := Conclude(&out, "trellis", c.err); code != c.code || out.String() != c.want {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.err, code, out.String(), c.code, c.want)
		}
	}
}
