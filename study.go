package trellis

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/strategy"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// Study says what to search and how. What is left at its zero has a default; a Space, Objectives, and Evaluate or Evaluator are needed. A
// Study is a value: it may be run any number of times, each time with a fresh strategy.
type Study struct {
	Name        string            // in the journal; "study" if empty
	Space       *space.Space      // what may be built
	Limits      []Limit           // kept exactly: the strategy never proposes what breaks them
	Objectives  Objectives        // the most important first
	Constraints trial.Constraints // on metrics that are known only after the trial

	// Evaluate says how good a network is: the same for the same candidate, whose Seed is for what is random. It is called by several goroutines at a
	// time where Workers says so. An error fails the trial, and the search goes on; a *trial.BrokenError, a panic, and a metric that the study needs
	// and is not there, end the study, which can be resumed. Figures that are not finite fail the trial. The costs of the network (params, macs, memory,
	// and depth and counts of options where the study is about them) are added.
	Evaluate func(context.Context, Candidate) (Metrics, error)
	// Evaluator stands in the place of Evaluate and can do more: report progress, go on from checkpoints, describe its metrics.
	Evaluator trial.Evaluator

	// Strategy is a name of the catalogue, with settings as "evolution:population=50"; "auto" if empty. NewStrategy, where it is given, makes the
	// strategy instead. It must return a fresh one each time.
	Strategy    string
	NewStrategy func(Problem) (Strategy, error)

	Trials   int    // of a stage with the strategy that sets no limit itself; 0: until the strategy has nothing more to propose
	Parallel int    // W: proposal i is asked after results 0…i−W; 0 means 1. It decides what is proposed.
	Workers  int    // trials evaluated at a time; 0 means Parallel. It decides nothing.
	Seed     uint64 // of every random decision
	Journal  string // address for store.Open, as "sqlite:PATH" or a path; "memory:" if empty

	// Stages are what the study goes through; if empty, one stage of the name "search". A stage without a source has the strategy of the study, made
	// for the objectives of the stage; one without an evaluator has that of the study; one without a window has Parallel.
	Stages []study.Stage

	// Config holds what few studies made in Go need: a tester, rates, the observer, prior studies, an open journal. What is said above goes before it.
	Config study.Config
}

// Limit bounds a cost that follows from the architecture alone: params, macs, memory, depth, or a count of options.
type Limit = lattice.Limit

// AtMost limits a cost from above: AtMost("macs", 1e6).
func AtMost(metric string, n int64) Limit { return lattice.AtMost(lattice.Metric(metric), n) }

// AtLeast limits a cost from below.
func AtLeast(metric string, n int64) Limit { return lattice.AtLeast(lattice.Metric(metric), n) }

// Maximise and Minimise name objectives.
func Maximise(metric string) trial.Objective { return trial.Objective{Metric: metric, Maximise: true} }

// Minimise names an objective to make as small as possible.
func Minimise(metric string) trial.Objective { return trial.Objective{Metric: metric} }

// Names that a program with its own evaluator or strategy needs, so that it need not import the packages they come from.
type (
	// Strategy decides what to try next.
	Strategy = search.Strategy
	// Problem is what a strategy is made for.
	Problem = search.Problem
	// Basis is what a strategy may be built on: see [NewBasis].
	Basis = search.Basis
	// Proposal is what a strategy asks for.
	Proposal = trial.Proposal
	// Key is the name that a strategy gives to a proposal: 1 or more, and none twice.
	Key = trial.Key
	// Result is what it observes.
	Result = trial.Result
	// State says whether asking again makes sense.
	State = search.State
	// Objectives are those of a study.
	Objectives = trial.Objectives
	// Shape is the height, width and channels of what a network is given, as space.New needs it.
	Shape = network.Shape
)

// The states of a strategy.
const (
	Ready = search.Ready
	Wait  = search.Wait
	Done  = search.Done
)

// NewBasis returns the basis of a strategy for a problem. Embedded in a type it leaves Ask to be written: see [search.Basis].
func NewBasis(p Problem) *Basis { return search.NewBasis(p) }

// Run runs the study to its end, or goes on with it if its journal has begun. The history is what the journal holds at the end, and is there after
// an error too, unless the journal cannot be read. When ctx is cancelled Run ends soon with ctx.Err(); a study whose journal is a file is
// continued by running it again.
func (s Study) Run(ctx context.Context) (*History, error) {
	return s.run(ctx, store.Ensure)
}

// Resume is Run for a study that must have begun: its journal must be there.
func (s Study) Resume(ctx context.Context) (*History, error) {
	return s.run(ctx, store.Write)
}

func (s Study) run(ctx context.Context, mode store.Mode) (h *History, err error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	if c.Journal == nil {
		checked := c
		checked.Journal = store.Discard{}
		if _, err := study.New(checked); err != nil {
			return nil, err // before there is a file
		}
		if c.Journal, err = store.Open(ctx, cmp.Or(s.Journal, "memory:"), mode); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, c.Journal.Close()) }()
	}
	run, err := study.New(c)
	if err != nil {
		return nil, err
	}
	events, err := run.Run(ctx)
	if events == nil {
		return nil, err
	}
	return &History{events, c.Space}, err
}

// config returns the configuration that the study stands for.
func (s Study) config() (study.Config, error) {
	s = s.merged()
	c := s.Config
	if err := s.check(); err != nil {
		return c, err
	}
	c.Name, c.Space, c.Objectives, c.Constraints, c.Seed, c.Workers = s.Name, s.Space, s.Objectives, s.Constraints, s.Seed, s.Workers
	if c.SpaceHash == "" {
		c.SpaceHash = HashOf(c.Space)
	}
	c.Stages = slices.Clone(s.Stages)
	if len(c.Stages) == 0 {
		c.Stages = []study.Stage{{Name: store.Search}}
	}
	wanted := len(latticeCosts(s.metrics())) > 0
	incomplete := func(x study.Stage) bool {
		return x.Source == nil || x.Evaluator == nil || wanted && !costs(x.Evaluator)
	}
	if !slices.ContainsFunc(c.Stages, incomplete) { // a plan of a study file: its lattice is compiled already
		return c, s.unused("every stage has a source of its own")
	}
	m, err := s.model()
	if err != nil {
		return c, err
	}
	searched := false
	for i := range c.Stages {
		x := &c.Stages[i]
		if x.Evaluator == nil {
			x.Evaluator = s.evaluator()
		}
		if x.Evaluator == nil {
			return c, errors.New("a study needs an evaluator: set Evaluate or Evaluator")
		}
		if !costs(x.Evaluator) {
			x.Evaluator = m.costs.Added(x.Evaluator)
		}
		if x.Window == 0 {
			x.Window = s.Parallel
		}
		if x.Source != nil {
			continue
		}
		searched = true
		problem := m.problem(s, *x)
		problem.Seed = study.StrategySeed(s.Seed, i)
		if x.Source, err = s.source(problem); err != nil {
			return c, err
		}
		if x.Stop == (study.StopConditions{}) {
			x.Stop.Trials = s.Trials
		}
	}
	if !searched {
		return c, s.unused("every stage has a source of its own")
	}
	return c, nil
}

// merged returns the study with what only its Config says.
func (s Study) merged() Study {
	c := s.Config
	s.Name = cmp.Or(s.Name, c.Name, "study")
	s.Seed = cmp.Or(s.Seed, c.Seed)
	s.Workers = cmp.Or(s.Workers, c.Workers)
	s.Space = cmp.Or(s.Space, c.Space)
	if len(s.Objectives) == 0 {
		s.Objectives = c.Objectives
	}
	if len(s.Constraints) == 0 {
		s.Constraints = c.Constraints
	}
	s.Stages = slices.Concat(c.Stages, s.Stages)
	return s
}

// check says what is wrong with the study by itself.
func (s Study) check() error {
	switch {
	case s.Space == nil:
		return errNoSpace
	case s.Evaluate != nil && s.Evaluator != nil:
		return errors.New("a study has one evaluator, and both Evaluate and Evaluator are given")
	case s.NewStrategy != nil && s.Strategy != "":
		return fmt.Errorf("a study has one strategy, and both NewStrategy and Strategy (%q) are given", s.Strategy)
	case s.Journal != "" && s.Config.Journal != nil:
		return fmt.Errorf("a study has one journal, and an open one is given beside %q", s.Journal)
	case s.Trials < 0 || s.Parallel < 0 || s.Workers < 0:
		return fmt.Errorf("%d trials, %d in parallel, on %d workers are impossible: none may be negative", s.Trials, s.Parallel, s.Workers)
	}
	return s.Objectives.Check()
}

var errNoSpace = errors.New("a study needs a space")

// unused reports settings of the strategy that no stage would heed.
func (s Study) unused(because string) error {
	for _, x := range []struct {
		name  string
		given bool
	}{
		{"Strategy", s.Strategy != ""}, {"NewStrategy", s.NewStrategy != nil}, {"Trials", s.Trials > 0}, {"Limits", len(s.Limits) > 0},
	} {
		if x.given {
			return fmt.Errorf("%s is given for the strategy of the study, and no stage uses it: %s", x.name, because)
		}
	}
	return nil
}

// evaluator returns the evaluator of the study, or nil if it has none.
func (s Study) evaluator() trial.Evaluator {
	if s.Evaluate != nil {
		return function{s.Space, s.Evaluate}
	}
	return s.Evaluator
}

// Problem returns what strategies of the study are made for: the architectures within its limits, exactly counted, and its objectives. The error
// is a *lattice.InfeasibleError, with the tightest limit that can be met, where nothing is within the limits.
func (s Study) Problem() (Problem, error) {
	s = s.merged()
	if s.Space == nil {
		return Problem{}, errNoSpace
	}
	m, err := s.model()
	if err != nil {
		return Problem{}, err
	}
	return m.problem(s, study.Stage{}), nil
}

// model is the compiled space of a study.
type model struct {
	region *lattice.CountedRegion
	costs  Costs
}

// model compiles the space within the limits. The costs are those that the study or one of its stages is about.
func (s Study) model() (model, error) {
	compiled, err := lattice.Compile(s.Space)
	if err != nil {
		return model{}, err
	}
	region, err := compiled.Within(s.Limits...)
	if err != nil {
		return model{}, err
	}
	costs, err := CostsOf(compiled, s.metrics())
	return model{region, costs}, err
}

// metrics returns the names of the metrics that the study and its stages are about.
func (s Study) metrics() []string {
	names := known(s.Objectives, s.Constraints)
	for _, stage := range s.Stages {
		names = append(names, known(stage.Objectives, nil)...)
	}
	return names
}

// problem returns what the strategy of a stage is made for.
func (m model) problem(s Study, stage study.Stage) Problem {
	p := Problem{Region: m.region, Objectives: s.Objectives, Constraints: s.Constraints, Seed: s.Seed, Exact: m.costs.Exact()}
	if len(stage.Objectives) > 0 {
		p.Objectives, p.Constraints = stage.Objectives, nil
	}
	return p
}

// source returns the source of a stage with the strategy of the study.
func (s Study) source(p Problem) (study.Source, error) {
	if s.NewStrategy != nil {
		made, err := s.NewStrategy(p)
		if err != nil {
			return nil, err
		}
		if made == nil {
			return nil, errors.New("NewStrategy returned no strategy and no error")
		}
		return study.FromStrategy("of the program", made), nil
	}
	chosen, err := strategy.Parse(cmp.Or(s.Strategy, strategy.Default))
	if err != nil {
		return nil, err
	}
	made, err := chosen.New(p)
	if err != nil {
		return nil, err
	}
	return study.FromStrategy(chosen.String(), made), nil
}

// HashOf tells spaces apart that mean something else, whatever they are written like: it is of the text that the tree is
// written back to, with built-in spaces and definitions spelt out, the input and the classes.
func HashOf(s *space.Space) string {
	sum := sha256.Sum256([]byte(s.YAML()))
	return hex.EncodeToString(sum[:])
}
