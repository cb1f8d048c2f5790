package terminal

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Counter shows how many of some things are done: a bar on a terminal, a line for every tenth of them elsewhere.
type Counter struct {
	out    io.Writer
	what   string
	all    int
	done   atomic.Int64
	beside func() string // nil: nothing stands beside the count
	lines  sync.Mutex

	bars *mpb.Progress // nil: plain lines
	bar  *mpb.Bar

	said, over chan struct{} // of a counter that is never silent for long
	ticking    sync.WaitGroup
}

// Count begins to count things, such as "measurements", of which there are so many.
func Count(w io.Writer, what string, all int) *Counter { return count(w, what, all, nil) }

// CountWith is [Count] with a text beside the count, which changes between steps: plain lines come also whenever none was printed for two
// seconds. beside is called by several goroutines.
func CountWith(w io.Writer, what string, all int, beside func() string) *Counter {
	c := count(w, what, all, beside)
	if c.bars == nil {
		c.said, c.over = make(chan struct{}, 1), make(chan struct{})
		c.ticking.Go(c.tick)
	}
	return c
}

func count(w io.Writer, what string, all int, beside func() string) *Counter {
	c := &Counter{out: w, what: what, all: all, beside: beside}
	if !Interactive(w) {
		return c
	}
	var after []decor.Decorator
	if beside != nil {
		after = append(after, decor.Any(func(decor.Statistics) string { return beside() + "  " }))
	}
	c.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
	c.bar = c.bars.New(int64(all), mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
		mpb.PrependDecorators(decor.CountersNoUnit(what+" %d/%d")),
		mpb.AppendDecorators(append(after, decor.AverageETA(decor.ET_STYLE_GO))...))
	return c
}

// tick prints a line whenever none was printed for a while.
func (c *Counter) tick() {
	for {
		select {
		case <-c.over:
			return
		case <-c.said:
		case <-time.After(quiet):
			c.print()
		}
	}
}

func (c *Counter) print() {
	c.lines.Lock()
	defer c.lines.Unlock()
	text := ""
	if c.beside != nil {
		text = ", " + c.beside()
	}
	fmt.Fprintf(c.out, "%s %d/%d%s\n", c.what, c.done.Load(), c.all, text)
}

// Step counts one more. It may be called by several goroutines.
func (c *Counter) Step() {
	done := int(c.done.Add(1))
	switch {
	case c.bars != nil:
		c.bar.Increment()
	case done*10/c.all > (done-1)*10/c.all:
		c.print()
		if c.said != nil {
			select {
			case c.said <- struct{}{}:
			default:
			}
		}
	}
}

// End leaves the bar as it stands. It may be called twice.
func (c *Counter) End() {
	if c.over != nil {
		close(c.over)
		c.ticking.Wait()
		c.over = nil
	}
	if c.bars != nil {
		c.bar.Abort(false)
		c.bars.Wait()
		c.bars = nil
	}
}
