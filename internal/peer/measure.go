package peer

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/trellis-nas/trellis/internal/kernel"
)

// Figures are what one measurement gave.
type Figures struct {
	Network string  `json:"net"`
	Threads int     `json:"threads"`
	Batch   int     `json:"batch"`
	Steps   int     `json:"steps"`
	StepMS  float64 `json:"step_ms"`          // median
	Rate    float64 `json:"images_per_s"`     // Batch by the median step
	GFLOPS  float64 `json:"gflops,omitempty"` // 10⁹ operations a second
	Peak    float64 `json:"peak,omitempty"`   // the FMA peak of as many threads, in the same units, measured just before
	Allocs  float64 `json:"allocs"`           // allocations a step
	MiB     float64 `json:"mib"`              // largest resident memory of the process; absent where the system does not say
	IdleMiB float64 `json:"idle_mib"`         // the same of a process that has started and does nothing
}

// least is how many steps are timed at least.
const least = 8

// Measure trains n for about so many seconds after three steps of warming up. Memory is that of the whole process, so a
// process should measure one network only.
func Measure(n Network, threads int, seconds float64) (Figures, error) {
	idle := residentPeak()
	t, err := n.Start(n.Batch, threads)
	if err != nil {
		return Figures{}, err
	}
	defer t.Close()
	f := Figures{Network: n.Name, Threads: threads, Batch: n.Batch, Peak: peak(threads) / 1e9, IdleMiB: idle}
	for range 3 {
		if err := t.Step(); err != nil {
			return f, err
		}
	}
	times, allocs, err := timed(t, seconds)
	if err != nil {
		return f, err
	}
	slices.Sort(times)
	median := times[len(times)/2].Seconds()
	f.Steps, f.StepMS, f.Rate, f.GFLOPS = len(times), 1e3*median, float64(n.Batch)/median, t.Work()/median/1e9
	f.Allocs, f.MiB = allocs, residentPeak()
	return f, nil
}

// timed makes steps for so many seconds and returns the time of each, and the allocations a step.
func timed(t Training, seconds float64) (times []time.Duration, allocs float64, err error) {
	times = make([]time.Duration, 0, 1<<16)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for len(times) < least || len(times) < cap(times) && time.Since(start).Seconds() < seconds {
		at := time.Now()
		if err := t.Step(); err != nil {
			return nil, 0, err
		}
		times = append(times, time.Since(at))
	}
	runtime.ReadMemStats(&after)
	return times, float64(after.Mallocs-before.Mallocs) / float64(len(times)), nil
}

// peak returns the rate of fused multiply-adds that so many threads reach together, in operations a second.
func peak(threads int) float64 {
	rates := make([]float64, threads)
	var all sync.WaitGroup
	for i := range rates {
		all.Go(func() {
			for range 200 {
				start := time.Now()
				flop := kernel.SpinFMA(3000)
				rates[i] = max(rates[i], flop/time.Since(start).Seconds())
			}
		})
	}
	all.Wait()
	sum := 0.0
	for _, r := range rates {
		sum += r
	}
	return sum
}

// Together trains copies of n at the same time, a thread each, for about so many seconds, and returns the samples a
// second of all of them.
func Together(n Network, copies int, seconds float64) (rate float64, err error) {
	trainings := make([]Training, copies)
	for i := range trainings {
		if trainings[i], err = n.Start(n.Batch, 1); err != nil {
			return 0, err
		}
		defer trainings[i].Close()
	}
	steps, errs := make([]int, copies), make([]error, copies)
	var all sync.WaitGroup
	start := time.Now()
	for i, t := range trainings {
		all.Go(func() {
			for time.Since(start).Seconds() < seconds && errs[i] == nil {
				errs[i] = t.Step()
				steps[i]++
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start).Seconds()
	for i, n := range steps {
		if errs[i] != nil {
			return 0, errs[i]
		}
		rate += float64(n)
	}
	return rate * float64(n.Batch) / elapsed, nil
}
