package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Study is one study, ready to run once.
type Study struct {
	Config
	begun time.Time
	pool  *pool
	log   *recorder
	// arrived holds results whose turn to be told has not come.
	arrived map[trial.ID]result
}

// result is a TrialFinished event before it is recorded.
type result struct {
	event   store.Event
	durable bool // in the journal or its spool already
}

// New returns the study of a configuration, or says what is wrong with it.
func New(c Config) (*Study, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.Observer = &oneByOne{to: c.Observer}
	return &Study{Config: c, arrived: map[trial.ID]result{}}, nil
}

// Run begins the study, or resumes it if its journal is not empty, and returns when it is complete: the search is closed,
// finalists and baselines are trained, the test set was opened, and the journal says that the study ended. A study that had
// ended is only read.
//
// The history is what the journal holds at the end, and is there when Run ends with an error too, unless the journal
// cannot be read. When ctx is cancelled, Run ends soon with an error that is ctx.Err(), having kept what was done; a new
// study with the same configuration and journal goes on from there. So it does after any other error: a *ReplayError when
// the journal is of another study, an evaluator that broke, a journal that cannot be written. A Study can be run once.
func (s *Study) Run(ctx context.Context) (*store.History, error) {
	if s.log != nil {
		return nil, errors.New("a study can be run once; make a new one to resume")
	}
	s.begun = s.Clock()
	var err error
	if s.log, err = newRecorder(ctx, s.Journal, s.Observer); err != nil {
		return nil, err
	}
	s.pool = newPool(ctx, s.Workers, s.Window, s.evaluate)
	err = s.phases(ctx)
	left := s.leave()
	if err != nil && left != nil && left.Error() == err.Error() {
		left = nil // the same cause, such as a full disk, met twice
	}
	return &s.log.history, errors.Join(err, left)
}

func (s *Study) phases(ctx context.Context) error {
	if err := s.start(); err != nil {
		return err
	}
	for _, k := range s.Known {
		s.Strategy.(search.Seeded).Known(k.Results)
	}
	if err := s.drive(ctx, &asking{study: s}); err != nil {
		return err
	}
	if err := s.finals(ctx); err != nil {
		return err
	}
	if err := s.test(ctx); err != nil {
		return err
	}
	return s.record(store.StudyEnded{})
}

// leave stops the workers and saves what they finished and what was not written yet, whatever the reason for leaving.
func (s *Study) leave() error {
	for _, a := range s.pool.stop() {
		if a.err == nil {
			if err := s.accept(a); err != nil {
				return err
			}
		}
	}
	var rest []store.Event
	for id := range s.log.history.Entries { // by ID, not in the order of a map
		if r, ok := s.arrived[trial.ID(id)]; ok && !r.durable {
			rest = append(rest, r.event)
		}
	}
	return errors.Join(s.log.spool(rest), s.log.flush())
}

// record writes an event that happens now.
func (s *Study) record(b store.Body) error {
	at, elapsed := s.now()
	return s.log.record(store.Event{At: at, Elapsed: elapsed, Body: b})
}

// now returns the time and the active time of the study. It is called by workers too.
func (s *Study) now() (time.Time, time.Duration) {
	t := s.Clock()
	return t.UTC(), s.log.before + t.Sub(s.begun)
}

func (s *Study) start() error {
	now := store.StudyStarted{
		Name: s.Name, Version: s.Version, Study: s.Text, Space: s.Space.Name(), SpaceHash: s.SpaceHash,
		SpaceFile: s.SpaceFile, Files: s.Files, Units: s.Units, Data: s.Data, Seed: s.Seed,
		Window: s.Window, Trials: s.Stop.Trials, Objectives: s.Objectives, Constraints: s.Constraints, Price: s.Price, Known: s.Known,
	}
	if recorded, ok := s.log.next(); ok {
		then, ok := recorded.Body.(store.StudyStarted)
		if !ok {
			return fmt.Errorf("the journal begins with a %s event: it is %w", recorded.Body.Kind(), store.ErrDamaged)
		}
		now.Version = then.Version // proposals are compared one by one, which tells versions apart where it matters
		if what := difference(then, now); what != "" {
			return fmt.Errorf("the journal is of another study: %s", what)
		}
	}
	return s.record(now)
}

// difference says what two starts do not have in common.
func difference(then, now store.StudyStarted) string {
	for _, f := range []struct {
		what      string
		then, now any
	}{
		{"name", then.Name, now.Name},
		{"seed", then.Seed, now.Seed},
		{"space", then.Space, now.Space},
		{"space hash", then.SpaceHash, now.SpaceHash},
		{"hash of the data", then.Data.Hash, now.Data.Hash},
		{"window", then.Window, now.Window},
		{"limit of trials", then.Trials, now.Trials},
		{"objectives", then.Objectives.String(), now.Objectives.String()},
		{"constraints", then.Constraints.String(), now.Constraints.String()},
		{"price", then.Price, now.Price},
	} {
		if f.then != f.now {
			return fmt.Sprintf("its %s is %v, now it is %v", f.what, f.then, f.now)
		}
	}
	switch {
	case then.Study != now.Study:
		return "the text of the study file has changed"
	case then.SpaceFile != now.SpaceFile:
		return "the text of the space file has changed"
	case !slices.Equal(then.Files, now.Files):
		return "the text of a file that the study file refers to has changed"
	}
	return ""
}
