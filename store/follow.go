package store

import (
	"context"
	"iter"
	"time"
)

// Follow yields the events of a journal from a sequence number on, and further ones as they become durable, until the study has ended or ctx is
// cancelled; see Follower. A journal that is no Follower is only read to its end.
func Follow(ctx context.Context, j Journal, from int64) iter.Seq2[Event, error] {
	if f, ok := j.(Follower); ok {
		return f.Follow(ctx, from)
	}
	return j.Events(ctx, from)
}

// follow reads events over and over; changed waits until there may be more.
func follow(ctx context.Context, j Journal, from int64, changed func() error) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		from := max(1, from)
		for {
			for e, err := range j.Events(ctx, from) {
				if !yield(e, err) || err != nil {
					return
				}
				from = e.Seq + 1
				if _, ended := e.Body.(StudyEnded); ended {
					return
				}
			}
			if err := changed(); err != nil {
				yield(Event{}, err)
				return
			}
		}
	}
}

// Follow implements Follower. A writer in another process cannot wake a reader through SQLite, so the reader looks ten times a second for the
// number of the last event.
func (j *SQLite) Follow(ctx context.Context, from int64) iter.Seq2[Event, error] {
	var seen int64
	return follow(ctx, j, from, func() error {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
			var last int64
			if err := j.db.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM event").Scan(&last); err != nil {
				return explain(j.path, err)
			}
			if last != seen {
				seen = last
				return nil
			}
		}
	})
}

// Follow implements Follower.
func (m *Memory) Follow(ctx context.Context, from int64) iter.Seq2[Event, error] {
	next := max(1, from)
	return follow(ctx, m, from, func() error {
		for {
			m.mu.Lock()
			n, more, closed := int64(len(m.events)), m.more(), m.closed
			m.mu.Unlock()
			if closed {
				return errClosed
			}
			if n >= next {
				next = n + 1
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-more:
			}
		}
	})
}

// more returns a channel that is closed at the next Append. The caller holds the lock.
func (m *Memory) more() <-chan struct{} {
	if m.grown == nil {
		m.grown = make(chan struct{})
	}
	return m.grown
}

// grow wakes those who follow. The caller holds the lock.
func (m *Memory) grow() {
	if m.grown != nil {
		close(m.grown)
		m.grown = nil
	}
}
