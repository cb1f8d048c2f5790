package store

import (
	"cmp"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/trial"
)

// Of returns the entries of a phase, in the order of their IDs.
func (h *History) Of(phase trial.Phase) []Entry {
	var out []Entry
	for _, e := range h.Entries {
		if e.Trial.Phase == phase {
			out = append(out, e)
		}
	}
	return out
}

// Placed is an entry with its place.
type Placed struct {
	Entry
	// Rank is the number of its front among all that keep the constraints: 0 for the front itself.
	Rank int
	// Violation is by how much it breaks the constraints: 0 if it keeps them. Rank means nothing otherwise.
	Violation float64
}

// Leaderboard orders the entries of a phase that are OK, best first: by violation of the constraints, then by front, then
// by the objectives in their order, then by ID. With one objective that is the order of its values.
func (h *History) Leaderboard(phase trial.Phase) []Placed {
	return Rank(h.Of(phase), h.Started.Objectives, h.Started.Constraints)
}

// Rank orders entries that are OK as Leaderboard does; the others are left out.
func Rank(entries []Entry, objectives trial.Objectives, constraints trial.Constraints) []Placed {
	type candidate struct {
		Placed
		vector []float64
	}
	var all []candidate
	for _, e := range entries {
		if !e.Finished {
			continue
		}
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

// Front returns the entries of a phase that keep the constraints and that nothing of the phase dominates, best in the first
// objective first.
func (h *History) Front(phase trial.Phase) []Entry {
	var out []Entry
	for _, p := range h.Leaderboard(phase) {
		if p.Violation == 0 && p.Rank == 0 {
			out = append(out, p.Entry)
		}
	}
	return out
}
