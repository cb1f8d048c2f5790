package study

import (
	"sync"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Observer watches a study, for progress bars and logs. Its methods are called from several goroutines but never two at a
// time, and hold up the study while they run.
type Observer interface {
	// Recorded is called for every event of the journal in order, when it is durable. replayed says that the journal held
	// it when the study was resumed.
	Recorded(e store.Event, replayed bool)
	// Began is called when a worker begins with a trial, between its TrialProposed and its TrialFinished, or before both
	// when the proposal is not durable yet.
	Began(t trial.Trial)
	// Progressed is called when an evaluator reports.
	Progressed(t trial.Trial, p trial.Progress)
}

// nobody observes nothing.
type nobody struct{}

func (nobody) Recorded(store.Event, bool)             {}
func (nobody) Began(trial.Trial)                      {}
func (nobody) Progressed(trial.Trial, trial.Progress) {}

// oneByOne keeps the calls of an observer apart.
type oneByOne struct {
	mu sync.Mutex
	to Observer
}

func (o *oneByOne) Recorded(e store.Event, replayed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to.Recorded(e, replayed)
}

func (o *oneByOne) Began(t trial.Trial) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to.Began(t)
}

func (o *oneByOne) Progressed(t trial.Trial, p trial.Progress) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to.Progressed(t, p)
}
