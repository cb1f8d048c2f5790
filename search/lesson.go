package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Lesson is an architecture and what a policy is to think of it.
type Lesson struct {
	Arch   space.Arch
	Reward float64 // see Experience
}

// Experience is what a policy learns from: what is known so far, and which of it the policy has drawn since it learnt last.
//
// The reward of an architecture is that of its place among the known ones, or the latest yardstick of them: with q the share that is better, half
// of those equal and half of itself counted as better, it is −log q − 1, which has mean 0 and deviation 1 however the objectives are
// scaled or skewed, and says more about the best than about the worst (the exponential scores of Savage, 1956; utilities by rank are
// those of Wierstra et al., "Natural evolution strategies", 2014, and Ollivier et al., "Information-geometric optimization", 2017). What
// breaks constraints stands behind what keeps them; with several objectives the places are those by fronts and crowding of NSGA-II. A failed trial, or one
// that lacks an objective, stands behind all others.
type Experience struct {
	problem Problem
	of      map[space.Arch]int // place in results
	results []member
	drawn   []int // places
	since   int   // place of the first result that is not forgotten
	best    int   // place of the first of the best results, by the first objective
}

// NewExperience returns the experience of a problem, of which nothing is known.
func NewExperience(p Problem) *Experience {
	return &Experience{problem: p, of: map[space.Arch]int{}}
}

// yardstick is how many of the latest results decide what a place is worth: enough to tell a good one from the best, and few enough that placing
// them costs less than training.
const yardstick = 500

// Known returns all lessons, or the latest of many, in the order in which they were told.
func (e *Experience) Known() []Lesson {
	from := max(e.since, len(e.results)-yardstick)
	rewards := e.rewards(e.results[from:])
	out := make([]Lesson, len(rewards))
	for i, r := range rewards {
		out[i] = Lesson{e.results[from+i].arch, r}
	}
	return out
}

// Drawn returns a lesson for each draw of the policy since it learnt last, and again for each time that it drew what it knew.
func (e *Experience) Drawn() []Lesson {
	from := max(e.since, len(e.results)-yardstick)
	pool := slices.Clone(e.results[from:])
	at := make([]int, len(e.drawn))
	for i, place := range e.drawn {
		at[i] = place - from
		if place < from {
			at[i] = len(pool)
			pool = append(pool, e.results[place])
		}
	}
	rewards := e.rewards(pool)
	out := make([]Lesson, len(at))
	for i, place := range at {
		out[i] = Lesson{pool[place].arch, rewards[place]}
	}
	return out
}

// rewards returns the rewards of results among each other.
func (e *Experience) rewards(results []member) []float64 {
	var alive []member
	for _, m := range results {
		if m.vector != nil {
			alive = append(alive, m)
		}
	}
	places := standings(alive)
	order := make([]int, len(alive))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case places[i].before(places[j]):
			return -1
		case places[j].before(places[i]):
			return 1
		}
		return i - j
	})
	n := float64(len(results))
	worth := make([]float64, len(alive))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && !places[order[from]].before(places[order[to]]) {
			to++
		}
		for _, i := range order[from:to] {
			worth[i] = -math.Log(float64(from+to)/(2*n)) - 1
		}
		from = to
	}
	dead := -math.Log((float64(len(alive))+n)/(2*n)) - 1
	out := make([]float64, len(results))
	next := 0
	for i, m := range results {
		out[i] = dead
		if m.vector != nil {
			out[i] = worth[next]
			next++
		}
	}
	return out
}

// Tell adds a result, as drawn by the policy.
func (e *Experience) Tell(r trial.Result) {
	m, ok := memberOf(e.problem, r)
	if !ok {
		m = member{id: r.Trial, arch: r.Arch}
	}
	e.of[m.arch] = len(e.results)
	e.drawn = append(e.drawn, len(e.results))
	e.results = append(e.results, m)
	if top := e.results[e.best]; ok && (top.vector == nil || m.worth().over(top.worth())) {
		e.best = len(e.results) - 1
	}
}

// forget leaves nothing known but what is told from now on.
func (e *Experience) forget() { e.since, e.drawn = len(e.results), e.drawn[:0] }

// again notes that the policy has drawn an architecture once more, and reports false if there is no result of it.
func (e *Experience) again(a space.Arch) bool {
	place, known := e.of[a]
	if known {
		e.drawn = append(e.drawn, place)
	}
	return known
}
