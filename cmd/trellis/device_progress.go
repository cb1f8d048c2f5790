package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// countdown shows how many of some things are done: a bar on a terminal, ten lines elsewhere.
type countdown struct {
	out       io.Writer
	what      string // "operators"
	all, done int
	bars      *mpb.Progress // nil: plain lines
	bar       *mpb.Bar
}

func newCountdown(w io.Writer, what string, all int) *countdown {
	c := &countdown{out: w, what: what, all: all}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		c.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
		c.bar = c.bars.New(int64(all), mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
			mpb.PrependDecorators(decor.CountersNoUnit(what+" %d/%d")), mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
	}
	return c
}

func (c *countdown) step() {
	c.done++
	switch {
	case c.bars != nil:
		c.bar.Increment()
	case c.done*10/c.all > (c.done-1)*10/c.all:
		fmt.Fprintf(c.out, "%s %d/%d\n", c.what, c.done, c.all)
	}
}

// end leaves the bar as it stands. It may be called twice.
func (c *countdown) end() {
	if c.bars != nil {
		c.bar.Abort(false)
		c.bars.Wait()
		c.bars = nil
	}
}
