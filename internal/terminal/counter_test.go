package terminal

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestACounterPrintsALineForEveryTenthWithoutATerminal(t *testing.T) {
	var out strings.Builder
	c := Count(&out, "operators", 20)
	for range 20 {
		c.Step()
	}
	c.End()
	c.End()
	if got := strings.Count(out.String(), "\n"); got != 10 || !strings.HasSuffix(out.String(), "operators 20/20\n") {
		t.Errorf("%d lines, want 10:\n%s", got, out.String())
	}
}

func TestACounterWithATextIsNeverSilentForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		c := CountWith(&out, "runs", 2, func() string { return "some text" })
		time.Sleep(5 * time.Second)
		c.Step()
		c.End()
		if want := "runs 0/2, some text\nruns 0/2, some text\nruns 1/2, some text\n"; out.String() != want {
			t.Errorf("got\n%swant\n%s", out.String(), want)
		}
	})
}
