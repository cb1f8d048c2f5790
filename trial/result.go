package trial

import (
	"errors"
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Status says what became of a trial.
type Status string

const (
	// OK means that the trial gave its metrics.
	OK Status = "ok"
	// Failed means that the trial went wrong by itself: it diverged, it cannot be built, it ran out of its time. That says
	// something about the architecture.
	Failed Status = "failed"
	// Preempted means that the trial was taken off its machine before it ended. It says nothing about the architecture: the trial is
	// evaluated again, and no journal holds this status.
	Preempted Status = "preempted"
)

// BrokenError is the error of an evaluator whose machine is at fault: a worker that died, a full disk, a program that speaks no
// protocol. The trial may succeed elsewhere or later.
type BrokenError struct {
	Worker string // where it happened; empty: here
	Err    error
}

// Error names the worker and the cause.
func (e *BrokenError) Error() string {
	if e.Worker == "" {
		return e.Err.Error()
	}
	return e.Worker + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *BrokenError) Unwrap() error { return e.Err }

// ErrUnrepeatable is wrapped by errors that another attempt would meet again, such as a mistake in a configuration.
var ErrUnrepeatable = errors.New("trying again is of no use")

// Point is one point of a learning curve.
type Point struct {
	Amount  int     `json:"amount"` // of the evaluator's resource that was spent by then, as complete epochs, from 1
	Metrics Metrics `json:"metrics"`
}

// Result is what came out of a trial.
type Result struct {
	Trial ID `json:"trial"`
	// Key is that of the proposal, for the strategy that made it. The driver fills it in; a journal has it with the proposal.
	Key  Key        `json:"-"`
	Arch space.Arch `json:"arch"` // that was tried
	// Derived is the architecture that the trial found, where finding one is what it does (DARTS, a supernet); nil elsewhere.
	Derived  *space.Arch `json:"derived,omitempty"`
	Fidelity Fidelity    `json:"fidelity"` // that was reached
	Status   Status      `json:"status"`
	Reason   string      `json:"reason,omitempty"`  // why it failed; empty when OK
	Stopped  *Stop       `json:"stopped,omitempty"` // why it ended before its amount; nil: it did not
	// Metrics are the final figures: quality on the validation split, and costs. A failed trial may have some.
	Metrics   Metrics    `json:"metrics,omitempty"`
	Curve     []Point    `json:"curve,omitempty"`
	Spent     Spent      `json:"spent"`
	Artifacts []Artifact `json:"artifacts,omitempty"` // ordered by name
	// Worker did the work; Attempt counts the evaluations that it took, from 1. Both differ from run to run, and journals keep them beside
	// the content.
	Worker  string `json:"-"`
	Attempt int    `json:"-"`
}

// Fail returns the failed result of a trial.
func Fail(t Trial, reason string) Result {
	return Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: Failed, Reason: reason}
}

// Artifact returns the named artifact and whether there is one.
func (r Result) Artifact(name string) (Artifact, bool) {
	i := slices.IndexFunc(r.Artifacts, func(a Artifact) bool { return a.Name == name })
	if i < 0 {
		return Artifact{}, false
	}
	return r.Artifacts[i], true
}

// Best returns the architecture that the trial recommends: what it derived, or what it tried.
func (r Result) Best() space.Arch {
	if r.Derived != nil {
		return *r.Derived
	}
	return r.Arch
}

// Settled returns the result as a journal holds it: it belongs to trial t, and every number in it is finite. A result that does not say which
// fidelity it reached has reached that of its trial. A result with a metric that is not finite becomes a failed one that says so; the metrics that are
// finite stay. A curve ends before its first point that is not finite, which then is the reason unless the trial already failed.
func (r Result) Settled(t Trial) Result {
	r.Trial, r.Arch = t.ID, t.Arch
	r.Fidelity = r.Fidelity.Or(t.Fidelity)
	for i, p := range r.Curve {
		if m, bad := p.Metrics.NotFinite(); bad {
			r.Curve = slices.Clip(r.Curve[:i])
			r = r.failedBecause(fmt.Sprintf("diverged: %s was %v at %d", m.Name, m.Value, p.Amount))
			break
		}
	}
	if m, bad := r.Metrics.NotFinite(); bad {
		r = r.failedBecause(fmt.Sprintf("diverged: %s was %v", m.Name, m.Value))
		for ; bad; m, bad = r.Metrics.NotFinite() {
			r.Metrics = r.Metrics.Without(m.Name)
		}
	}
	return r
}

func (r Result) failedBecause(reason string) Result {
	if r.Status != Failed {
		r.Status, r.Reason = Failed, reason
	}
	return r
}
