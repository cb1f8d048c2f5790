package study

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// recorder writes the sequence of events. While the journal of an earlier run has a next event, recording means to
// verify that it is the same; after that, to append it.
type recorder struct {
	journal  store.Journal
	observer Observer
	past     []store.Event            // of the journal, not replayed yet
	results  map[trial.ID]store.Event // TrialFinished events that the journal or its spool held at the beginning
	before   time.Duration            // active time of earlier runs
	history  store.History            // of all that was recorded, the buffer included
	buffer   []store.Event            // recorded and not durable yet
}

// ReplayError says that a resumed study does not do what its journal says it did.
type ReplayError struct {
	Seq                    int64  // of the event
	RecordedKind, Recorded string // kind and content that the journal holds
	NowKind, Now           string // kind and content that the study would write
}

// Error names the event and shows both versions of it.
func (e *ReplayError) Error() string {
	return fmt.Sprintf("the journal does not belong to this study: event %d is %s %s, and now would be %s %s; the study file, its data or the version of trellis has changed",
		e.Seq, e.RecordedKind, e.Recorded, e.NowKind, e.Now)
}

// newRecorder reads the journal.
func newRecorder(ctx context.Context, j store.Journal, o Observer) (*recorder, error) {
	r := &recorder{journal: j, observer: o, results: map[trial.ID]store.Event{}}
	var check store.History
	for e, err := range j.Events(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if err := check.Apply(e); err != nil {
			return nil, err
		}
		r.past = append(r.past, e)
		if f, ok := e.Body.(store.TrialFinished); ok {
			r.results[f.Result.Trial] = e
		}
		r.before = max(r.before, e.Elapsed)
	}
	if sp, ok := j.(store.Spooler); ok {
		early, err := sp.Spooled(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range early {
			r.results[e.Body.(store.TrialFinished).Result.Trial] = e
			r.before = max(r.before, e.Elapsed)
		}
	}
	return r, nil
}

// next returns the event of an earlier run that is to be repeated next.
func (r *recorder) next() (store.Event, bool) {
	if len(r.past) == 0 {
		return store.Event{}, false
	}
	return r.past[0], true
}

// record adds an event to the history. It is durable after the next flush, or was already.
func (r *recorder) record(e store.Event) error {
	_, err := r.recorded(e)
	return err
}

// recorded is record, and returns the event as the journal holds it.
func (r *recorder) recorded(e store.Event) (store.Event, error) {
	then, replayed := r.next()
	if replayed {
		if err := same(then, e.Body); err != nil {
			return e, err
		}
		r.past = r.past[1:]
		e = then
	} else {
		e.Seq = r.history.Last + 1
	}
	if err := r.history.Apply(e); err != nil {
		return e, err
	}
	if replayed {
		r.observer.Recorded(e, true)
	} else {
		r.buffer = append(r.buffer, e)
	}
	return e, nil
}

func same(then store.Event, now store.Body) error {
	recorded, err := store.Content(then.Body)
	if err != nil {
		return err
	}
	content, err := store.Content(now)
	if err != nil {
		return err
	}
	if then.Body.Kind() == now.Kind() && bytes.Equal(recorded, content) {
		return nil
	}
	return &ReplayError{
		Seq: then.Seq, RecordedKind: then.Body.Kind(), Recorded: string(recorded), NowKind: now.Kind(), Now: string(content),
	}
}

// flush makes all that was recorded durable. Writing is not cancelled with the study: what is done is kept.
func (r *recorder) flush() error {
	if len(r.buffer) == 0 {
		return nil
	}
	if err := r.journal.Append(context.Background(), r.buffer...); err != nil {
		return err
	}
	for _, e := range r.buffer {
		r.observer.Recorded(e, false)
	}
	r.buffer = nil
	return nil
}

// canSpool reports whether results can be made durable before their turn.
func (r *recorder) canSpool() bool {
	_, ok := r.journal.(store.Spooler)
	return ok
}

// spool makes results durable before their turn, if the journal can.
func (r *recorder) spool(early []store.Event) error {
	sp, ok := r.journal.(store.Spooler)
	if !ok || len(early) == 0 {
		return nil
	}
	return sp.Spool(context.Background(), early...)
}
