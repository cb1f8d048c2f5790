package store

import (
	"context"
	"errors"
	"iter"

	"github.com/trellis-nas/trellis/trial"
)

// FileName is the name of the journal in the folder of a run.
const FileName = "journal.db"

// Journal is an append-only sequence of events. One process writes it at a time; any number may read.
type Journal interface {
	// Append adds events at the end in the given order, all or none. When it returns nil they are durable: neither
	// SIGKILL nor a power failure loses them. It gives them their Seq; a Seq in the argument is ignored.
	// A TrialFinished takes the spooled copy of its result out of the spool in the same step.
	Append(ctx context.Context, events ...Event) error
	// Events yields the events whose Seq is at least from, in order, up to those that are durable when it gets there.
	// After an error it yields nothing more. The journal may be appended to while the sequence is read.
	Events(ctx context.Context, from int64) iter.Seq2[Event, error]
	// Close releases the journal. Everything appended stays.
	Close() error
}

// Follower is an optional ability of a Journal: it is read while it is written.
type Follower interface {
	// Follow yields the events whose Seq is at least from, in order, and then each further one when it is durable, until ctx is
	// cancelled, which is the error of the last pair, or the study has ended.
	Follow(ctx context.Context, from int64) iter.Seq2[Event, error]
}

// Spooler is an optional ability of a Journal: a place beside the sequence where results that arrive before their turn
// are kept. Events must stand in the order in which the strategy observed them, but work that is done should not be
// lost because a slower trial is still to come.
type Spooler interface {
	// Spool keeps results durably until their TrialFinished is appended. A result of the same trial is replaced.
	Spool(ctx context.Context, early ...Event) error
	// Spooled returns the events that wait, ordered by trial. All of them have a TrialFinished body and Seq 0.
	Spooled(ctx context.Context) ([]Event, error)
}

// Reasons why a journal cannot be opened, for errors.Is. The errors themselves are full sentences that name the file.
var (
	ErrNotJournal = errors.New("not a trellis journal")
	ErrNewer      = errors.New("a journal of a newer version of trellis")
	ErrOlder      = errors.New("a journal of an older version of trellis")
	ErrInUse      = errors.New("in use by another process")
	ErrExists     = errors.New("already exists")
	ErrDamaged    = errors.New("damaged")
)

// spoolKey returns the trial of an event that may be spooled.
func spoolKey(e Event) (trial.ID, error) {
	f, ok := e.Body.(TrialFinished)
	if !ok {
		return 0, errors.New("only the result of a trial can be spooled")
	}
	return f.Result.Trial, nil
}
