package study

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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
	// Files are the other files that Text refers to; kept in the journal.
	Files []store.File
	// Metrics describes metrics beside those that the evaluators describe.
	Metrics trial.MetricInfos
	// Prior is what earlier studies found out. The strategies, which must be search.WarmStarters, observe it before they are asked anything.
	Prior []store.PriorStudy
	Data  store.Dataset
	Seed  uint64

	Objectives  trial.Objectives
	Constraints trial.Constraints // on measured metrics
	Stages      []Stage           // in their order, at least one
	// Tester opens the sealed test set; without one it stays sealed.
	Tester Tester
	Rates  trial.Rates

	// Workers is how many trials are evaluated at a time; 0 means the largest window, more is the same. It decides nothing.
	Workers  int
	Journal  store.Journal
	Observer Observer         // nil: nobody watches
	Worker   string           // names this machine in the journal; decides nothing
	Clock    func() time.Time // nil: time.Now; decides nothing but the wall-time limit
	Pause    time.Duration    // between two attempts at a trial, doubled each time; 0 means a second
}

// Tester measures a trained network on the sealed test set. A study calls it at most once for a trial whose figures the
// journal holds.
type Tester interface {
	// Test returns the figures of a trial. The result's artifacts tell where its weights are. Figures
	// that are not finite are left out of the journal. detail may hold more as JSON, for reports, or be nil. An error
	// means that testing is broken.
	Test(ctx context.Context, t trial.Trial, r trial.Result) (figures trial.Metrics, detail json.RawMessage, err error)
}

// check fills in defaults and says what is missing.
func (c *Config) check() error {
	switch {
	case c.Space == nil:
		return fmt.Errorf("a study needs a space")
	case c.Journal == nil:
		return fmt.Errorf("a study needs a journal")
	case len(c.Stages) == 0:
		return fmt.Errorf("a study needs at least one stage")
	case c.Workers < 0:
		return fmt.Errorf("a study on %d workers is impossible", c.Workers)
	}
	if err := c.Objectives.Check(); err != nil {
		return err
	}
	widest := 1
	var metrics trial.MetricInfos
	c.Stages = slices.Clone(c.Stages) // theirs stay as they are
	for i := range c.Stages {
		s := &c.Stages[i]
		if err := s.check(); err != nil {
			return fmt.Errorf("stage %d (%s): %w", i+1, s.Name, err)
		}
		if s.Concurrent {
			if i == 0 {
				return fmt.Errorf("stage 1 (%s): it is opened together with the one before it, and there is none", s.Name)
			}
			s.Window = c.Stages[i-1].Window
		}
		for _, earlier := range c.Stages[:i] {
			if earlier.Name == s.Name {
				return fmt.Errorf("two stages are named %s", s.Name)
			}
		}
		if source, ok := s.Source.(checked); ok {
			closed, open := c.before(i)
			if err := source.check(closed, open, c.Prior); err != nil {
				return fmt.Errorf("stage %s: %w", s.Name, err)
			}
		}
		var err error
		if metrics, err = metrics.With(trial.Describe(s.Evaluator).Metrics...); err != nil {
			return fmt.Errorf("stage %s: %w", s.Name, err)
		}
		widest = max(widest, s.Window)
	}
	var err error
	if c.Metrics, err = metrics.With(c.Metrics...); err != nil {
		return err
	}
	if c.Workers == 0 || c.Workers > widest {
		c.Workers = widest
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Pause == 0 {
		c.Pause = time.Second
	}
	return nil
}

// before returns the names of the stages that are closed when the i-th is opened, and of those that are opened together with it, before it.
func (c *Config) before(i int) (closed, open []string) {
	first := i
	for first > 0 && c.Stages[first].Concurrent {
		first--
	}
	for k, s := range c.Stages[:i] {
		if k < first {
			closed = append(closed, s.Name)
		} else {
			open = append(open, s.Name)
		}
	}
	return closed, open
}

// resumed reports whether a later stage may go on from the checkpoints of trials of a stage at a fidelity.
func (c *Config) resumed(stage string, f trial.Fidelity) bool {
	return slices.ContainsFunc(c.Stages, func(later Stage) bool {
		b, ok := later.Source.(BestOf)
		return ok && b.Resume && b.Stage == stage && f.Before(later.Fidelity)
	})
}

// window is the largest window of the stages.
func (c *Config) window() int {
	widest := 1
	for _, s := range c.Stages {
		widest = max(widest, s.Window)
	}
	return widest
}
