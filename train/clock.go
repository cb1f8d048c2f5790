package train

import (
	"runtime"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// clock measures what a trial takes. Nothing in a search is decided by it.
//
// CPU time is that of the trial's own thread where the trial runs on one and the system can tell (Linux). Elsewhere it is
// wall time times threads: the cores that were set aside for the trial, idle or not, which is what a price is asked for.
// Either way the trials of several workers add up to no more than the machine has.
type clock struct {
	threads int
	wall    time.Time
	cpu     time.Duration
	exact   bool
}

// startClock starts a clock for the calling goroutine, which it ties to its thread until stop.
func startClock(threads int) clock {
	runtime.LockOSThread()
	c := clock{threads: threads, wall: time.Now()}
	if threads == 1 {
		c.cpu, c.exact = threadTime()
	}
	return c
}

// stop returns the seconds since the start and lets the thread go. It is called by the goroutine that started the clock.
func (c clock) stop() trial.Spent {
	defer runtime.UnlockOSThread()
	wall := time.Since(c.wall).Seconds()
	s := trial.Spent{WallSeconds: wall, CPUSeconds: wall * float64(c.threads)}
	if now, ok := threadTime(); ok && c.exact {
		s.CPUSeconds = (now - c.cpu).Seconds()
	}
	return s
}
