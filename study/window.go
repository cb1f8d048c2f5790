package study

import (
	"context"
	"errors"
	"fmt"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// source gives the trials of a phase.
type source interface {
	// next returns the next trial, or Wait or Done. It records what it decides besides.
	next(id trial.ID) (store.TrialProposed, search.State, error)
	told(trial.Result)
}

// drive takes a phase through the window rule, until its source is done and everything is told.
func (s *Study) drive(ctx context.Context, from source) error {
	var waiting []trial.ID // proposed and not told, in order
	for done := false; ; {
		stalled := false
		for !done && !stalled && len(waiting) < s.Window {
			id := trial.ID(len(s.log.history.Entries))
			p, state, err := from.next(id)
			switch {
			case err != nil:
				return err
			case state == search.Wait:
				stalled = true
			case state == search.Done:
				done = true
			default:
				if err := s.propose(p); err != nil {
					return err
				}
				waiting = append(waiting, id)
			}
		}
		switch {
		case len(waiting) == 0 && stalled:
			return errors.New("the strategy waits, and there is no result to wait for: its Ask breaks the contract")
		case len(waiting) == 0:
			return s.log.flush()
		}
		r, ok := s.arrived[waiting[0]]
		if !ok {
			if err := s.await(ctx, waiting[0]); err != nil {
				return err
			}
			continue
		}
		delete(s.arrived, waiting[0])
		waiting = waiting[1:]
		if err := s.tell(from, r); err != nil {
			return err
		}
	}
}

// propose records a trial and gives it to the workers, unless its result is known from an earlier run.
func (s *Study) propose(p store.TrialProposed) error {
	if err := s.record(p); err != nil {
		return err
	}
	known, ok := s.log.results[p.Trial.ID]
	if !ok {
		s.pool.jobs <- p.Trial
		return nil
	}
	if r := known.Body.(store.TrialFinished).Result; r.Arch != p.Trial.Arch {
		return fmt.Errorf("the journal does not belong to this study: it has a result of %v for trial %d, which now is %v", r.Arch, r.Trial, p.Trial.Arch)
	}
	s.arrived[p.Trial.ID] = result{known, true}
	return nil
}

// tell records a result and tells it when it is durable.
func (s *Study) tell(to source, r result) error {
	if err := s.log.record(r.event); err != nil {
		return err
	}
	if !r.durable {
		if err := s.log.flush(); err != nil {
			return err
		}
	}
	to.told(r.event.Body.(store.TrialFinished).Result)
	return nil
}

// await receives at least one result. All that have arrived are taken at once, so that one transaction serves a crowd;
// the one that is next is left to be written with its event if it came alone.
func (s *Study) await(ctx context.Context, next trial.ID) error {
	if err := s.log.flush(); err != nil {
		return err
	}
	var batch []arrival
	select {
	case <-ctx.Done():
		return ctx.Err()
	case a := <-s.pool.done:
		batch = append(batch, a)
	}
	for more := true; more; {
		select {
		case a := <-s.pool.done:
			batch = append(batch, a)
		default:
			more = false
		}
	}
	var broken error
	for _, a := range batch {
		if a.err == nil {
			a.err = s.accept(a)
		}
		if a.err != nil && broken == nil {
			broken = s.blame(ctx, a)
		}
	}
	if broken != nil {
		return broken // leave saves the others
	}
	if !s.log.canSpool() || len(batch) == 1 && batch[0].trial.ID == next {
		return nil
	}
	early := make([]store.Event, len(batch))
	for i, a := range batch {
		early[i] = s.arrived[a.trial.ID].event
	}
	if err := s.log.spool(early); err != nil {
		return err
	}
	for i, a := range batch {
		s.arrived[a.trial.ID] = result{early[i], true}
	}
	return nil
}

// blame returns the error of a trial that could not be evaluated.
func (s *Study) blame(ctx context.Context, a arrival) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("trial %d could not be evaluated: %w", a.trial.ID, a.err)
}
