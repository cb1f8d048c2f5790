package study

import (
	"cmp"
	"context"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Origins of the trials that no strategy proposed.
const (
	OriginFinalist = "finalist"
	OriginBaseline = "baseline"
)

// finals chooses the finalists and trains them and the baselines.
func (s *Study) finals(ctx context.Context) error {
	chosen := s.Finalists.choose(&s.log.history)
	if err := s.record(store.FinalistsChosen{Trials: chosen}); err != nil {
		return err
	}
	var list listed
	for k := range s.Finalists.Repeats {
		same := trial.Trial{Budget: s.Finalists.Budget, Seed: stream.Seed(s.Seed, "final", uint64(k))}
		for _, id := range chosen {
			t := same
			t.Phase, t.Arch = trial.Finalist, s.log.history.Entries[id].Trial.Arch
			list = append(list, store.TrialProposed{Trial: t, Origin: OriginFinalist, Parents: []trial.ID{id}})
		}
		for _, b := range s.Baselines {
			t := same
			t.Phase, t.Name, t.Network = trial.Baseline, b.Name, b.Network
			list = append(list, store.TrialProposed{Trial: t, Origin: OriginBaseline})
		}
	}
	return s.drive(ctx, &list)
}

// choose returns the search trials whose architectures become finalists, best first. Only trials that keep the constraints
// can be chosen.
func (f Finalists) choose(h *store.History) []trial.ID {
	ids := []trial.ID{} // not nil: a journal says [], never null
	if f.Count == 0 {
		return ids
	}
	if f.Value != nil && !f.Spread {
		return f.mostWorth(h)
	}
	var front, rest []trial.ID
	for _, p := range h.Leaderboard(trial.Search) {
		switch {
		case p.Violation > 0:
		case p.Rank == 0:
			front = append(front, p.Trial.ID)
		default:
			rest = append(rest, p.Trial.ID)
		}
	}
	if f.Spread && len(front) > f.Count && f.Count > 1 {
		for i := range f.Count {
			ids = append(ids, front[i*(len(front)-1)/(f.Count-1)])
		}
		return ids
	}
	ids = append(append(ids, front...), rest...)
	return ids[:min(f.Count, len(ids))]
}

// mostWorth returns the finalists by their value.
func (f Finalists) mostWorth(h *store.History) []trial.ID {
	type worth struct {
		id    trial.ID
		value float64
	}
	var all []worth
	for _, p := range h.Leaderboard(trial.Search) {
		if x, ok := f.Value(p.Result); ok && p.Violation == 0 {
			all = append(all, worth{p.Trial.ID, x})
		}
	}
	slices.SortFunc(all, func(a, b worth) int { return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.id, b.id)) })
	ids := []trial.ID{}
	for _, w := range all[:min(f.Count, len(all))] {
		ids = append(ids, w.id)
	}
	return ids
}

// listed is a source that knows its trials beforehand.
type listed []store.TrialProposed

func (l *listed) next(id trial.ID) (store.TrialProposed, search.State, error) {
	if len(*l) == 0 {
		return store.TrialProposed{}, search.Done, nil
	}
	p := (*l)[0]
	*l = (*l)[1:]
	p.Trial.ID = id
	return p, search.Ready, nil
}

func (l *listed) told(trial.Result) {}
