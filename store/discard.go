package store

import (
	"context"
	"iter"
)

// Discard is a journal that keeps nothing, for studies whose history is wanted and no record of it, such as those of a benchmark.
type Discard struct{}

// Append implements Journal.
func (Discard) Append(ctx context.Context, _ ...Event) error { return ctx.Err() }

// Events implements Journal: there are none.
func (Discard) Events(context.Context, int64) iter.Seq2[Event, error] {
	return func(func(Event, error) bool) {}
}

// Close implements Journal.
func (Discard) Close() error { return nil }
