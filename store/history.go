package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// Entry is all that a journal says of one trial.
type Entry struct {
	Trial   trial.Trial
	Key     trial.Key
	Origin  string
	Parents []trial.ID
	// Finished says that there is a result. Until then Result, At and Elapsed are zero.
	Finished bool
	Result   trial.Result
	At       time.Time     // when the result arrived
	Elapsed  time.Duration // active time of the study until then
	// Test holds the figures on the sealed test set, and is nil for a trial that was not tested.
	Test trial.Metrics
	// TestDetail is what else the test said, if anything; see TrialTested.
	TestDetail json.RawMessage
}

// OK reports whether the trial finished and did not fail.
func (e Entry) OK() bool { return e.Finished && e.Result.Status == trial.OK }

// History is the fold of all events: everything a journal says, in the shape in which it is asked for. All
// other views are derived from it. The zero value is the history before the first event.
type History struct {
	Started    StudyStarted
	StartedAt  time.Time
	Entries    []Entry // by ID: Entries[i].Trial.ID is i
	Stages     []Stage // that were opened, in their order
	TestOpened bool
	Tested     []trial.ID // the trials the test set was opened for
	Ended      bool
	Elapsed    time.Duration // active time of the study until the last event
	Last       int64         // Seq of the last event
}

// Stage is what a journal says of a stage.
type Stage struct {
	StageOpened
	Closed Reason // why it was closed, and empty before
}

// Stage returns the stage of a name, and false if it was not opened.
func (h *History) Stage(name string) (Stage, bool) {
	for _, s := range h.Stages {
		if s.Stage == name {
			return s, true
		}
	}
	return Stage{}, false
}

// SearchStage returns the name of the last stage of the search: the last one before the finalists and baselines. It is the stage that finalists are
// chosen from.
func (h *History) SearchStage() string {
	for i := len(h.Started.Stages) - 1; i >= 0; i-- {
		if s := h.Started.Stages[i]; s != Finalists && s != Baselines {
			return s
		}
	}
	return Search
}

// Closed returns why the search was closed: the reason of its last stage, and empty before.
func (h *History) Closed() Reason {
	s, _ := h.Stage(h.SearchStage())
	return s.Closed
}

// Metric returns what is known of a metric: at least its name.
func (h *History) Metric(name string) trial.MetricInfo { return h.Started.Metrics.Of(name) }

// Load folds the events of a journal.
func Load(ctx context.Context, j Journal) (*History, error) {
	var h History
	for e, err := range j.Events(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if err := h.Apply(e); err != nil {
			return nil, err
		}
	}
	return &h, nil
}

// Apply takes in the next event. It is an error that is ErrDamaged if the event cannot follow those before; the history is
// unchanged then.
func (h *History) Apply(e Event) error {
	if err := h.follows(e); err != nil {
		return fmt.Errorf("the journal is %w: event %d (%s) cannot stand where it does: %w", ErrDamaged, e.Seq, e.Body.Kind(), err)
	}
	switch b := e.Body.(type) {
	case StudyStarted:
		h.Started, h.StartedAt = b, e.At
	case TrialProposed:
		h.Entries = append(h.Entries, Entry{Trial: b.Trial, Key: b.Key, Origin: b.Origin, Parents: b.Parents})
	case TrialFinished:
		entry := &h.Entries[b.Result.Trial]
		entry.Finished, entry.Result = true, b.Result
		entry.At, entry.Elapsed = e.At, e.Elapsed
	case StageOpened:
		h.Stages = append(h.Stages, Stage{StageOpened: b})
	case StageClosed:
		for i := range h.Stages {
			if h.Stages[i].Stage == b.Stage {
				h.Stages[i].Closed = b.Reason
			}
		}
	case TestOpened:
		h.TestOpened, h.Tested = true, b.Trials
	case TrialTested:
		entry := &h.Entries[b.Trial]
		entry.Test, entry.TestDetail = b.Metrics, b.Detail
		if entry.Test == nil {
			entry.Test = trial.Metrics{}
		}
	case StudyEnded:
		h.Ended = true
	}
	h.Last = e.Seq
	h.Elapsed = max(h.Elapsed, e.Elapsed)
	return nil
}

// follows says what keeps an event from being the next.
func (h *History) follows(e Event) error {
	_, first := e.Body.(StudyStarted)
	switch {
	case e.Seq != h.Last+1:
		return fmt.Errorf("it comes after event %d", h.Last)
	case first != (h.Last == 0):
		return fmt.Errorf("a journal has one start, its first event")
	case h.Ended:
		return fmt.Errorf("the study had ended")
	}
	switch b := e.Body.(type) {
	case StudyStarted:
		return b.Objectives.Check()
	case TrialProposed:
		if err := h.entries(b.Parents); err != nil {
			return err
		}
		if int(b.Trial.ID) != len(h.Entries) {
			return fmt.Errorf("trial %d is proposed after %d trials", b.Trial.ID, len(h.Entries))
		}
		switch stage, opened := h.Stage(b.Trial.Stage); {
		case !opened:
			return fmt.Errorf("its stage %q was not opened", b.Trial.Stage)
		case stage.Closed != "":
			return fmt.Errorf("its stage %q was closed", b.Trial.Stage)
		}
		if from := b.Trial.From; from != nil {
			entry, err := h.entry(from.Trial)
			if err != nil {
				return err
			}
			if !entry.OK() {
				return fmt.Errorf("it goes on from trial %d, which has no result to go on from", from.Trial)
			}
		}
	case TrialFinished:
		entry, err := h.entry(b.Result.Trial)
		if err != nil {
			return err
		}
		if entry.Finished {
			return fmt.Errorf("trial %d finished before", b.Result.Trial)
		}
	case StageOpened:
		if _, again := h.Stage(b.Stage); again {
			return fmt.Errorf("stage %q was opened before", b.Stage)
		}
		return h.entries(b.Chosen)
	case StageClosed:
		switch stage, opened := h.Stage(b.Stage); {
		case !opened:
			return fmt.Errorf("stage %q was not opened", b.Stage)
		case stage.Closed != "":
			return fmt.Errorf("stage %q was closed before", b.Stage)
		}
	case TestOpened:
		if h.TestOpened {
			return fmt.Errorf("the test set was opened before")
		}
		return h.entries(b.Trials)
	case TrialTested:
		entry, err := h.entry(b.Trial)
		switch {
		case err != nil:
			return err
		case !h.TestOpened:
			return fmt.Errorf("the test set is sealed")
		case entry.Test != nil:
			return fmt.Errorf("trial %d was tested before", b.Trial)
		}
	}
	return nil
}

func (h *History) entry(id trial.ID) (Entry, error) {
	if id < 0 || int(id) >= len(h.Entries) {
		return Entry{}, fmt.Errorf("there is no trial %d", id)
	}
	return h.Entries[id], nil
}

func (h *History) entries(ids []trial.ID) error {
	for _, id := range ids {
		if _, err := h.entry(id); err != nil {
			return err
		}
	}
	return nil
}
