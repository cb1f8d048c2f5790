package trial

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Status says whether a trial gave its metrics.
type Status string

// A trial is OK or it Failed; there is no third.
const (
	OK     Status = "ok"
	Failed Status = "failed"
)

// Point is one point of a learning curve.
type Point struct {
	Epoch   int     `json:"epoch"` // complete epochs, from 1
	Metrics Metrics `json:"metrics"`
}

// Artifact is a file that a trial left behind, such as its weights.
type Artifact struct {
	Name string `json:"name"` // what it is, as "weights"
	// Path is relative to the folder of the study with forward slashes, so that a study can be moved.
	Path string `json:"path"`
}

// Result is what came out of a trial.
type Result struct {
	Trial  ID         `json:"trial"`
	Arch   space.Arch `json:"arch"`
	Status Status     `json:"status"`
	Reason string     `json:"reason,omitempty"` // why it failed; empty when OK
	// Metrics are the final figures: quality on the validation split, and costs. A failed trial may have some.
	Metrics   Metrics    `json:"metrics,omitempty"`
	Curve     []Point    `json:"curve,omitempty"`
	Spent     Spent      `json:"spent"`
	Artifacts []Artifact `json:"artifacts,omitempty"` // ordered by name
}

// Fail returns the failed result of a trial.
func Fail(t Trial, reason string) Result {
	return Result{Trial: t.ID, Arch: t.Arch, Status: Failed, Reason: reason}
}

// Artifact returns the path of the named artifact and whether there is one.
func (r Result) Artifact(name string) (path string, ok bool) {
	for _, a := range r.Artifacts {
		if a.Name == name {
			return a.Path, true
		}
	}
	return "", false
}

// Settled returns the result as a journal holds it: it belongs to trial t, and every number in it is finite.
// A result with a metric that is not finite becomes a failed one that says so; the metrics that are finite stay. A curve
// ends before its first point that is not finite, which then is the reason unless the trial already failed.
func (r Result) Settled(t Trial) Result {
	r.Trial, r.Arch = t.ID, t.Arch
	for i, p := range r.Curve {
		if m, bad := p.Metrics.NotFinite(); bad {
			r.Curve = slices.Clip(r.Curve[:i])
			r = r.failedBecause(fmt.Sprintf("diverged: %s was %v after epoch %d", m.Name, m.Value, p.Epoch))
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
