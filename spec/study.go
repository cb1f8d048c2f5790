package spec

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// Run is what a plan needs to become a running study: the part that belongs to the machine and decides nothing.
type Run struct {
	Folder   string // for weights
	Journal  store.Journal
	Workers  int // trials at a time; 0 means the window
	Threads  int // of each trial; 0 means 1
	Version  string
	Machine  string
	Observer study.Observer
}

// Study returns the study of the plan, ready to run or to resume.
func (p *Plan) Study(r Run) (*study.Study, error) {
	trainer, err := p.Trainer(max(1, r.Threads), r.Folder)
	if err != nil {
		return nil, err
	}
	strategy, err := p.strategy()
	if err != nil {
		return nil, err
	}
	return study.New(study.Config{
		Name: p.Name, Version: r.Version, Text: p.Text, Space: p.Space, SpaceHash: p.SpaceHash,
		SpaceFile: p.SpaceFile, Files: p.Files, Units: p.Units, Known: p.Known, Data: p.Dataset, Seed: p.Seed,
		Objectives: p.Objectives, Constraints: p.Constraints,
		Strategy: strategy, Evaluator: p.costed(trainer), Window: p.Window, Workers: r.Workers,
		Stop: study.Stop{Trials: p.Budget.Trials, Wall: p.Budget.Wall, MACs: p.Budget.MACs, Epochs: int(p.Budget.Epochs)},
		Finalists: study.Finalists{
			Count: p.Finalists.Count, Spread: p.Finalists.Spread, Repeats: p.Finalists.Repeats, Value: p.value(),
			Budget: trial.Budget{Epochs: p.Finalists.Settings.Defaulted().Epochs},
		},
		Baselines: p.Networks,
		Tester:    &tester{sealed: p.Splits.Test, trainer: trainer},
		Price:     p.Price, Journal: r.Journal, Observer: r.Observer, Machine: r.Machine,
	})
}

func (p *Plan) strategy() (search.Strategy, error) {
	problem := search.Problem{
		Region: p.Region, Objectives: p.Objectives, Constraints: p.Constraints,
		Budget: trial.Budget{Epochs: p.Evaluation.Defaulted().Epochs}, Seed: p.Seed, Exact: p.exact(),
	}
	chosen := p.Strategy
	chosen.Values.files = p.settings
	if len(p.Goals) == 0 {
		return chosen.New(problem)
	}
	return search.NewScalarised(problem, search.Preference(p.Goals...), chosen.New)
}

// value returns the preference of the study for finalists, or nil if it has none.
func (p *Plan) value() func(trial.Result) (float64, bool) {
	if len(p.Goals) == 0 {
		return nil
	}
	preference := search.Preference(p.Goals...)
	return func(r trial.Result) (float64, bool) { return preference.Of(p.Objectives, r) }
}

// costed returns the evaluator with the costs that the lattice knows, or as it is where that knows none of its own.
func (p *Plan) costed(e trial.Evaluator) trial.Evaluator {
	if len(p.costs) == 0 {
		return e
	}
	return costed{e, p}
}

func (p *Plan) build(t trial.Trial) (*network.Graph, error) {
	if t.Network != nil {
		return t.Network, nil
	}
	return p.Space.Network(t.Arch)
}

// tester opens the sealed test set when the first trial is tested, once for all of them.
type tester struct {
	sealed  *data.Sealed
	trainer *train.Evaluator
	open    sync.Once
	view    data.View
	err     error
}

// Test implements study.Tester. The details are the score as JSON, with its confusion matrix.
func (t *tester) Test(ctx context.Context, tr trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error) {
	t.open.Do(func() { t.view, t.err = t.sealed.Open("the finalists and baselines are chosen and trained") })
	if t.err != nil {
		return nil, nil, t.err
	}
	score, err := t.trainer.Test(ctx, tr, r, t.view)
	if err != nil {
		return nil, nil, err
	}
	details, err := json.Marshal(score)
	if err != nil {
		return nil, nil, err
	}
	return trial.NewMetrics(
		trial.Metric{Name: train.Accuracy, Value: score.Accuracy()},
		trial.Metric{Name: train.Loss, Value: score.Loss},
	), details, nil
}
