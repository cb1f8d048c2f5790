package train

import (
	"fmt"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/trial"
)

// Config is what an Evaluator is made of.
type Config struct {
	// Data holds the images to train on and those to validate on; the test set is never seen here.
	Data data.Training

	// Search, Finalist and Baseline are the settings of the trials of each phase.
	Search, Finalist, Baseline Settings

	// Build returns the network of a trial that brings none of its own. It must depend on the trial alone and be safe
	// for concurrent use. An error fails the trial. It may be nil when every trial brings its network.
	Build func(trial.Trial) (*network.Graph, error)

	// Threads is how many threads one trial trains on; 0 reads as 1. Results do not depend on it. On small networks
	// two trials at a time get more done than one trial on two threads.
	Threads int

	// Folder is the folder of the study, in which finalists and baselines leave their weights. Empty keeps none, and then
	// there is nothing to test.
	Folder string
}

func (c Config) check() error {
	if c.Data.Train.Len() == 0 || c.Data.Validation.Len() == 0 {
		return fmt.Errorf("training needs images to train on and to validate on, and has %d and %d", c.Data.Train.Len(), c.Data.Validation.Len())
	}
	if c.Threads < 0 {
		return fmt.Errorf("a trial on %d threads is impossible: want 1 or more, or 0 for 1", c.Threads)
	}
	for _, phase := range []trial.Phase{trial.Search, trial.Finalist, trial.Baseline} {
		if err := c.settings(phase).Check(); err != nil {
			return fmt.Errorf("settings of the %s trials: %w", phase, err)
		}
	}
	return nil
}

func (c Config) settings(phase trial.Phase) Settings {
	switch phase {
	case trial.Finalist:
		return c.Finalist
	case trial.Baseline:
		return c.Baseline
	}
	return c.Search
}
