package overhead

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// free is an evaluator that costs nothing.
type free struct{}

func (free) Evaluate(_ context.Context, t trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
	return judged(t.ID, t.Arch), nil
}

// Journal measures whole studies with an SQLite journal in folder: trials a second that are proposed, evaluated for nothing, on the
// disk and observed, with a random search and a window of so many trials. Every result is durable before the strategy observes it.
func Journal(ctx context.Context, folder string, window, trials int) (Figure, error) {
	f := Figure{Name: fmt.Sprintf("durable trials of a study, window of %d", window), Unit: "/s"}
	p, err := Problem(1)
	if err != nil {
		return f, err
	}
	where, err := os.MkdirTemp(folder, "journal")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(where)
	j, err := store.Open(ctx, filepath.Join(where, "study.db"), store.Create)
	if err != nil {
		return f, err
	}
	defer j.Close()
	s, err := study.New(study.Config{
		Name: "overhead", Space: p.Region.Space(), Objectives: p.Objectives, Workers: min(window, 2), Journal: j,
		Stages: []study.Stage{{
			Name: store.Search, Source: study.FromStrategy("random", search.NewRandom(p)), Evaluator: free{}, Window: window, Stop: study.StopConditions{Trials: trials},
		}},
	})
	if err != nil {
		return f, err
	}
	start := time.Now()
	if _, err := s.Run(ctx); err != nil {
		return f, err
	}
	f.Value = float64(trials) / time.Since(start).Seconds()
	return f, nil
}
