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
	Machine string        // where a trial was evaluated, or empty
	Body    Body
}

// Body is one of the kinds of events: StudyStarted, TrialProposed, TrialFinished, SearchClosed, FinalistsChosen,
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
	Version     string            `json:"version"` // of Trellis
	Study       string            `json:"study"`   // the text of the study file
	Space       string            `json:"space"`   // name of the space
	SpaceHash   string            `json:"space_hash"`
	SpaceFile   string            `json:"space_file,omitempty"` // the text of the space file, where the study file refers to one
	Files       []File            `json:"files,omitempty"`      // the other files that the study file refers to, in its order
	Units       map[string]string `json:"units,omitempty"`      // of the metrics of cost files
	Data        Dataset           `json:"data"`
	Seed        uint64            `json:"seed,string"`
	Window      int               `json:"window"`          // proposal i was asked after results 0…i−window
	Trials      int               `json:"trials,omitzero"` // at most so many search trials; 0: no such limit
	Objectives  trial.Objectives  `json:"objectives"`
	Constraints trial.Constraints `json:"constraints,omitempty"`
	Price       trial.Price       `json:"price,omitzero"`
	Known       []Known           `json:"known,omitempty"` // what the strategy was told before it proposed anything
}

// Known holds what an earlier study found out about architectures of this one's space. They are no trials of this study.
type Known struct {
	Study   string         `json:"study"`   // its name
	Epochs  int            `json:"epochs"`  // that its search trials were trained for
	Trials  int            `json:"trials"`  // how many of them had a result
	Results []trial.Result `json:"results"` // of those that are of this space; Result.Trial is the number there
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
	Origin string      `json:"origin"` // how it came about, as "random", "mutation", "finalist", "baseline"
	// Parents are the search trials it derives from. A finalist has one: the trial whose architecture it trains again.
	Parents []trial.ID `json:"parents,omitempty"`
}

// TrialFinished holds the result of a trial. Within a phase results stand in the order of their trials, which is
// the order in which the strategy heard them.
type TrialFinished struct {
	Result trial.Result
}

// SearchClosed says that no more search trials will be proposed. Those under way are still finished.
type SearchClosed struct {
	Reason Reason `json:"reason"`
	Trials int    `json:"trials"` // proposed by then
}

// Reason says why a search was closed.
type Reason string

// The reasons to close a search.
const (
	TrialLimit Reason = "trials"    // the number of trials that the study file allows
	WallLimit  Reason = "wall-time" // the active time it allows
	MACLimit   Reason = "macs"      // the multiply-accumulates of training it allows
	EpochLimit Reason = "epochs"    // the trained epochs it allows
	Exhausted  Reason = "exhausted" // the strategy has nothing more to propose
)

// FinalistsChosen names the search trials whose architectures are trained again, best first. It may be empty.
type FinalistsChosen struct {
	Trials []trial.ID `json:"trials"`
}

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

func (StudyStarted) Kind() string    { return "study-started" }
func (TrialProposed) Kind() string   { return "trial-proposed" }
func (TrialFinished) Kind() string   { return "trial-finished" }
func (SearchClosed) Kind() string    { return "search-closed" }
func (FinalistsChosen) Kind() string { return "finalists-chosen" }
func (TestOpened) Kind() string      { return "test-opened" }
func (TrialTested) Kind() string     { return "trial-tested" }
func (StudyEnded) Kind() string      { return "study-ended" }

func (StudyStarted) sealed()    {}
func (TrialProposed) sealed()   {}
func (TrialFinished) sealed()   {}
func (SearchClosed) sealed()    {}
func (FinalistsChosen) sealed() {}
func (TestOpened) sealed()      {}
func (TrialTested) sealed()     {}
func (StudyEnded) sealed()      {}
