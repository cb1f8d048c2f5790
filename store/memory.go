package store

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/trellis-nas/trellis/trial"
)

// Memory is a journal that is gone with the process. The zero value is empty and ready. It is safe for concurrent use.
type Memory struct {
	mu     sync.Mutex
	events []Event
	early  map[trial.ID]Event
	closed bool
	grown  chan struct{} // closed at the next Append; nil while nobody follows
}

var errClosed = errors.New("the journal is closed")

// Append adds events at the end.
func (m *Memory) Append(ctx context.Context, events ...Event) error {
	rows, err := toRows(events)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, r := range rows {
		r.seq = int64(len(m.events)) + 1
		e, err := r.event()
		if err != nil {
			return err
		}
		if f, ok := e.Body.(TrialFinished); ok {
			delete(m.early, f.Result.Trial)
		}
		m.events = append(m.events, e)
	}
	m.grow()
	return nil
}

// Events yields the events from a sequence number on.
func (m *Memory) Events(ctx context.Context, from int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for i := max(0, from-1); ; i++ {
			if err := ctx.Err(); err != nil {
				yield(Event{}, err)
				return
			}
			m.mu.Lock()
			if m.closed {
				m.mu.Unlock()
				yield(Event{}, errClosed)
				return
			}
			if i >= int64(len(m.events)) {
				m.mu.Unlock()
				return
			}
			e := m.events[i]
			m.mu.Unlock()
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Spool keeps results that arrived before their turn.
func (m *Memory) Spool(ctx context.Context, early ...Event) error {
	rows, err := toRows(early)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errClosed
	}
	if m.early == nil {
		m.early = map[trial.ID]Event{}
	}
	for i, r := range rows {
		id, err := spoolKey(early[i])
		if err != nil {
			return err
		}
		if m.early[id], err = r.event(); err != nil {
			return err
		}
	}
	return nil
}

// Spooled returns the results that wait.
func (m *Memory) Spooled(context.Context) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, errClosed
	}
	out := make([]Event, 0, len(m.early))
	for _, id := range slices.Sorted(maps.Keys(m.early)) {
		out = append(out, m.early[id])
	}
	return out, nil
}

// Close makes every later call an error.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.grow()
	return nil
}
