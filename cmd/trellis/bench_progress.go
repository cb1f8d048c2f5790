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

// games shows how many games of a contest were played: a bar on a terminal, ten lines elsewhere.
type games struct {
	out       io.Writer
	all, done int
	bars      *mpb.Progress // nil: plain lines
	bar       *mpb.Bar
}

func newGames(w io.Writer, all int) *games {
	g := &games{out: w, all: all}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		g.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
		g.bar = g.bars.New(int64(all), mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
			mpb.PrependDecorators(decor.CountersNoUnit("games %d/%d")), mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
	}
	return g
}

func (g *games) played(string) {
	g.done++
	switch {
	case g.bar != nil:
		g.bar.Increment()
	case g.done*10/g.all > (g.done-1)*10/g.all:
		fmt.Fprintf(g.out, "games %d/%d\n", g.done, g.all)
	}
}

func (g *games) end() {
	if g.bars != nil {
		g.bar.Abort(false)
		g.bars.Wait()
	}
}
