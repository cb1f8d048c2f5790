package store

import (
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// row is an event as a journal holds it. Memory uses it too, so that what is read back is the same from every journal.
type row struct {
	seq     int64
	kind    string
	trial   *trial.ID // of a kind that is about one trial
	body    string    // Content
	at      int64     // microseconds since 1970, UTC
	elapsed int64     // microseconds
	// Of a trial-finished: who did the work, with how many attempts, in how many seconds.
	worker         string
	attempt        int
	cpu, gpu, wall float64
}

func toRow(e Event) (row, error) {
	if e.Body == nil {
		return row{}, fmt.Errorf("an event without a body cannot be appended")
	}
	content, err := Content(e.Body)
	if err != nil {
		return row{}, err
	}
	r := row{kind: e.Body.Kind(), body: string(content), at: e.At.UnixMicro(), elapsed: e.Elapsed.Microseconds()}
	switch b := e.Body.(type) {
	case TrialProposed:
		r.trial = &b.Trial.ID
	case TrialFinished:
		s := b.Result.Spent
		r.trial, r.cpu, r.gpu, r.wall = &b.Result.Trial, s.CPUSeconds, s.GPUSeconds, s.WallSeconds
		r.worker, r.attempt = b.Result.Worker, b.Result.Attempt
	case TrialTested:
		r.trial = &b.Trial
	}
	return r, nil
}

func toRows(events []Event) ([]row, error) {
	rows := make([]row, len(events))
	for i, e := range events {
		var err error
		if rows[i], err = toRow(e); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (r row) event() (Event, error) {
	body, err := decode(r.kind, []byte(r.body))
	if err != nil {
		return Event{}, fmt.Errorf("event %d of the journal does not read (%w): it is damaged or of a newer version", r.seq, err)
	}
	if f, ok := body.(TrialFinished); ok {
		s := &f.Result.Spent
		s.CPUSeconds, s.GPUSeconds, s.WallSeconds = r.cpu, r.gpu, r.wall
		f.Result.Worker, f.Result.Attempt = r.worker, r.attempt
		body = f
	}
	return Event{
		Seq:     r.seq,
		At:      time.UnixMicro(r.at).UTC(),
		Elapsed: time.Duration(r.elapsed) * time.Microsecond,
		Body:    body,
	}, nil
}
