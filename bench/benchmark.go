package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/trellis-nas/trellis/search"
)

// Benchmark is many strategies on one table with many seeds.
type Benchmark struct {
	Table       *Table
	Limits      []Limit
	Strategies  []Named
	Seeds       int // each strategy runs with the seeds 0 … Seeds−1
	Evaluations int
	Window      int // as in Run
	Workers     int // runs at a time, which decides nothing; 0 means 1
	// Done is called after each run with the name of the strategy, never concurrently; nil is nobody.
	Done func(strategy string)
	// Evaluated is called after each evaluation, from several runs at once; nil is nobody.
	Evaluated func()
}

// Named is a strategy and what it is called.
type Named struct {
	Name string
	Open func(search.Problem) (search.Strategy, error)
}

// Run makes every run and sums up. The outcome depends on nothing but the benchmark: not on Workers, and not on which run ends
// first. The first error in the order of strategies and seeds is returned.
func (c Benchmark) Run(ctx context.Context) (Outcome, error) {
	region, rows, err := c.Table.Region(c.Limits...)
	if err != nil {
		return Outcome{}, err
	}
	if c.Seeds < 1 || c.Evaluations < 1 || len(c.Strategies) == 0 {
		return Outcome{}, fmt.Errorf("a benchmark needs a strategy, a seed and an evaluation at least")
	}
	j, encodings := newJudge(c.Table, region, rows), search.NewEncodingIndex(region)
	curves := make([][]measured, len(c.Strategies))
	for i := range curves {
		curves[i] = make([]measured, c.Seeds)
	}
	failures := make([]error, len(c.Strategies)*c.Seeds)
	jobs := make(chan int)
	var (
		workers sync.WaitGroup
		calls   sync.Mutex // of Done
	)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for range max(1, c.Workers) {
		workers.Go(func() {
			for job := range jobs {
				who, seed := c.Strategies[job/c.Seeds], job%c.Seeds
				t, err := Run{c.Table, region, encodings, c.Evaluations, c.Window, uint64(seed), c.Evaluated}.With(ctx, who.Open)
				if err != nil {
					failures[job] = fmt.Errorf("%s, seed %d: %w", who.Name, seed, err)
					stop()
					continue
				}
				curves[job/c.Seeds][seed] = j.sum(t, c.Evaluations)
				if c.Done != nil {
					calls.Lock()
					c.Done(who.Name)
					calls.Unlock()
				}
			}
		})
	}
	for job := range failures {
		select {
		case jobs <- job:
		case <-ctx.Done():
		}
	}
	close(jobs)
	workers.Wait()
	for _, err := range failures {
		if err != nil && !isCancelled(err) {
			return Outcome{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	return c.outcome(j, len(rows), curves), nil
}

func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
