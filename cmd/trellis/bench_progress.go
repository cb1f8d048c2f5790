package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// games shows how many games of a contest were played, and how many evaluations that took: a bar on a terminal; elsewhere a line for
// every tenth of the games, and one whenever nothing was said for two seconds.
type games struct {
	out         io.Writer
	all         int
	done        atomic.Int64
	evaluations atomic.Int64
	bars        *mpb.Progress // nil: plain lines
	bar         *mpb.Bar
	said        chan struct{} // something was printed
	over        chan struct{}
	lines       sync.Mutex
	ticking     sync.WaitGroup
}

// quiet is how long nothing may be said.
const quiet = 2 * time.Second

func newGames(w io.Writer, all int) *games {
	g := &games{out: w, all: all, said: make(chan struct{}, 1), over: make(chan struct{})}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		g.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
		g.bar = g.bars.New(int64(all), mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
			mpb.PrependDecorators(decor.CountersNoUnit("games %d/%d")),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return thousands(int(g.evaluations.Load())) + " evaluations  " }),
				decor.AverageETA(decor.ET_STYLE_GO)))
		return g
	}
	g.ticking.Go(g.tick)
	return g
}

// tick prints a line whenever nothing was said for a while.
func (g *games) tick() {
	for {
		select {
		case <-g.over:
			return
		case <-g.said:
		case <-time.After(quiet):
			g.print()
		}
	}
}

func (g *games) print() {
	g.lines.Lock()
	defer g.lines.Unlock()
	fmt.Fprintf(g.out, "games %d/%d, %s evaluations\n", g.done.Load(), g.all, thousands(int(g.evaluations.Load())))
}

// told counts an evaluation. It may be called by several games at once.
func (g *games) told() { g.evaluations.Add(1) }

func (g *games) played(string) {
	done := int(g.done.Add(1))
	switch {
	case g.bar != nil:
		g.bar.Increment()
	case done*10/g.all > (done-1)*10/g.all:
		g.print()
		select {
		case g.said <- struct{}{}:
		default:
		}
	}
}

func (g *games) end() {
	close(g.over)
	g.ticking.Wait()
	if g.bars != nil {
		g.bar.Abort(false)
		g.bars.Wait()
	}
}
