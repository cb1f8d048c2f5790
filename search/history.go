package search

import (
	"iter"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// observation is an architecture that a strategy has proposed or observed, with its result.
type observation struct {
	arch   space.Arch
	key    trial.Key // of its proposal; 0 for a result that was not asked for, which is never named as a parent
	status status
	// objectives are minimised. Those of a pending observation are what a model expects, nil if none does; a failed one has none.
	objectives []float64
	violation  float64        // of all constraints together
	excess     []float64      // of each constraint: how far the metric is beyond the bound; expected where objectives are
	point      *predict.Point // the encoding, once a model has asked for it
}

type status uint8

const (
	pending   status = iota // proposed, without a result yet
	succeeded               // observed, with all objectives
	failed                  // observed: the trial failed, or lacks an objective
)

// feasible reports whether an observation succeeded and keeps the constraints.
func (o *observation) feasible() bool { return o.status == succeeded && o.violation == 0 }

// history is all that a strategy knows of its problem: its observations, each at the place where it first came up. A strategy
// whose model takes proposals under way into account adds them with propose; for others an observation begins with its result.
type history struct {
	problem Problem
	all     []observation
	pending map[trial.Key]int  // places of what is under way
	latest  map[space.Arch]int // places of the latest results; a success is not replaced by a failure
	results int                // observations with a result
	success int                // those that succeeded
	archs   int                // different architectures that succeeded
}

func newHistory(p Problem) history {
	return history{problem: p, pending: map[trial.Key]int{}, latest: map[space.Arch]int{}}
}

// propose adds a proposal under way, with what is expected of it, if anything.
func (h *history) propose(o observation) {
	o.status = pending
	h.pending[o.key] = len(h.all)
	h.all = append(h.all, o)
}

// tell adds the result of a proposal and returns its place.
func (h *history) tell(r trial.Result) int {
	at, underWay := h.pending[r.Key]
	if !underWay {
		return h.add(r, r.Key)
	}
	delete(h.pending, r.Key)
	h.settle(at, r)
	return at
}

// observe adds a result that was not asked for, whatever its key is, and returns its place.
func (h *history) observe(r trial.Result) int { return h.add(r, 0) }

func (h *history) add(r trial.Result, key trial.Key) int {
	at := len(h.all)
	h.all = append(h.all, observation{key: key})
	h.settle(at, r)
	return at
}

func (h *history) settle(at int, r trial.Result) {
	o := &h.all[at]
	o.arch, o.status, o.violation, o.excess = r.Arch, failed, 0, nil
	before, met := h.latest[r.Arch]
	succeededBefore := met && h.all[before].status == succeeded
	h.results++
	var ok bool
	if o.objectives, ok = h.problem.Objectives.Vector(r); ok {
		o.status = succeeded
		o.violation = h.problem.Constraints.Violation(r.Metrics)
		for _, c := range h.problem.Constraints {
			o.excess = append(o.excess, excessOf(c, r.Metrics))
		}
		h.success++
		if !succeededBefore {
			h.archs++
		}
	}
	if ok || !succeededBefore {
		h.latest[r.Arch] = at
	}
}

// excessOf returns how far a metric is beyond the bound of a constraint; it is negative where the constraint is kept.
func excessOf(c trial.Constraint, ms trial.Metrics) float64 {
	x, ok := ms.Get(c.Metric)
	switch {
	case !ok:
		return math.Inf(1)
	case c.AtLeast:
		return c.Bound - x
	}
	return x - c.Bound
}

// tellAll adds the results of proposals one by one, and yields those that succeeded.
func (h *history) tellAll(results []trial.Result) iter.Seq[observation] {
	return h.adding(results, h.tell)
}

// observeAll adds results that were not asked for one by one, takes their architectures from what is left, and yields those that succeeded.
func (h *history) observeAll(left *unproposed, results []trial.Result) iter.Seq[observation] {
	return h.adding(results, func(r trial.Result) int {
		left.exclude(r.Arch)
		return h.observe(r)
	})
}

func (h *history) adding(results []trial.Result, add func(trial.Result) int) iter.Seq[observation] {
	return func(yield func(observation) bool) {
		wanted := true
		for _, r := range results {
			at := add(r)
			if wanted && h.all[at].status == succeeded {
				wanted = yield(h.all[at])
			}
		}
	}
}

// successOf returns the latest successful observation of an architecture.
func (h *history) successOf(a space.Arch) (observation, bool) {
	at, met := h.latest[a]
	if !met || h.all[at].status != succeeded {
		return observation{}, false
	}
	return h.all[at], true
}

// parents returns the keys of observations, those that were not asked for left out.
func parents(of ...observation) []trial.Key {
	var keys []trial.Key
	for _, o := range of {
		if o.key != 0 {
			keys = append(keys, o.key)
		}
	}
	return keys
}

// front returns the places of the non-dominated feasible observations.
func (h *history) front() []int {
	var places []int
	var points [][]float64
	for i := range h.all {
		if o := &h.all[i]; o.feasible() {
			places, points = append(places, i), append(points, o.objectives)
		}
	}
	front := pareto.Front(points)
	for i, f := range front {
		front[i] = places[f]
	}
	return front
}

// extendsFront reports whether the observation at a place is feasible and no other one dominates or equals it.
func (h *history) extendsFront(at int) bool {
	own := &h.all[at]
	if !own.feasible() {
		return false
	}
	for i := range h.all {
		o := &h.all[i]
		if i != at && o.feasible() && (pareto.Dominates(o.objectives, own.objectives) || slices.Equal(o.objectives, own.objectives)) {
			return false
		}
	}
	return true
}
