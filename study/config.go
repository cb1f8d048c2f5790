package study

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Config is everything a study is made of.
type Config struct {
	Name      string
	Version   string // of Trellis; a study may be resumed by another version, if that proposes the same
	Text      string // the study file, kept verbatim in the journal
	Space     *space.Space
	SpaceHash string // changes when the meaning of the space file does; kept in the journal
	SpaceFile string // the text of the space file, if Text refers to one; kept in the journal
	// Files are the other files that Text refers to, and Units those of metrics that are not a study's usual ones; kept in the journal.
	Files []store.File
	Units map[string]string
	// Known is what earlier studies found out. The strategy, which must be a search.Seeded, is told of it before it is asked anything.
	Known []store.Known
	Data  store.Dataset
	Seed  uint64

	Objectives  trial.Objectives
	Constraints trial.Constraints // on measured metrics

	// Strategy must be fresh: a study asks it everything from the beginning, on resume too.
	Strategy  search.Strategy
	Evaluator trial.Evaluator
	// Window is W of the window rule; 0 means 1. It decides what is proposed.
	Window int
	// Workers is how many trials are evaluated at a time; 0 means Window, more than Window is the same. It decides nothing.
	Workers int
	Stop    Stop

	Finalists Finalists
	Baselines []Baseline
	// Tester opens the sealed test set; without one it stays sealed.
	Tester Tester
	Price  trial.Price

	Journal  store.Journal
	Observer Observer         // nil: nobody watches
	Machine  string           // names this machine in the journal; decides nothing
	Clock    func() time.Time // nil: time.Now; decides nothing but the wall-time limit
}

// Stop holds the limits of the search; 0 is no limit. Without any the search goes on until the space is exhausted.
type Stop struct {
	Trials int           // search trials proposed
	Wall   time.Duration // active time of the study
	MACs   int64         // multiply-accumulates of training, summed over told search trials
	Epochs int           // trained epochs, summed over told search trials
}

// Finalists says how the best of the search are trained again, alone and from scratch.
type Finalists struct {
	Count int // how many architectures; 0: none
	// Spread takes finalists evenly along the front, its ends included, in the order of the first objective. Otherwise they are the
	// best in the first objective: of the front, and when that is too short, of the next fronts.
	Spread bool
	// Value, where it is given, says what a result is worth, the more the better, and false for nothing; the best are then those of the
	// greatest value, of equals the earlier trial.
	Value  func(trial.Result) (float64, bool)
	Budget trial.Budget // of finalists and baselines
	// Repeats is how often each finalist and baseline is trained, each time with another seed; 0 means 1. The k-th
	// repeats of all of them share their seed.
	Repeats int
	// Evaluator trains finalists and baselines; nil means Config.Evaluator.
	Evaluator trial.Evaluator
}

// Baseline is a hand-designed network to compare with, trained with the budget and the seeds of the finalists.
type Baseline struct {
	Name    string
	Network *network.Graph
}

// Tester measures a trained network on the sealed test set. A study calls it at most once for a trial whose figures the
// journal holds.
type Tester interface {
	// Test returns the figures of a finalist or baseline. The result's artifacts tell where its weights are. Figures
	// that are not finite are left out of the journal. detail may hold more as JSON, for reports, or be nil. An error
	// means that testing is broken.
	Test(ctx context.Context, t trial.Trial, r trial.Result) (figures trial.Metrics, detail json.RawMessage, err error)
}

// check fills in defaults and says what is missing.
func (c *Config) check() error {
	switch {
	case c.Space == nil:
		return fmt.Errorf("a study needs a space")
	case c.Strategy == nil:
		return fmt.Errorf("a study needs a strategy")
	case c.Evaluator == nil:
		return fmt.Errorf("a study needs an evaluator")
	case c.Journal == nil:
		return fmt.Errorf("a study needs a journal")
	case c.Window < 0 || c.Workers < 0:
		return fmt.Errorf("a study needs a window and workers of at least 1, not %d and %d", c.Window, c.Workers)
	case c.Stop.Trials < 0 || c.Stop.Wall < 0 || c.Stop.MACs < 0 || c.Stop.Epochs < 0:
		return fmt.Errorf("the limits of a study cannot be negative: %+v", c.Stop)
	case c.Finalists.Count < 0 || c.Finalists.Repeats < 0:
		return fmt.Errorf("a study cannot have %d finalists trained %d times", c.Finalists.Count, c.Finalists.Repeats)
	}
	if _, ok := c.Strategy.(search.Seeded); !ok && len(c.Known) > 0 {
		return fmt.Errorf("the strategy cannot learn from the results of other studies")
	}
	if err := c.Objectives.Check(); err != nil {
		return err
	}
	for i, b := range c.Baselines {
		if b.Name == "" || b.Network == nil {
			return fmt.Errorf("baseline %d needs a name and a network", i+1)
		}
		for _, earlier := range c.Baselines[:i] {
			if earlier.Name == b.Name {
				return fmt.Errorf("two baselines are named %s", b.Name)
			}
		}
	}
	c.Window = max(1, c.Window)
	if c.Workers == 0 || c.Workers > c.Window {
		c.Workers = c.Window
	}
	c.Finalists.Repeats = max(1, c.Finalists.Repeats)
	if c.Finalists.Evaluator == nil {
		c.Finalists.Evaluator = c.Evaluator
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return nil
}
