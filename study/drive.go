package study

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// run takes stages that are open at the same time through the window rule, one source after the other, until all are done and all results are observed.
func (s *Study) run(ctx context.Context, group []Stage) error {
	var open []*opened
	for i := range group {
		o, err := s.open(&group[i])
		if err != nil {
			return err
		}
		open = append(open, o)
		s.stages[o.Name] = o
	}
	window := group[0].Window
	var waiting []trial.ID // proposed, the result not observed yet, in order
	for at := 0; ; {
		stalled := false
		for at < len(open) && !stalled && len(waiting) < window {
			id := trial.ID(len(s.log.history.Entries))
			state, err := s.ask(open[at], id)
			switch {
			case err != nil:
				return err
			case state == search.Wait:
				stalled = true
			case state == search.Done:
				at++
			default:
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
		if err := s.tell(r); err != nil {
			return err
		}
	}
}

// open opens the source of a stage and records it.
func (s *Study) open(stage *Stage) (*opened, error) {
	feed, choice, err := stage.Source.Open(&s.log.history, Opening{Stage: stage.Name, Fidelity: stage.Fidelity, Seed: s.Seed, Prior: s.Prior})
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", stage.Name, err)
	}
	d := trial.Describe(stage.Evaluator)
	now := store.StageOpened{
		Stage: stage.Name, Source: stage.Source.String(), Evaluator: d.Kind, Resource: d.Resource, Fidelity: stage.Fidelity,
		Window: stage.Window, Trials: stage.Stop.Trials, Objectives: stage.Objectives, Chosen: choice.Trials, Rule: choice.Rule,
	}
	if recorded, ok := s.log.next(); ok {
		if then, ok := recorded.Body.(store.StageOpened); ok {
			if what := stageDifference(then, now); what != "" {
				return nil, fmt.Errorf("the journal is of another study: %s", what)
			}
		}
	}
	event, err := s.recordAt(now)
	if err != nil {
		return nil, err
	}
	return &opened{
		Stage: stage, feed: feed, since: event.Elapsed,
		evaluator: trial.NewRetried(stage.Evaluator, stage.Attempts, s.Pause),
	}, nil
}

// ask asks a stage for its next trial and proposes it, or records that the stage is closed and returns Done.
func (s *Study) ask(o *opened, id trial.ID) (search.State, error) {
	reason := o.limit(s)
	if reason == "" {
		c, state, err := o.feed.Next(id)
		switch {
		case err != nil:
			return search.Done, err
		case state == search.Wait:
			return search.Wait, nil
		case state == search.Ready:
			return search.Ready, s.propose(o, id, c)
		}
		reason = store.Exhausted
	}
	return search.Done, s.record(store.StageClosed{Stage: o.Name, Reason: reason, Trials: o.asked})
}

// propose records a trial and gives it to the workers, unless its result is known from an earlier run.
func (s *Study) propose(o *opened, id trial.ID, c Candidate) error {
	t := c.Trial
	t.ID, t.Stage, t.Fidelity, t.Keep = id, o.Name, t.Fidelity.Or(o.Fidelity), o.Keep
	t.Checkpoint = o.Checkpoints && t.Fidelity.Amount < o.Fidelity.Amount || t.Network == nil && s.resumed(o.Name, t.Fidelity)
	if err := t.Fidelity.Check(); err != nil {
		return fmt.Errorf("trial %d: %w", id, err)
	}
	o.asked++
	if err := s.record(store.TrialProposed{Trial: t, Key: c.Key, Origin: c.Origin, Parents: c.Parents}); err != nil {
		return err
	}
	known, ok := s.log.results[id]
	if !ok {
		s.pool.jobs <- t
		return nil
	}
	if r := known.Body.(store.TrialFinished).Result; r.Arch != t.Arch {
		return fmt.Errorf("the journal does not belong to this study: it has a result of %v for trial %d, which now is %v", r.Arch, r.Trial, t.Arch)
	}
	s.arrived[id] = result{known, true}
	return nil
}

// tell records a result and hands it to its stage when it is durable.
func (s *Study) tell(r result) error {
	if err := s.log.record(r.event); err != nil {
		return err
	}
	if !r.durable {
		if err := s.log.flush(); err != nil {
			return err
		}
	}
	told := r.event.Body.(store.TrialFinished).Result
	o := s.stages[s.log.history.Entries[told.Trial].Trial.Stage]
	o.spent = o.spent.Plus(told.Spent)
	o.feed.Tell(told)
	return nil
}

// evaluate runs on a worker.
func (s *Study) evaluate(ctx context.Context, t trial.Trial) arrival {
	s.Observer.Began(t)
	r, err := s.stages[t.Stage].evaluator.Evaluate(ctx, t, func(p trial.Progress) { s.Observer.Progressed(t, p) })
	at, elapsed := s.now()
	return arrival{t, r, err, at, elapsed}
}

// accept takes in a result that came without an error, as its journal will hold it. Metrics that the study is about must be
// there: an evaluator that leaves them out would otherwise make a search that silently learns nothing. Of a network that is no architecture of the space nothing is
// learnt, and what is known of an architecture by its decisions, as its depth, nobody knows of it.
func (s *Study) accept(a arrival) error {
	r := a.result.Settled(a.trial)
	if r.Worker == "" {
		r.Worker = s.Worker
	}
	switch r.Status {
	case trial.Failed:
		if r.Reason == "" {
			r.Reason = "no reason was given"
		}
	case trial.OK:
		if a.trial.Network != nil {
			break
		}
		objectives, constraints := s.Objectives, s.Constraints
		if own := s.stages[a.trial.Stage].Objectives; len(own) > 0 {
			objectives, constraints = own, nil
		}
		missing := objectives.Missing(r.Metrics)
		for _, c := range constraints {
			if _, ok := r.Metrics.Get(c.Metric); !ok {
				missing = append(missing, c.Metric)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("its evaluator reported no %s, which the study needs", strings.Join(missing, " and no "))
		}
	default:
		return fmt.Errorf("its evaluator reported the status %q, which is none of %q, %q and %q", r.Status, trial.OK, trial.Failed, trial.Preempted)
	}
	s.arrived[r.Trial] = result{event: store.Event{At: a.at, Elapsed: a.elapsed, Body: store.TrialFinished{Result: r}}}
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
			broken = located(ctx, a)
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

// located returns the error of a trial that could not be evaluated, with its number.
func located(ctx context.Context, a arrival) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("trial %d could not be evaluated: %w", a.trial.ID, a.err)
}
