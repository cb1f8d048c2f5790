package store

import (
	"slices"
	"time"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/trial"
)

// Step is the state of a stage after one more result.
type Step struct {
	Trial   trial.ID
	Elapsed time.Duration // active time until that result arrived
	Spent   trial.Spent   // of the stage until then
	// Best is the entry that is best in the first objective so far, of those that keep the constraints; BestValue is
	// its value, as reported. Found is false while there is none.
	Best      trial.ID
	BestValue float64
	Found     bool
	// Hypervolume that the front so far dominates, bounded by the worst value of every objective among all results that keep
	// the constraints, as a share of the box from there to the best values. In [0, 1]; 0 for a box without volume.
	Hypervolume float64
}

// Trajectory returns a step for every finished trial of a stage, in the order of their results. Best and Hypervolume are of the results at the highest
// fidelity that the stage reached.
func (h *History) Trajectory(stage string) []Step {
	points := map[trial.ID][]float64{}
	var best, worst []float64
	for _, e := range h.Full(stage) {
		v, ok := h.feasible(stage, e)
		if !ok {
			continue
		}
		points[e.Trial.ID] = v
		if best == nil {
			best, worst = slices.Clone(v), slices.Clone(v)
		}
		for i, x := range v {
			best[i], worst[i] = min(best[i], x), max(worst[i], x)
		}
	}
	var box float64
	if best != nil {
		box = pareto.Hypervolume([][]float64{best}, worst)
	}

	var steps []Step
	var now Step
	var front [][]float64
	for _, e := range h.Of(stage) {
		if !e.Finished {
			continue
		}
		now.Trial, now.Elapsed = e.Trial.ID, max(now.Elapsed, e.Elapsed)
		now.Spent = now.Spent.Plus(e.Result.Spent)
		if v, ok := points[e.Trial.ID]; ok {
			first := h.Objectives(stage)[0]
			x, _ := e.Result.Metrics.Get(first.Metric)
			if !now.Found || (first.Maximise && x > now.BestValue) || (!first.Maximise && x < now.BestValue) {
				now.Best, now.BestValue, now.Found = e.Trial.ID, x, true
			}
			if !slices.ContainsFunc(front, func(f []float64) bool { return pareto.Dominates(f, v) }) {
				front = append(slices.DeleteFunc(front, func(f []float64) bool { return pareto.Dominates(v, f) }), v)
				if box > 0 {
					now.Hypervolume = min(1, pareto.Hypervolume(front, worst)/box)
				}
			}
		}
		steps = append(steps, now)
	}
	return steps
}

// feasible returns the objectives of an entry that is OK and keeps the constraints.
func (h *History) feasible(stage string, e Entry) ([]float64, bool) {
	if !e.Finished || !h.Constraints(stage).Kept(e.Result.Metrics) {
		return nil, false
	}
	return h.Objectives(stage).Vector(e.Result)
}
