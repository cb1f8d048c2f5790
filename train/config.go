package train

import (
	"fmt"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Config is what an Evaluator is made of.
type Config struct {
	// Data holds the images to train on and those to validate on; the test set is never seen here.
	Data data.Training

	// Settings say how every network is trained. Their epochs are the full amount of a trial: the schedule of the learning rate is laid over all of them,
	// and a trial of fewer is the beginning of the full one.
	Settings Settings

	// Build returns the network of a trial that brings none of its own. It must depend on the trial alone and be safe
	// for concurrent use. An error fails the trial. It may be nil when every trial brings its network.
	Build func(trial.Trial) (*network.Graph, error)

	// Threads is how many threads one trial trains on; 0 reads as 1. Results do not depend on it. On small networks
	// two trials at a time get more done than one trial on two threads.
	Threads int

	// Artifacts keeps the weights and checkpoints that trials leave behind. Nil keeps none, and then
	// there is nothing to test and nothing to go on from.
	Artifacts store.Artifacts
}

func (c Config) check() error {
	if c.Data.Train.Len() == 0 || c.Data.Validation.Len() == 0 {
		return fmt.Errorf("training needs images to train on and to validate on, and has %d and %d", c.Data.Train.Len(), c.Data.Validation.Len())
	}
	if c.Threads < 0 {
		return fmt.Errorf("a trial on %d threads is impossible: want 1 or more, or 0 for 1", c.Threads)
	}
	return c.Settings.Check()
}
