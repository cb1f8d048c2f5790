package process

import (
	"context"
	"sync"
)

// pool bounds how many programs run at a time, and keeps those that have nothing to do.
type pool struct {
	free   chan struct{} // holds one for every slot that is taken
	mu     sync.Mutex
	idle   []*slot // the one used last comes last, and is used first
	closed bool
}

// slot is the place of one program.
type slot struct {
	number int // from 1
	child  *child
}

func newPool(size int) *pool {
	p := &pool{free: make(chan struct{}, size)}
	for i := size; i > 0; i-- {
		p.idle = append(p.idle, &slot{number: i})
	}
	return p
}

// take waits for a slot. The error is that of ctx, or errClosed.
func (p *pool) take(ctx context.Context) (*slot, error) {
	select {
	case p.free <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		<-p.free
		return nil, errClosed
	}
	s := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return s, nil
}

// give gives a slot back.
func (p *pool) give(s *slot) {
	p.mu.Lock()
	p.idle = append(p.idle, s)
	p.mu.Unlock()
	<-p.free
}

// close lets nobody take a slot any more, waits for those that are taken and returns all of them.
func (p *pool) close() []*slot {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	for range cap(p.free) {
		p.free <- struct{}{}
	}
	defer func() {
		for range cap(p.free) {
			<-p.free
		}
	}()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.idle
}
