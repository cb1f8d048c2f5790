package terminal

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestALongAnswerSaysEveryTwoSecondsThatItIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, said strings.Builder
		at := &Terminal{Out: &out, Err: &said}
		got, err := Await(t.Context(), at, "counting", func() (int, error) {
			<-time.After(5 * time.Second)
			err := at.Print(nil, func(w io.Writer) error {
				_, err := io.WriteString(w, "42\n")
				<-time.After(5 * time.Second) // what is printed slowly is not talked into
				return err
			})
			return 42, err
		})
		want := "counting … 2s\ncounting … 4s\n"
		if err != nil || got != 42 || out.String() != "42\n" || said.String() != want {
			t.Errorf("%d, %v; printed %q and said %q, want %q", got, err, out.String(), said.String(), want)
		}
	})
}

func TestAnAnswerThatIsNoLongerWantedIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		never := make(chan struct{})
		var said strings.Builder
		_, err := Await(ctx, &Terminal{Err: &said}, "counting", func() (int, error) {
			<-never
			return 0, nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || said.Len() > 0 {
			t.Errorf("%v and %q, want that the time is over", err, said.String())
		}
		close(never)
	})
}
