package study_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/trellis-nas/trellis/trial"
)

// gate holds back every result until it is let through.
type gate struct {
	inner trial.Evaluator
	mu    sync.Mutex
	held  []chan struct{}
}

func (g *gate) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := g.inner.Evaluate(ctx, t, report)
	pass := make(chan struct{})
	g.mu.Lock()
	g.held = append(g.held, pass)
	g.mu.Unlock()
	<-pass
	return r, err
}

// release lets some of those through that are held, and reports whether there was one.
func (g *gate) release(r *rand.Rand) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.held) == 0 {
		return false
	}
	for range 1 + r.IntN(len(g.held)) {
		i := r.IntN(len(g.held))
		close(g.held[i])
		g.held = append(g.held[:i], g.held[i+1:]...)
	}
	return true
}

func TestTheJournalDoesNotDependOnTheOrderInWhichTrialsEnd(t *testing.T) {
	c := config(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			c := config(t)
			g := &gate{inner: c.Evaluator}
			c.Evaluator, c.Workers = g, 1+int(seed)%4
			ended := make(chan error, 1)
			go func() {
				_, err := begin(t, c).Run(context.Background())
				ended <- err
			}()
			for synctest.Wait(); g.release(r); synctest.Wait() {
			}
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			equal(t, want, contents(t, events(t, c.Journal)))
		})
	}
}

func TestAStrategyOfAnyKindGivesOneJournal(t *testing.T) {
	for seed := range uint64(3) {
		one, two := config(t), config(t)
		for _, c := range []*scenario{&one, &two} {
			c.Strategy = another(c)
			c.Seed = seed
			c.Baselines[0].Graph = pool(t)
		}
		two.Workers = 1
		run(t, one)
		run(t, two)
		equal(t, contents(t, events(t, one.Journal)), contents(t, events(t, two.Journal)))
	}
}
