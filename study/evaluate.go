package study

import (
	"context"
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// evaluate runs on a worker.
func (s *Study) evaluate(ctx context.Context, t trial.Trial) arrival {
	s.Observer.Began(t)
	e := s.Evaluator
	if t.Phase != trial.Search {
		e = s.Finalists.Evaluator
	}
	r, err := e.Evaluate(ctx, t, func(p trial.Progress) { s.Observer.Progressed(t, p) })
	at, elapsed := s.now()
	return arrival{t, r, err, at, elapsed}
}

// accept takes in a result that came without an error, as its journal will hold it. Metrics that the study is about must be
// there: an evaluator that leaves them out would otherwise make a search that silently learns nothing. Of a baseline nothing is learnt, and
// what is known of an architecture by its decisions, as its depth, nobody knows of it.
func (s *Study) accept(a arrival) error {
	r := a.result.Settled(a.trial)
	switch r.Status {
	case trial.Failed:
		if r.Reason == "" {
			r.Reason = "no reason was given"
		}
	case trial.OK:
		if a.trial.Phase == trial.Baseline {
			break
		}
		missing := s.Objectives.Missing(r.Metrics)
		for _, c := range s.Constraints {
			if _, ok := r.Metrics.Get(c.Metric); !ok {
				missing = append(missing, c.Metric)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("its evaluator reported no %s, which the study needs", strings.Join(missing, " and no "))
		}
	default:
		return fmt.Errorf("its evaluator reported the status %q, which is neither %q nor %q", r.Status, trial.OK, trial.Failed)
	}
	s.arrived[r.Trial] = result{event: store.Event{At: a.at, Elapsed: a.elapsed, Machine: s.Machine, Body: store.TrialFinished{Result: r}}}
	return nil
}
