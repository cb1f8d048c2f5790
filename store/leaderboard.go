package store

import (
	"cmp"
	"maps"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/trial"
)

// Of returns the entries of a stage, in the order of their IDs.
func (h *History) Of(stage string) []Entry {
	var out []Entry
	for _, e := range h.Entries {
		if e.Trial.Stage == stage {
			out = append(out, e)
		}
	}
	return out
}

// Fidelities returns the fidelities that OK entries of a stage reached, the highest first.
func (h *History) Fidelities(stage string) []trial.Fidelity {
	var out []trial.Fidelity
	for _, e := range h.Of(stage) {
		if e.OK() && !slices.Contains(out, e.Result.Fidelity) {
			out = append(out, e.Result.Fidelity)
		}
	}
	slices.SortFunc(out, func(f, g trial.Fidelity) int { return g.Compare(f) })
	return out
}

// Full returns the entries of a stage that are OK and reached the highest fidelity that any of them reached: those that can be compared with
// each other.
func (h *History) Full(stage string) []Entry {
	reached := h.Fidelities(stage)
	var out []Entry
	for _, e := range h.Of(stage) {
		if e.OK() && e.Result.Fidelity == reached[0] {
			out = append(out, e)
		}
	}
	return out
}

// Placed is an entry with its place.
type Placed struct {
	Entry
	// Rank is the number of its front among all of its fidelity that keep the constraints: 0 for the front itself.
	Rank int
	// Violation is by how much it breaks the constraints: 0 if it keeps them. Rank means nothing otherwise.
	Violation float64
}

// Leaderboard orders the entries of a stage that are OK, best first: the highest fidelity before the lower ones, for results are
// comparable within a fidelity only; within one by violation of the constraints, then by front, then by the objectives in their order, then by ID.
// With one objective that is the order of its values.
func (h *History) Leaderboard(stage string) []Placed {
	return Rank(h.Of(stage), h.Objectives(stage), h.Constraints(stage))
}

// Objectives returns what a stage is judged by: its own objectives, or those of the study.
func (h *History) Objectives(stage string) trial.Objectives {
	if s, ok := h.Stage(stage); ok && len(s.Objectives) > 0 {
		return s.Objectives
	}
	return h.Started.Objectives
}

// Constraints returns the constraints of a stage: none if it has objectives of its own, and otherwise those of the study.
func (h *History) Constraints(stage string) trial.Constraints {
	if s, ok := h.Stage(stage); ok && len(s.Objectives) > 0 {
		return nil
	}
	return h.Started.Constraints
}

// Rank orders entries that are OK as Leaderboard does; the others are left out.
func Rank(entries []Entry, objectives trial.Objectives, constraints trial.Constraints) []Placed {
	levels := map[trial.Fidelity][]Entry{}
	for _, e := range entries {
		if e.Finished {
			levels[e.Result.Fidelity] = append(levels[e.Result.Fidelity], e)
		}
	}
	order := slices.SortedFunc(maps.Keys(levels), func(f, g trial.Fidelity) int { return g.Compare(f) })
	var out []Placed
	for _, f := range order {
		out = append(out, rankWithin(levels[f], objectives, constraints)...)
	}
	return out
}

// rankWithin ranks finished entries of one fidelity.
func rankWithin(entries []Entry, objectives trial.Objectives, constraints trial.Constraints) []Placed {
	type candidate struct {
		Placed
		vector []float64
	}
	var all []candidate
	for _, e := range entries {
		if v, ok := objectives.Vector(e.Result); ok {
			all = append(all, candidate{Placed{Entry: e, Violation: constraints.Violation(e.Result.Metrics)}, v})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.Violation, b.Violation) })
	var vectors [][]float64
	for _, c := range all {
		if c.Violation == 0 {
			vectors = append(vectors, c.vector)
		}
	}
	for i, rank := range pareto.Ranks(vectors) {
		all[i].Rank = rank
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.Violation, b.Violation),
			cmp.Compare(a.Rank, b.Rank),
			slices.Compare(a.vector, b.vector),
			cmp.Compare(a.Trial.ID, b.Trial.ID),
		)
	})
	out := make([]Placed, len(all))
	for i, c := range all {
		out[i] = c.Placed
	}
	return out
}

// Front returns the entries of a stage at its highest fidelity that keep the constraints and that nothing of them dominates, best in the first
// objective first.
func (h *History) Front(stage string) []Entry {
	var out []Entry
	for _, p := range Rank(h.Full(stage), h.Objectives(stage), h.Constraints(stage)) {
		if p.Violation == 0 && p.Rank == 0 {
			out = append(out, p.Entry)
		}
	}
	return out
}
