package trial

import (
	"context"
	"sync"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Cached answers a trial that was seen before from memory. Trials are the same if phase, name, architecture, network,
// budget and seed are. Failed results are kept, errors are not. Of several equal trials at a time one is
// evaluated and the others wait for it.
//
// A remembered result reports the MACs and epochs that it took at first, so that limits on them do not depend on what
// happens to be in memory after a restart; its seconds are zero, since none were spent.
type Cached struct {
	inner Evaluator

	mu      sync.Mutex
	entries map[cacheKey]*cacheEntry
}

type cacheKey struct {
	phase   Phase
	name    string
	arch    space.Arch
	network *network.Graph
	budget  Budget
	seed    uint64
}

type cacheEntry struct {
	done   chan struct{} // closed when the evaluation ended
	result Result
	kept   bool // false: it ended with an error, and whoever waits tries by itself
}

// NewCached returns e with a memory that grows without bound: about the size of the results.
func NewCached(e Evaluator) *Cached {
	return &Cached{inner: e, entries: map[cacheKey]*cacheEntry{}}
}

// Unwrap returns the decorated evaluator.
func (c *Cached) Unwrap() Evaluator { return c.inner }

// Evaluate returns the remembered result of an equal trial, or evaluates it.
func (c *Cached) Evaluate(ctx context.Context, t Trial, report func(Progress)) (Result, error) {
	key := cacheKey{t.Phase, t.Name, t.Arch, t.Network, t.Budget, t.Seed}
	for {
		c.mu.Lock()
		e, found := c.entries[key]
		if !found {
			e = &cacheEntry{done: make(chan struct{})}
			c.entries[key] = e
		}
		c.mu.Unlock()
		if !found {
			return c.lead(ctx, key, e, t, report)
		}
		select {
		case <-ctx.Done():
			return Result{}, ctx.Err()
		case <-e.done:
		}
		if e.kept {
			r := e.result
			r.Trial = t.ID
			r.Spent = r.Spent.Timeless()
			return r, nil
		}
	}
}

func (c *Cached) lead(ctx context.Context, key cacheKey, e *cacheEntry, t Trial, report func(Progress)) (Result, error) {
	defer func() {
		if !e.kept {
			c.mu.Lock()
			delete(c.entries, key)
			c.mu.Unlock()
		}
		close(e.done)
	}()
	r, err := c.inner.Evaluate(ctx, t, report)
	if err == nil {
		e.result, e.kept = r, true
	}
	return r, err
}
