package bench

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// Game is what a strategy is set to do.
type Game struct {
	Table       *Table
	Region      search.Region // of the table
	Atlas       *search.Atlas // of the region, shared by games; nil if each may make its own
	Evaluations int           // at most; fewer if the strategy is done earlier
	Window      int           // proposal i is asked after results 0…i−Window were told; 0 means 1
	Seed        uint64        // of the strategy and of the noise of the table
	Told        func()        // called after each evaluation; nil is nobody
}

// Trace is what a strategy found in a game: the trials in the order in which they were told, which is that of asking.
type Trace struct {
	Rows     []int       // of the table
	Vectors  [][]float64 // the objectives that were told, all minimised
	Proposed []trial.Proposal
}

// Play runs a strategy by the window rule of a study. It is an error if the strategy cannot be made or breaks its contract by
// proposing what is not in the region.
func (g Game) Play(ctx context.Context, open func(search.Problem) (search.Strategy, error)) (Trace, error) {
	s, err := open(search.Problem{
		Region: g.Region, Atlas: g.Atlas, Objectives: g.Table.objectives, Budget: trial.Budget{Epochs: 1}, Seed: g.Seed, Exact: g.Table.exact(),
	})
	if err != nil {
		return Trace{}, err
	}
	var (
		t         Trace
		evaluator = g.Table.Evaluator()
		window    = max(1, g.Window)
		told      = 0
	)
	tell := func() error {
		p, id := t.Proposed[told], trial.ID(told)
		r, err := evaluator.Evaluate(ctx, trial.Trial{
			ID: id, Phase: trial.Search, Arch: p.Arch, Budget: p.Budget, Seed: stream.Seed(g.Seed, "trial", uint64(id)),
		}, trial.Silent)
		if err != nil {
			return err
		}
		vector, ok := g.Table.objectives.Vector(r)
		if !ok || !g.Region.Contains(p.Arch) {
			return fmt.Errorf("proposal %d, %s, is outside the region", id, p.Arch)
		}
		t.Rows, t.Vectors = append(t.Rows, g.Table.index[p.Arch]), append(t.Vectors, vector)
		told++
		s.Tell([]trial.Result{r})
		if g.Told != nil {
			g.Told()
		}
		return nil
	}
	for done := false; !done && len(t.Proposed) < g.Evaluations; {
		for len(t.Proposed)-told >= window {
			if err := tell(); err != nil {
				return Trace{}, err
			}
		}
		next, state := s.Ask(1)
		t.Proposed = append(t.Proposed, next...)
		switch {
		case state == search.Done:
			done = true
		case state == search.Wait && told == len(t.Proposed):
			return Trace{}, fmt.Errorf("the strategy waits after %d results, and nothing is outstanding", told)
		case state == search.Wait:
			if err := tell(); err != nil {
				return Trace{}, err
			}
		}
	}
	for told < len(t.Proposed) {
		if err := tell(); err != nil {
			return Trace{}, err
		}
	}
	return t, nil
}
