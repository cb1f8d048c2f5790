package study

import (
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Stage is a part of a study: trials of one source, judged by one evaluator. Stages follow each other; what a later one does may depend on the results
// of those before.
type Stage struct {
	Name      string // letters, digits, - and _; unique in the study
	Source    Source
	Evaluator trial.Evaluator
	// Fidelity is that of trials whose source asks for no other; zero: the full amount of the evaluator's resource, without reductions.
	Fidelity trial.Fidelity
	// Window is W of the window rule; 0 means 1. It decides what is proposed.
	Window int
	Stop   StopConditions
	// Concurrent opens the stage together with the one before it, whose window it takes over: its first trials are proposed while the last ones of the
	// other are under way. Its source then cannot depend on the other's results.
	Concurrent bool
	Keep       bool // the trained networks are left as artifacts
	Test       bool // its trials are measured on the sealed test set at the end of the study
	// Checkpoints has trials below the stage's amount leave the state from which a promoted one goes on. Trials that a later stage may take up with
	// BestOf.Resume leave it in any case.
	Checkpoints bool
	// Objectives of the stage, where they are not those of the study: the figures of a proxy, for example. Constraints then do not apply to it.
	Objectives trial.Objectives
	// Attempts is how often a trial is evaluated before an error of its evaluator ends the study; 0 means 1. Between two attempts is a pause.
	Attempts int
}

// StopConditions are the limits of a stage; 0 is no limit. Without any the stage goes on until its source has nothing more to propose.
type StopConditions struct {
	Trials int           // proposed
	Wall   time.Duration // active time since the stage was opened
	MACs   int64         // multiply-accumulates of training, summed over observed results
	Amount int           // of the evaluator's resource, as trained epochs, summed over observed results
}

// Source gives the trials of a stage.
type Source interface {
	// Open is called once, when the stage is opened, with what happened before. It must depend on the history and the opening alone.
	Open(h *store.History, o Opening) (Feed, Choice, error)
	// String says for people what the source is, as "strategy evolution" or "best 3 of search".
	String() string
}

// checked is an optional ability of a Source: it says before the study begins what Open would say later, given the names of the stages that are
// closed before it and of those that are open at the same time.
type checked interface {
	check(closed, open []string, prior []store.PriorStudy) error
}

// Opening is what a source knows of its stage.
type Opening struct {
	Stage    string
	Fidelity trial.Fidelity // of trials whose source asks for no other
	Seed     uint64         // of the study
	Prior    []store.PriorStudy
}

// Choice says which trials of earlier stages a source takes up, best first, and by which rule.
type Choice struct {
	Trials []trial.ID
	Rule   string
}

// Feed gives trials one by one.
type Feed interface {
	// Next returns the next candidate, or Wait or Done.
	Next(id trial.ID) (Candidate, search.State, error)
	// Tell hands over the results of candidates, in their order.
	Tell(trial.Result)
}

// Candidate is a trial as its source knows it. The study numbers it, and fills in what is zero.
type Candidate struct {
	Trial   trial.Trial
	Key     trial.Key
	Origin  string
	Parents []trial.ID
}

// check fills in defaults and says what is missing.
func (s *Stage) check() error {
	switch {
	case s.Name == "":
		return fmt.Errorf("it has no name")
	case s.Source == nil:
		return fmt.Errorf("it has no source of trials")
	case s.Evaluator == nil:
		return fmt.Errorf("it has no evaluator")
	case s.Window < 0 || s.Attempts < 0:
		return fmt.Errorf("a window of %d and %d attempts are impossible", s.Window, s.Attempts)
	case s.Stop.Trials < 0 || s.Stop.Wall < 0 || s.Stop.MACs < 0 || s.Stop.Amount < 0:
		return fmt.Errorf("its limits cannot be negative: %+v", s.Stop)
	}
	if len(s.Objectives) > 0 {
		if err := s.Objectives.Check(); err != nil {
			return err
		}
	}
	s.Window, s.Attempts = max(1, s.Window), max(1, s.Attempts)
	resource := trial.Describe(s.Evaluator).Resource
	s.Fidelity = s.Fidelity.Or(trial.Full(max(1, resource.Full)))
	return s.Fidelity.Check()
}

// opened is a stage that is under way.
type opened struct {
	*Stage
	feed      Feed
	evaluator trial.Evaluator
	since     time.Duration // active time of the study at its opening
	asked     int
	spent     trial.Spent // by observed results
}

// limit returns the reason to ask no more, if there is one. Whether the wall-time limit was met is for the journal to say
// as long as it goes, since the clock would answer differently each time.
func (o *opened) limit(s *Study) store.Reason {
	stop := o.Stop
	switch {
	case stop.Trials > 0 && o.asked >= stop.Trials:
		return store.TrialLimit
	case stop.MACs > 0 && o.spent.MACs >= stop.MACs:
		return store.MACLimit
	case stop.Amount > 0 && o.spent.Amount >= stop.Amount:
		return store.ResourceLimit
	}
	if then, replaying := s.log.next(); replaying {
		if closed, ok := then.Body.(store.StageClosed); ok && closed.Stage == o.Name && closed.Reason == store.WallLimit {
			return store.WallLimit
		}
		return ""
	}
	if _, elapsed := s.now(); stop.Wall > 0 && elapsed-o.since >= stop.Wall {
		return store.WallLimit
	}
	return ""
}
