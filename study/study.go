package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Study is one study, ready to run once.
type Study struct {
	Config
	begun time.Time
	pool  *pool
	log   *recorder
	// arrived holds results whose turn has not come.
	arrived map[trial.ID]result
	// stages are those that were opened. A stage is written before its trials reach a worker.
	stages map[string]*opened
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
	return &Study{Config: c, arrived: map[trial.ID]result{}, stages: map[string]*opened{}}, nil
}

// Run begins the study, or resumes it if its journal is not empty, and returns when it is complete: all stages are closed,
// the test set was opened, and the journal says that the study ended. A study that had
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
	s.pool = newPool(ctx, s.Workers, s.window(), s.evaluate)
	err = s.inStages(ctx)
	left := s.leave()
	if err != nil && left != nil && left.Error() == err.Error() {
		left = nil // the same cause, such as a full disk, met twice
	}
	return &s.log.history, errors.Join(err, left)
}

func (s *Study) inStages(ctx context.Context) error {
	if err := s.start(); err != nil {
		return err
	}
	for at := 0; at < len(s.Stages); {
		end := at + 1
		for end < len(s.Stages) && s.Stages[end].Concurrent {
			end++
		}
		if err := s.run(ctx, s.Stages[at:end]); err != nil {
			return err
		}
		at = end
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
	_, err := s.recordAt(b)
	return err
}

// recordAt is record, and returns the event as the journal holds it.
func (s *Study) recordAt(b store.Body) (store.Event, error) {
	at, elapsed := s.now()
	return s.log.recorded(store.Event{At: at, Elapsed: elapsed, Body: b})
}

// now returns the time and the active time of the study. It is called by workers too.
func (s *Study) now() (time.Time, time.Duration) {
	t := s.Clock()
	return t.UTC(), s.log.before + t.Sub(s.begun)
}

func (s *Study) start() error {
	now := store.StudyStarted{
		Name: s.Name, Version: s.Version, Study: s.Text, Space: s.Space.Name(), SpaceHash: s.SpaceHash,
		SpaceFile: s.SpaceFile, Files: s.Files, Data: s.Data, Seed: s.Seed, Metrics: s.Metrics,
		Objectives: s.Objectives, Constraints: s.Constraints, Rates: s.Rates, Prior: s.Prior,
	}
	for _, stage := range s.Stages {
		now.Stages = append(now.Stages, stage.Name)
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

// field is something that two openings should have in common.
type field struct {
	what      string
	then, now any
}

func firstDifference(prefix string, fields []field) string {
	for _, f := range fields {
		if f.then != f.now {
			return fmt.Sprintf("%s%s is %v, now it is %v", prefix, f.what, f.then, f.now)
		}
	}
	return ""
}

// stageDifference says what two openings of a stage do not have in common.
func stageDifference(then, now store.StageOpened) string {
	return firstDifference("the "+then.Stage+" stage's ", []field{
		{"name", then.Stage, now.Stage},
		{"evaluator", then.Evaluator, now.Evaluator},
		{"fidelity", then.Fidelity, now.Fidelity},
		{"window", then.Window, now.Window},
		{"limit of trials", then.Trials, now.Trials},
		{"objectives", then.Objectives.String(), now.Objectives.String()},
	})
}

// difference says what two starts do not have in common.
func difference(then, now store.StudyStarted) string {
	what := firstDifference("its ", []field{
		{"name", then.Name, now.Name},
		{"seed", then.Seed, now.Seed},
		{"space", then.Space, now.Space},
		{"space hash", then.SpaceHash, now.SpaceHash},
		{"hash of the data", then.Data.Hash, now.Data.Hash},
		{"list of stages", strings.Join(then.Stages, ", "), strings.Join(now.Stages, ", ")},
		{"objectives", then.Objectives.String(), now.Objectives.String()},
		{"constraints", then.Constraints.String(), now.Constraints.String()},
		{"rates", then.Rates, now.Rates},
	})
	switch {
	case what != "":
		return what
	case then.Study != now.Study:
		return "the text of the study file has changed"
	case then.SpaceFile != now.SpaceFile:
		return "the text of the space file has changed"
	case !slices.Equal(then.Files, now.Files):
		return "the text of a file that the study file refers to has changed"
	}
	return ""
}
