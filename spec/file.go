package spec

import (
	"time"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Format is the version of the study file's format that this package reads.
const Format = 1

// File is a study file as it was read, with every default filled in.
type File struct {
	Name string // of the study: letters, digits, - and _
	Seed uint64
	Text string // the file itself, byte for byte

	Data        Data
	Objectives  trial.Objectives
	Targets     []Target // of the objectives after the first: the study is for their scalarization; none: for the front
	Limits      []Bound  // kept exactly, before the search
	MemoryLimit int      // bytes that what is within the limits may hold, counted; 0: the lattice's default
	Constraints trial.Constraints
	Evaluation  Evaluation // of trials
	Repeats     int        // evaluations of each trial of the search, with other seeds, whose mean counts
	Stages      []Stage    // of the search, at least one
	Window      int        // proposal i is asked after results 0…i−Window were observed
	Finalists   Finalists
	Baselines   []Baseline
	Rates       trial.Rates
	From        []string // run folders of earlier studies whose results the strategy observes, beside those of the file

	path       string
	spaceText  string             // of the space file, as a journal holds it; empty: the file itself is read
	kept       []store.File       // the other files that the study refers to, as a journal holds them
	begun      bool               // the file is of a journal
	prior      []store.PriorStudy // which has this
	costFiles  []strict.Value     // the paths of cost files
	warm       []strict.Value     // the run folders of earlier studies
	wanted     []strict.Value     // where the metrics of the objectives stand
	evaluation strict.Value
	finalists  strict.Value
	needsData  bool
	space      strict.Value // read when the data is known, for a space takes its shape and classes from there
	doc        *strict.Doc
}

// Data says what to learn.
type Data struct {
	Kind       data.Kind
	Path       string // of the folder, as written; empty for glyphs
	Options    data.Options
	Train      int // at most so many training samples; 0: all
	Validation int // so many validation samples; 0: the default share
	at         strict.Value
	folder     strict.Value // where Path stands
}

// StopConditions say when a stage stops: at whichever comes first. 0 is no limit.
type StopConditions struct {
	Trials int
	Amount int64         // of the evaluator's resource, as epochs, all trials together
	MACs   int64         // multiply-accumulates of training
	Wall   time.Duration // active time
}

// Finalists says how the best are evaluated again.
type Finalists struct {
	Count      int
	Spread     bool // along the front, instead of its best end
	Repeats    int  // evaluations of each, with other seeds
	Evaluation Evaluation
}

// Baseline is a hand-designed network to compare with.
type Baseline struct {
	Name string
	at   strict.Value
}
