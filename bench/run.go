package bench

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// Run is what a strategy is set to do.
type Run struct {
	Table       *Table
	Region      search.Region         // of the table
	Encodings   *search.EncodingIndex // of the region, shared by runs; nil if each may make its own
	Evaluations int                   // at most; fewer if the strategy is done earlier
	Window      int                   // proposal i is asked after results 0…i−Window were observed; 0 means 1
	Seed        uint64                // of the strategy and of the noise of the table
	Evaluated   func()                // called after each evaluation; nil is nobody
}

// Trace is what a strategy found in a run: the trials in the order in which they were observed, which is that of asking.
type Trace struct {
	Rows     []int       // of the table
	Vectors  [][]float64 // the objectives that were observed, all minimised
	Proposed []trial.Proposal
}

// With runs a strategy as the one stage of a study without a journal. It is an error if the strategy cannot be made or breaks its contract by
// proposing what is not in the region.
func (g Run) With(ctx context.Context, open func(search.Problem) (search.Strategy, error)) (Trace, error) {
	s, err := open(search.Problem{
		Region: g.Region, Encodings: g.Encodings, Objectives: g.Table.objectives, Seed: g.Seed, Exact: g.Table.exact(),
	})
	if err != nil {
		return Trace{}, err
	}
	watching := &trace{run: g}
	run, err := study.New(study.Config{
		Name: g.Table.name, Space: g.Table.space, Objectives: g.Table.objectives, Seed: g.Seed, Journal: store.Discard{}, Observer: watching,
		Stages: []study.Stage{{
			Name: store.Search, Source: study.FromStrategy("to be measured", s), Evaluator: g.Table.Evaluator(),
			Window: max(1, g.Window), Stop: study.StopConditions{Trials: g.Evaluations},
		}},
		Workers: 1,
	})
	if err != nil {
		return Trace{}, err
	}
	if _, err := run.Run(ctx); err != nil {
		return Trace{}, err
	}
	return watching.Trace, watching.err
}

// trace watches a study.
type trace struct {
	Trace
	run Run
	err error // the first
}

// Recorded implements study.Observer.
func (t *trace) Recorded(e store.Event, _ bool) {
	switch b := e.Body.(type) {
	case store.TrialProposed:
		t.Proposed = append(t.Proposed, trial.Proposal{Key: b.Key, Arch: b.Trial.Arch, Fidelity: b.Trial.Fidelity, Origin: b.Origin})
	case store.TrialFinished:
		vector, ok := t.run.Table.objectives.Vector(b.Result)
		if !ok || !t.run.Region.Contains(b.Result.Arch) {
			if t.err == nil {
				t.err = fmt.Errorf("proposal %d, %s, is outside the region", b.Result.Trial, b.Result.Arch)
			}
			return
		}
		t.Rows, t.Vectors = append(t.Rows, t.run.Table.index[b.Result.Arch]), append(t.Vectors, vector)
		if t.run.Evaluated != nil {
			t.run.Evaluated()
		}
	}
}

// Began implements study.Observer.
func (t *trace) Began(trial.Trial) {}

// Progressed implements study.Observer.
func (t *trace) Progressed(trial.Trial, trial.Progress) {}
