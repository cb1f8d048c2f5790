package search

import (
	"iter"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// member is a successful result as a population sees it.
type member struct {
	id        trial.ID
	arch      space.Arch
	vector    []float64 // objectives, minimised
	violation float64
	known     bool // of no proposal of this study, so never named as a parent
}

// memberOf returns the member of a result, or false if it failed or lacks an objective.
func memberOf(p Problem, r trial.Result) (member, bool) {
	vector, ok := p.Objectives.Vector(r)
	if !ok {
		return member{}, false
	}
	return member{id: r.Trial, arch: r.Arch, vector: vector, violation: p.Constraints.Violation(r.Metrics)}, true
}

// successful yields the members of results in their order; those that failed or lack an objective have none.
func successful(p Problem, results []trial.Result) iter.Seq[member] {
	return func(yield func(member) bool) {
		for _, r := range results {
			if m, ok := memberOf(p, r); ok && !yield(m) {
				return
			}
		}
	}
}

// beforehand takes results that are known already from what is left, and yields their members as successful does.
func beforehand(p Problem, left *undiscovered, results []trial.Result) iter.Seq[member] {
	for _, r := range results {
		left.know(r.Arch)
	}
	return func(yield func(member) bool) {
		for m := range successful(p, results) {
			m.known = true
			if !yield(m) {
				return
			}
		}
	}
}

// parents returns the trials of members, those that are known from elsewhere left out.
func parents(of ...member) []trial.ID {
	var ids []trial.ID
	for _, m := range of {
		if !m.known {
			ids = append(ids, m.id)
		}
	}
	return ids
}
