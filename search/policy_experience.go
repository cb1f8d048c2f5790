package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Rewarded is an architecture and what a policy is to think of it.
type Rewarded struct {
	Arch   space.Arch
	Reward float64 // see Experience
}

// Experience is the history that a policy learns from, and which of it the policy has drawn since it learnt last.
//
// The reward of an architecture is that of its place among the observed ones, or the rewardWindow latest of them: with q the share that is better, half
// of those equal and half of itself counted as better, it is −log q − 1, which has mean 0 and deviation 1 however the objectives are
// scaled or skewed, and says more about the best than about the worst (the exponential scores of Savage, 1956; utilities by rank are
// those of Wierstra et al., "Natural evolution strategies", 2014, and Ollivier et al., "Information-geometric optimization", 2017). What
// breaks constraints comes after what keeps them; with several objectives the places are those by fronts and crowding of NSGA-II. A failed trial, or one
// that lacks an objective, comes after all others.
type Experience struct {
	history
	drawn []int // places
	since int   // place of the first result that is not forgotten
	top   int   // place of the first of the best results, by fitness
}

// NewExperience returns the experience of a problem, without results.
func NewExperience(p Problem) *Experience { return &Experience{history: newHistory(p)} }

// rewardWindow is how many of the latest results decide what a place is worth: enough to distinguish a good one from the best, and few enough that placing
// them costs less than training.
const rewardWindow = 500

// window returns the place of the first of the latest results.
func (e *Experience) window() int { return max(e.since, len(e.all)-rewardWindow) }

// All returns what was observed, or the latest of many, in the order of the results.
func (e *Experience) All() []Rewarded {
	from := e.window()
	rewards := rewards(e.all[from:])
	out := make([]Rewarded, len(rewards))
	for i, r := range rewards {
		out[i] = Rewarded{e.all[from+i].arch, r}
	}
	return out
}

// Drawn returns each draw of the policy since it learnt last, and again for each time that it drew what it knew.
func (e *Experience) Drawn() []Rewarded {
	from := e.window()
	pool := slices.Clone(e.all[from:])
	at := make([]int, len(e.drawn))
	for i, place := range e.drawn {
		at[i] = place - from
		if place < from {
			at[i] = len(pool)
			pool = append(pool, e.all[place])
		}
	}
	rewards := rewards(pool)
	out := make([]Rewarded, len(at))
	for i, place := range at {
		out[i] = Rewarded{pool[place].arch, rewards[place]}
	}
	return out
}

// rewards returns the rewards of results among each other.
func rewards(results []observation) []float64 {
	var alive []observation
	for _, o := range results {
		if o.status == succeeded {
			alive = append(alive, o)
		}
	}
	ranks := ranksOf(alive)
	order := ranked(ranks)
	n := float64(len(results))
	reward := make([]float64, len(alive))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && !ranks[order[from]].before(ranks[order[to]]) {
			to++
		}
		for _, i := range order[from:to] {
			reward[i] = -math.Log(float64(from+to)/(2*n)) - 1
		}
		from = to
	}
	out := slices.Repeat([]float64{-math.Log((float64(len(alive))+n)/(2*n)) - 1}, len(results)) // of a failed one
	next := 0
	for i, o := range results {
		if o.status == succeeded {
			out[i] = reward[next]
			next++
		}
	}
	return out
}

// Tell adds a result, as drawn by the policy.
func (e *Experience) Tell(r trial.Result) {
	at := e.tell(r)
	e.drawn = append(e.drawn, at)
	if o, top := &e.all[at], &e.all[e.top]; o.status == succeeded && (top.status != succeeded || o.fitness().over(top.fitness())) {
		e.top = at
	}
}

// forget leaves nothing but the results from now on.
func (e *Experience) forget() { e.since, e.drawn = len(e.all), e.drawn[:0] }

// drewAgain notes that the policy has drawn an architecture once more, and reports false if there is no result of it.
func (e *Experience) drewAgain(a space.Arch) bool {
	place, met := e.latest[a]
	if met {
		e.drawn = append(e.drawn, place)
	}
	return met
}

// stagnates reports whether nothing better was found in the last third of the results, and in Patience of them at least, be it since the policy
// began anew. A policy whose bonus has widened it draws what is new for long after it collapsed, and all of it around what it has drawn.
func (e *Experience) stagnates() bool {
	return e.resultsFrom(max(e.top+1, e.since)) >= max(Patience, e.results/3)
}
