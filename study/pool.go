package study

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// pool evaluates trials on a fixed number of goroutines. It is the only concurrency of the search side. Since no more than
// a window of trials is under way, neither handing over a trial nor a result ever blocks.
type pool struct {
	jobs   chan trial.Trial
	done   chan arrival
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// arrival is what became of a trial.
type arrival struct {
	trial   trial.Trial
	result  trial.Result
	err     error
	at      time.Time
	elapsed time.Duration
}

func newPool(ctx context.Context, workers, window int, evaluate func(context.Context, trial.Trial) arrival) *pool {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{jobs: make(chan trial.Trial, window), done: make(chan arrival, window), cancel: cancel}
	for range workers {
		p.wg.Go(func() {
			for t := range p.jobs {
				if err := ctx.Err(); err != nil {
					p.done <- arrival{trial: t, err: err}
					continue
				}
				p.evaluate(ctx, t, evaluate)
			}
		})
	}
	return p
}

// evaluate hands over what becomes of a trial, also when its evaluator ends the goroutine, as a test helper that gives up does: the study would wait
// for ever.
func (p *pool) evaluate(ctx context.Context, t trial.Trial, evaluate func(context.Context, trial.Trial) arrival) {
	a := arrival{trial: t, err: errors.New("its evaluator ended the goroutine that it was called on")}
	defer func() { p.done <- a }()
	a = evaluate(ctx, t)
}

// stop cancels what is under way, waits for the workers, and returns what arrived and was not received.
func (p *pool) stop() []arrival {
	p.cancel()
	close(p.jobs)
	p.wg.Wait()
	close(p.done)
	var rest []arrival
	for a := range p.done {
		rest = append(rest, a)
	}
	return rest
}
