package store

import (
	"encoding/json"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// Event is something that happened in a study. Body is what happened, and the same in every run of the study; the other
// fields say where and when, and are not.
type Event struct {
	Seq     int64         // 1, 2, 3… in the journal; 0 before it is appended
	At      time.Time     // when it happened, UTC, to the microsecond; results keep the time of their arrival
	Elapsed time.Duration // active time of the study until then, pauses left out, to the microsecond
	Body    Body
}

// Body is one of the kinds of events: StudyStarted, StageOpened, TrialProposed, TrialFinished, StageClosed,
// TestOpened, TrialTested, StudyEnded. The set is closed.
type Body interface {
	// Kind is the name of the kind in a journal, as "trial-finished".
	Kind() string
	sealed()
}

// StudyStarted is the first event of every journal. It holds the whole study file and, beside it, the values that readers of
// a journal need to judge results, so that they need not understand study files.
type StudyStarted struct {
	Name        string            `json:"name"`
	Version     string            `json:"version"`         // of Trellis
	Study       string            `json:"study,omitempty"` // the text of the study file; empty for a study made in Go
	Space       string            `json:"space"`           // name of the space
	SpaceHash   string            `json:"space_hash"`
	SpaceFile   string            `json:"space_file,omitempty"` // the text of the space file, where the study file refers to one
	Files       []File            `json:"files,omitempty"`      // the other files that the study file refers to, in its order
	Data        Dataset           `json:"data,omitzero"`        // zero where no data set is known, as for tables
	Seed        uint64            `json:"seed,string"`
	Stages      []string          `json:"stages"`            // their names, in their order
	Metrics     trial.MetricInfos `json:"metrics,omitempty"` // what the evaluators of all stages report
	Objectives  trial.Objectives  `json:"objectives"`
	Constraints trial.Constraints `json:"constraints,omitempty"`
	Rates       trial.Rates       `json:"rates,omitzero"`
	Prior       []PriorStudy      `json:"prior,omitempty"` // what the strategies observed before they proposed anything
}

// Names of the stages of a study that names none of its own.
const (
	Search    = "search"    // proposed by the strategy, judged on the validation split
	Finalists = "finalists" // the best of the search, trained again alone and from scratch
	Baselines = "baselines" // named hand-designed networks, trained with the settings of the finalists
)

// StageOpened says that a stage begins, and how. Stages are opened in their order.
type StageOpened struct {
	Stage     string         `json:"stage"`
	Source    string         `json:"source"`              // of its trials, for people, as "strategy evolution" or "best 3 of search"
	Evaluator string         `json:"evaluator,omitempty"` // its kind, as "train"
	Resource  trial.Resource `json:"resource,omitzero"`
	Fidelity  trial.Fidelity `json:"fidelity"`        // of trials that ask for no other
	Window    int            `json:"window"`          // proposal i was asked after results 0…i−window of the stage
	Trials    int            `json:"trials,omitzero"` // at most so many trials; 0: no such limit
	// Objectives of the stage, where they are not those of the study.
	Objectives trial.Objectives `json:"objectives,omitempty"`
	Chosen     []trial.ID       `json:"chosen,omitempty"` // the trials of earlier stages whose architectures are tried again, best first
	Rule       string           `json:"rule,omitempty"`   // by which they were chosen
}

// StageClosed says that no more trials of a stage will be proposed, and why. Those under way are still finished.
type StageClosed struct {
	Stage  string `json:"stage"`
	Reason Reason `json:"reason"`
	Trials int    `json:"trials"` // proposed by then
}

// PriorStudy holds what an earlier study found out about architectures of this one's space. They are no trials of this study.
type PriorStudy struct {
	Study    string         `json:"study"`    // its name
	Fidelity trial.Fidelity `json:"fidelity"` // of the results
	Resource string         `json:"resource,omitempty"`
	Trials   int            `json:"trials"`  // how many of its search trials had a result
	Results  []trial.Result `json:"results"` // of those that are of this space; Result.Trial is the number there
}

// File is the text of a file that a study file refers to.
type File struct {
	Path string `json:"path"` // relative to the study file, with forward slashes
	Text string `json:"text"`
}

// Dataset says what was learned from, as far as the networks and the figures depend on it.
type Dataset struct {
	Hash       string   `json:"hash"`    // of the images and labels to train and validate on
	Input      string   `json:"input"`   // shape of a sample, as "28x28x1"
	Classes    []string `json:"classes"` // in the order of their labels
	Train      int      `json:"train"`   // samples
	Validation int      `json:"validation"`
	Test       int      `json:"test"` // sealed
}

// TrialProposed says that a trial is to be evaluated. Trials are proposed in the order of their IDs.
type TrialProposed struct {
	Trial  trial.Trial `json:"trial"`
	Key    trial.Key   `json:"key,omitzero"` // of the strategy's proposal; 0 where no strategy proposed it
	Origin string      `json:"origin"`       // how it came about, as "random", "mutation", "finalist", "baseline"
	// Parents are the trials it derives from. A finalist has one: the trial whose architecture it trains again.
	Parents []trial.ID `json:"parents,omitempty"`
}

// TrialFinished holds the result of a trial. Within a stage results stand in the order of their trials, which is
// the order in which the strategy observed them.
type TrialFinished struct {
	Result trial.Result
}

// Reason says why a stage was closed.
type Reason string

// The reasons to close a stage.
const (
	TrialLimit    Reason = "trials"    // the number of trials that the study allows
	WallLimit     Reason = "wall-time" // the active time it allows
	MACLimit      Reason = "macs"      // the multiply-accumulates of training it allows
	ResourceLimit Reason = "resource"  // the amount of the evaluator's resource it allows, as epochs
	Exhausted     Reason = "exhausted" // the source has nothing more to propose
)

// TestOpened says that the sealed test set is opened, which happens once. It names every trial that will be tested,
// so that none is chosen with knowledge of the test set.
type TestOpened struct {
	Trials []trial.ID `json:"trials"`
}

// TrialTested holds the figures of one trial on the test set.
type TrialTested struct {
	Trial   trial.ID      `json:"trial"`
	Metrics trial.Metrics `json:"metrics"`
	// Detail is what else the test said, such as a confusion matrix, for reports; nothing in this package reads it.
	Detail json.RawMessage `json:"detail,omitempty"`
}

// StudyEnded is the last event of a complete study.
type StudyEnded struct{}

func (StudyStarted) Kind() string  { return "study-started" }
func (TrialProposed) Kind() string { return "trial-proposed" }
func (TrialFinished) Kind() string { return "trial-finished" }
func (StageOpened) Kind() string   { return "stage-opened" }
func (StageClosed) Kind() string   { return "stage-closed" }
func (TestOpened) Kind() string    { return "test-opened" }
func (TrialTested) Kind() string   { return "trial-tested" }
func (StudyEnded) Kind() string    { return "study-ended" }

func (StudyStarted) sealed()  {}
func (TrialProposed) sealed() {}
func (TrialFinished) sealed() {}
func (StageOpened) sealed()   {}
func (StageClosed) sealed()   {}
func (TestOpened) sealed()    {}
func (TrialTested) sealed()   {}
func (StudyEnded) sealed()    {}
