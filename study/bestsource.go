package study

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// BestOf is the source of the best architectures of an earlier stage, tried again. Only trials that keep the constraints can be chosen; those at a higher
// fidelity go before those at a lower one, and no architecture is chosen twice.
type BestOf struct {
	Stage string
	Count int // how many architectures; 0: none
	// Spread takes them evenly along the front, its ends included, in the order of the first objective. Otherwise they are the
	// best in the first objective: of the front, and when that is too short, of the next fronts.
	Spread bool
	// Value, where it is given, says what a result is worth, the more the better, and false for nothing; the best are then those of the
	// greatest value, of equals the earlier trial.
	Value func(trial.Result) (float64, bool)
	// Repeats is how often each is tried, each time with another seed; 0 means 1.
	Repeats int
	// Resume goes on from the checkpoints of the chosen trials, with their seeds, instead of starting afresh. A trial that has the amount of this stage
	// already, or other reductions, or recommends another architecture than it tried, has nothing to go on from: it starts afresh with its seed.
	Resume bool
}

// String implements Source.
func (b BestOf) String() string {
	if b.Spread {
		return fmt.Sprintf("%d along the front of %s", b.Count, b.Stage)
	}
	return fmt.Sprintf("best %d of %s", b.Count, b.Stage)
}

// Open implements Source.
func (b BestOf) Open(h *store.History, o Opening) (Feed, Choice, error) {
	var closed, open []string
	for _, s := range h.Stages {
		if s.Closed != "" {
			closed = append(closed, s.Stage)
		} else if s.Stage != o.Stage {
			open = append(open, s.Stage)
		}
	}
	if err := b.check(closed, open, nil); err != nil {
		return nil, Choice{}, err
	}
	chosen := b.choose(h)
	origin := OriginBest
	if o.Stage == store.Finalists {
		origin = OriginFinalist
	}
	var out list
	for k := range max(1, b.Repeats) {
		for _, id := range chosen.Trials {
			e := h.Entries[id]
			c := Candidate{Trial: trial.Trial{Arch: e.Result.Best(), Seed: finalSeed(o.Seed, k)}, Origin: origin, Parents: []trial.ID{id}}
			if b.Resume {
				c.Trial.Seed = e.Trial.Seed
				if from := checkpointOf(e.Result); from.Fidelity.Before(o.Fidelity) && c.Trial.Arch == e.Trial.Arch {
					c.Trial.From = &from
				}
			}
			out = append(out, c)
		}
	}
	return &out, chosen, nil
}

// check implements checked.
func (b BestOf) check(closed, open []string, _ []store.PriorStudy) error {
	switch {
	case b.Count < 0 || b.Repeats < 0:
		return fmt.Errorf("%d architectures tried %d times are impossible", b.Count, b.Repeats)
	case b.Resume && b.Repeats > 1:
		return fmt.Errorf("%d repeats of trials that go on from their checkpoints would all be the same", b.Repeats)
	case slices.Contains(closed, b.Stage):
		return nil
	case slices.Contains(open, b.Stage):
		return fmt.Errorf("the best of stage %q are not known yet: it is open at the same time", b.Stage)
	case len(closed) == 0:
		return fmt.Errorf("there is no stage before it to take the best of, and the best of %q are wanted", b.Stage)
	}
	return fmt.Errorf("there is no stage %q before it; %s", b.Stage, nearest.Advice(b.Stage, closed))
}

// choose returns the trials whose architectures are tried again.
func (b BestOf) choose(h *store.History) Choice {
	switch {
	case b.Count == 0:
		return Choice{}
	case b.Value != nil && !b.Spread:
		return Choice{b.first(b.byValue(h)), "the greatest value of the scalarised objectives"}
	}
	var front, rest []store.Entry
	board := h.Leaderboard(b.Stage)
	for _, p := range board {
		switch {
		case p.Violation > 0:
		case p.Rank == 0 && p.Result.Fidelity == board[0].Result.Fidelity:
			front = append(front, p.Entry)
		default:
			rest = append(rest, p.Entry)
		}
	}
	if b.Spread && len(front) > b.Count && b.Count > 1 {
		var spread []store.Entry
		for i := range b.Count {
			spread = append(spread, front[i*(len(front)-1)/(b.Count-1)])
		}
		return Choice{b.first(spread), "spread along the front"}
	}
	return Choice{b.first(append(front, rest...)), "the best of the front, then of the next fronts"}
}

// first returns the first entries of different architectures.
func (b BestOf) first(entries []store.Entry) []trial.ID {
	var ids []trial.ID
	taken := map[space.Arch]bool{}
	for _, e := range entries {
		if a := e.Result.Best(); !taken[a] && len(ids) < b.Count {
			taken[a] = true
			ids = append(ids, e.Trial.ID)
		}
	}
	return ids
}

// byValue returns the entries of the stage at its highest fidelity, those of the greatest value first.
func (b BestOf) byValue(h *store.History) []store.Entry {
	type valued struct {
		store.Entry
		value float64
	}
	var all []valued
	for _, e := range h.Full(b.Stage) {
		if x, ok := b.Value(e.Result); ok && h.Constraints(b.Stage).Kept(e.Result.Metrics) {
			all = append(all, valued{e, x})
		}
	}
	slices.SortFunc(all, func(x, y valued) int {
		return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(x.Trial.ID, y.Trial.ID))
	})
	out := make([]store.Entry, len(all))
	for i, v := range all {
		out[i] = v.Entry
	}
	return out
}
