package multifidelity

import (
	"cmp"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/trial"
)

// class says how far an evaluation came. Lower is better.
type class int

const (
	completed class = iota
	stopped         // early, by a stopping rule
	failed          // or without one of the objectives
)

// quality is what a result is worth on its rung.
type quality struct {
	class     class
	violation float64   // of the constraints
	vector    []float64 // objectives, or one number made of them; minimised
}

func (h *history) qualityOf(r trial.Result, asked trial.Fidelity) quality {
	vector, ok := h.problem.Objectives.Vector(r)
	if ok && h.config.Scalarization != nil {
		values := make([]float64, len(vector))
		for i, o := range h.problem.Objectives {
			values[i], _ = r.Metrics.Get(o.Metric)
		}
		x := h.config.Scalarization(values)
		vector, ok = []float64{-x}, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	if !ok {
		return quality{class: failed}
	}
	q := quality{vector: vector, violation: h.problem.Constraints.Violation(r.Metrics)}
	if r.Stopped != nil || r.Fidelity.Or(asked).Amount < asked.Amount {
		q.class = stopped
	}
	return q
}

// compare orders evaluations of one rung without regard to the others there: by class, then by violation, then by the objective if there is only
// one, then by age.
func compare(a, b *evaluation) int {
	c := cmp.Or(cmp.Compare(a.quality.class, b.quality.class), cmp.Compare(a.quality.violation, b.quality.violation))
	if c == 0 && len(a.quality.vector) == 1 && len(b.quality.vector) == 1 {
		c = cmp.Compare(a.quality.vector[0], b.quality.vector[0])
	}
	return cmp.Or(c, cmp.Compare(a.serial, b.serial))
}

// ranked returns evaluations of one rung that have results, best first. Of those that are completed and feasible, with several objectives, that is by
// non-domination rank, then by crowding distance (Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002).
func ranked(all []*evaluation) []*evaluation {
	out := slices.Clone(all)
	slices.SortFunc(out, compare)
	n := 0
	for n < len(out) && out[n].quality.class == completed && out[n].quality.violation == 0 && len(out[n].quality.vector) > 1 {
		n++
	}
	if n == 0 {
		return out
	}
	points := make([][]float64, n)
	for i, e := range out[:n] {
		points[i] = e.quality.vector
	}
	best := make([]*evaluation, 0, n)
	for _, front := range pareto.Sort(points) {
		vectors := make([][]float64, len(front))
		for i, p := range front {
			vectors[i] = points[p]
		}
		crowding := pareto.Crowding(vectors)
		order := make([]int, len(front))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(crowding[j], crowding[i]) })
		for _, i := range order {
			best = append(best, out[front[i]])
		}
	}
	copy(out, best)
	return out
}

// board holds the evaluations of a rung that have results, ranked.
type board struct {
	all   []*evaluation
	stale bool // all is not in order
}

// add keeps a rung of one objective in order, at the cost of a search; one of several is ordered when it is looked at.
func (b *board) add(e *evaluation) {
	if len(e.quality.vector) > 1 {
		b.all, b.stale = append(b.all, e), true
		return
	}
	at, _ := slices.BinarySearchFunc(b.all, e, compare)
	if b.stale {
		at = len(b.all)
	}
	b.all = slices.Insert(b.all, at, e)
}

func (b *board) ranked() []*evaluation {
	if b.stale {
		b.all, b.stale = ranked(b.all), false
	}
	return b.all
}
