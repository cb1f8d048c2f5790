package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
)

const (
	insertEvent = `INSERT INTO event (seq, kind, trial, body, at, elapsed, worker, attempt, cpu_seconds, gpu_seconds, wall_seconds)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertEarly = `INSERT OR REPLACE INTO early (trial, kind, body, at, elapsed, worker, attempt, cpu_seconds, gpu_seconds, wall_seconds)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteEarly = `DELETE FROM early WHERE trial = ?`
	selectEvent = `SELECT seq, kind, trial, body, at, elapsed, worker, attempt, cpu_seconds, gpu_seconds, wall_seconds
		FROM event WHERE seq >= ? ORDER BY seq LIMIT ?`
	selectEarly = `SELECT 0, kind, trial, body, at, elapsed, worker, attempt, cpu_seconds, gpu_seconds, wall_seconds
		FROM early ORDER BY trial`
)

// page is how many events are read at a time: between pages no lock is held, so that a slow reader is in nobody's way.
const page = 512

// Append adds events at the end, in one transaction.
func (j *SQLite) Append(ctx context.Context, events ...Event) error {
	rows, err := toRows(events)
	if err != nil || len(rows) == 0 {
		return err
	}
	return j.write(ctx, func(tx *sql.Tx) (int64, error) {
		insert, err := tx.PrepareContext(ctx, insertEvent)
		if err != nil {
			return 0, err
		}
		defer insert.Close()
		seq := j.last
		for _, r := range rows {
			seq++
			if _, err := insert.ExecContext(ctx, seq, r.kind, r.trial, r.body, r.at, r.elapsed, r.worker, r.attempt, r.cpu, r.gpu, r.wall); err != nil {
				return 0, err
			}
		}
		return seq, unspool(ctx, tx, rows)
	})
}

// unspool removes the results among rows from the spool. An empty spool, the usual case, costs one query.
func unspool(ctx context.Context, tx *sql.Tx, rows []row) error {
	var waiting bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM early)").Scan(&waiting); err != nil || !waiting {
		return err
	}
	for _, r := range rows {
		if r.kind == (TrialFinished{}).Kind() {
			if _, err := tx.ExecContext(ctx, deleteEarly, *r.trial); err != nil {
				return err
			}
		}
	}
	return nil
}

// Spool keeps results that arrived before their turn, in one transaction.
func (j *SQLite) Spool(ctx context.Context, early ...Event) error {
	for _, e := range early {
		if _, err := spoolKey(e); err != nil {
			return err
		}
	}
	rows, err := toRows(early)
	if err != nil || len(rows) == 0 {
		return err
	}
	return j.write(ctx, func(tx *sql.Tx) (int64, error) {
		for _, r := range rows {
			if _, err := tx.ExecContext(ctx, insertEarly, *r.trial, r.kind, r.body, r.at, r.elapsed, r.worker, r.attempt, r.cpu, r.gpu, r.wall); err != nil {
				return 0, err
			}
		}
		return j.last, nil
	})
}

// write runs f in a transaction. f returns the sequence number that is the last if the transaction succeeds.
func (j *SQLite) write(ctx context.Context, f func(*sql.Tx) (int64, error)) error {
	if j.readOnly {
		return fmt.Errorf("%s was opened for reading only", j.path)
	}
	select {
	case j.writing <- struct{}{}:
		defer func() { <-j.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return explain(j.path, err)
	}
	last, err := f(tx)
	if err != nil {
		return explain(j.path, errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return explain(j.path, err)
	}
	j.last = last
	return nil
}

// Events yields the events from a sequence number on.
func (j *SQLite) Events(ctx context.Context, from int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			events, err := j.query(ctx, selectEvent, from, page)
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
			if len(events) == 0 {
				return
			}
			from = events[len(events)-1].Seq + 1
		}
	}
}

// Spooled returns the results that wait.
func (j *SQLite) Spooled(ctx context.Context) ([]Event, error) {
	return j.query(ctx, selectEarly)
}

// query returns the events of a query, up to the first that does not read.
func (j *SQLite) query(ctx context.Context, query string, args ...any) ([]Event, error) {
	rows, err := j.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, explain(j.path, err)
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.kind, &r.trial, &r.body, &r.at, &r.elapsed, &r.worker, &r.attempt, &r.cpu, &r.gpu, &r.wall); err != nil {
			return events, explain(j.path, err)
		}
		e, err := r.event()
		if err != nil {
			return events, fmt.Errorf("%s: %w", j.path, err)
		}
		events = append(events, e)
	}
	if err := rows.Err(); err != nil {
		return events, explain(j.path, err)
	}
	return events, nil
}
