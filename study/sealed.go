package study

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// test opens the sealed test set for the trials of stages that are tested, those that failed left out. Who is tested is durable before
// the first test, and each trial's figures before the next, so a resumed study repeats no test whose outcome anybody saw.
func (s *Study) test(ctx context.Context) error {
	if s.Tester == nil {
		return nil
	}
	var ids []trial.ID
	for _, e := range s.log.history.Entries {
		if s.stages[e.Trial.Stage].Test && e.OK() {
			ids = append(ids, e.Trial.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.record(store.TestOpened{Trials: ids}); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.log.flush(); err != nil {
			return err
		}
		tested, err := s.figures(ctx, id)
		if err != nil {
			return err
		}
		if err := s.record(tested); err != nil {
			return err
		}
	}
	return nil
}

// figures returns the test figures of a trial, from the journal if it has them.
func (s *Study) figures(ctx context.Context, id trial.ID) (store.TrialTested, error) {
	if then, replaying := s.log.next(); replaying {
		if tested, ok := then.Body.(store.TrialTested); ok && tested.Trial == id {
			return tested, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return store.TrialTested{}, err
	}
	e := s.log.history.Entries[id]
	figures, detail, err := s.Tester.Test(ctx, e.Trial, e.Result)
	if err != nil {
		if ctx.Err() != nil {
			return store.TrialTested{}, ctx.Err()
		}
		return store.TrialTested{}, fmt.Errorf("trial %d could not be tested: %w", id, err)
	}
	for m, bad := figures.NotFinite(); bad; m, bad = figures.NotFinite() {
		figures = figures.Without(m.Name)
	}
	return store.TrialTested{Trial: id, Metrics: figures, Detail: detail}, nil
}
