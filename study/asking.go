package study

import (
	"errors"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// asking is the search phase: trials come from the strategy, until a limit or its end.
type asking struct {
	study *Study
	spent trial.Spent // by told trials
}

func (a *asking) next(id trial.ID) (store.TrialProposed, search.State, error) {
	s := a.study
	if reason := a.limit(int(id)); reason != "" {
		return store.TrialProposed{}, search.Done, s.record(store.SearchClosed{Reason: reason, Trials: int(id)})
	}
	proposals, state := s.Strategy.Ask(1)
	switch {
	case len(proposals) == 1:
		p := proposals[0]
		return store.TrialProposed{
			Trial: trial.Trial{
				ID: id, Phase: trial.Search, Arch: p.Arch, Budget: p.Budget, Seed: stream.Seed(s.Seed, "trial", uint64(id)),
			},
			Origin:  p.Origin,
			Parents: p.Parents,
		}, search.Ready, nil
	case len(proposals) > 1:
		return store.TrialProposed{}, search.Done, errors.New("the strategy was asked for one proposal and gave several")
	case state == search.Ready:
		return store.TrialProposed{}, search.Done, errors.New("the strategy is ready and proposes nothing: its Ask breaks the contract")
	case state == search.Done:
		return store.TrialProposed{}, search.Done, s.record(store.SearchClosed{Reason: store.Exhausted, Trials: int(id)})
	}
	return store.TrialProposed{}, search.Wait, nil
}

// limit returns the reason to ask no more, if there is one. Whether the wall-time limit was met is for the journal to say
// as long as it goes, since the clock would answer differently each time.
func (a *asking) limit(asked int) store.Reason {
	stop := a.study.Stop
	switch {
	case stop.Trials > 0 && asked >= stop.Trials:
		return store.TrialLimit
	case stop.MACs > 0 && a.spent.MACs >= stop.MACs:
		return store.MACLimit
	case stop.Epochs > 0 && a.spent.Epochs >= stop.Epochs:
		return store.EpochLimit
	}
	if then, replaying := a.study.log.next(); replaying {
		if closed, ok := then.Body.(store.SearchClosed); ok && closed.Reason == store.WallLimit {
			return store.WallLimit
		}
		return ""
	}
	if _, elapsed := a.study.now(); stop.Wall > 0 && elapsed >= stop.Wall {
		return store.WallLimit
	}
	return ""
}

func (a *asking) told(r trial.Result) {
	a.spent = a.spent.Plus(r.Spent)
	a.study.Strategy.Tell([]trial.Result{r})
}
