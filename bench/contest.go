package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/trellis-nas/trellis/search"
)

// Contest is many strategies on one table with many seeds.
type Contest struct {
	Table       *Table
	Limits      []Limit
	Contestants []Contestant
	Seeds       int // each strategy plays the seeds 0 … Seeds−1
	Evaluations int
	Window      int // as in Game
	Workers     int // games at a time, which decides nothing; 0 means 1
	// Played is called after each game with the name of the contestant, never concurrently; nil is nobody.
	Played func(contestant string)
	// Told is called after each evaluation, from several games at once; nil is nobody.
	Told func()
}

// Contestant is a strategy and what it is called.
type Contestant struct {
	Name string
	Open func(search.Problem) (search.Strategy, error)
}

// Run plays every game and sums up. The outcome depends on nothing but the contest: not on Workers, and not on which game ends
// first. The first error in the order of contestants and seeds is returned.
func (c Contest) Run(ctx context.Context) (Outcome, error) {
	region, rows, err := c.Table.Region(c.Limits...)
	if err != nil {
		return Outcome{}, err
	}
	if c.Seeds < 1 || c.Evaluations < 1 || len(c.Contestants) == 0 {
		return Outcome{}, fmt.Errorf("a contest needs a strategy, a seed and an evaluation at least")
	}
	j, atlas := newJudge(c.Table, region, rows), search.NewAtlas(region)
	curves := make([][]game, len(c.Contestants))
	for i := range curves {
		curves[i] = make([]game, c.Seeds)
	}
	failures := make([]error, len(c.Contestants)*c.Seeds)
	jobs := make(chan int)
	var (
		players sync.WaitGroup
		played  sync.Mutex
	)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for range max(1, c.Workers) {
		players.Go(func() {
			for job := range jobs {
				who, seed := c.Contestants[job/c.Seeds], job%c.Seeds
				t, err := Game{c.Table, region, atlas, c.Evaluations, c.Window, uint64(seed), c.Told}.Play(ctx, who.Open)
				if err != nil {
					failures[job] = fmt.Errorf("%s, seed %d: %w", who.Name, seed, err)
					stop()
					continue
				}
				curves[job/c.Seeds][seed] = j.sum(t, c.Evaluations)
				if c.Played != nil {
					played.Lock()
					c.Played(who.Name)
					played.Unlock()
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
	players.Wait()
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
