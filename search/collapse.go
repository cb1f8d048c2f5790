package search

import (
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// A search has collapsed, or is stuck, when its latest proposals are much alike and nothing better was found for long. [Variety] says how
// different they are and [Lull] how long it has been; both are what reports show. There are three who look for it:
//
//   - [Collapse] and its [Watch], for any search: the latest Recent proposals are less than half as far apart as uniform draws, and Patience
//     results brought nothing better. It serves [Vigilant], the benchmark and trellis show.
//   - [NewAuto], which has a model and answers more gently, looks sooner: see crowded.
//   - [Learner], whose policy has collapsed when it draws nothing new: [Diversity] tells of that beside the variety of its proposals.

// Patience is the number of results without a better one after which a search may be stuck.
const Patience = 3 * Recent

// Collapse tells when a search is stuck. It is made for a region, since what is much alike depends on how different architectures drawn from
// it are.
type Collapse struct {
	space   *space.Space
	uniform float64
}

// NewCollapse measures the distance of uniform draws.
func NewCollapse(region Region) Collapse {
	const draws = 2 * Recent
	r := stream.New(0, "collapse")
	places := newEncoding(region.Space())
	vectors := make([][]uint16, draws)
	for i := range vectors {
		vectors[i] = places.learn(region.Sample(r))
	}
	return Collapse{region.Space(), spread(vectors)}
}

// Uniform returns the distance of uniform draws from the region.
func (c Collapse) Uniform() float64 { return c.uniform }

// Stuck reports whether a search is stuck that has proposed with this variety, and was told since results without a better one:
// the distance is less than half that of uniform draws, and since is at least Patience.
func (c Collapse) Stuck(d Variety, since int) bool {
	return since >= Patience && d.Distance < c.uniform/2
}

// Watch returns a watch over a search that has proposed nothing yet.
func (c Collapse) Watch() *Watch { return &Watch{collapse: c} }

// Watch follows a search from outside and tells whether it has collapsed.
type Watch struct {
	collapse Collapse
	archs    []space.Arch // proposed
	lull     Lull
}

// Vitality is what a watch sees of a search: how various it is, how long it has found nothing better, and whether it is stuck.
type Vitality struct {
	Variety
	Uniform float64 `json:"uniform"` // the distance of uniform draws
	Since   int     `json:"since"`   // results since the last better one
	Stuck   bool    `json:"stuck"`
}

// Proposed takes a proposal into account.
func (w *Watch) Proposed(a space.Arch) { w.archs = append(w.archs, a) }

// Heard takes a result into account, as [Lull.Hear] does.
func (w *Watch) Heard(vector []float64, violation float64) { w.lull.Hear(vector, violation) }

// Stuck reports whether the search is stuck.
func (w *Watch) Stuck() bool {
	since := w.lull.Since()
	return since >= Patience && w.collapse.Stuck(VarietyOf(w.collapse.space, w.archs), since)
}

// Now returns what is to be seen.
func (w *Watch) Now() Vitality {
	v := Vitality{Variety: VarietyOf(w.collapse.space, w.archs), Uniform: w.collapse.uniform, Since: w.lull.Since()}
	v.Stuck = w.collapse.Stuck(v.Variety, v.Since)
	return v
}

// answered forgets how long it has been: something was done.
func (w *Watch) answered() { w.lull.rest() }

// The patience of a search with a model, in results, and the latest proposals that it looks at.
const (
	crowdPatience = 30
	crowd         = 10
	nearness      = 8 // near means a share of one in so many decisions that differ, or one decision
)

// crowded reports whether a search with a model is stuck, by its results in the order of asking and the points of its proposals: nothing
// better was found in the last third of the results, and at least in crowdPatience of them, while each of the latest proposals lay within
// an eighth of the decisions of another one of them, in the mean.
func (l *ledger) crowded(point func(entry) *predict.Point) bool {
	if l.done < crowdPatience {
		return false
	}
	best := l.best(1)
	if len(best) == 0 || len(l.entries)-best[0] <= max(crowdPatience, l.done/3) {
		return false
	}
	latest := l.entries[len(l.entries)-crowd:]
	points := make([]*predict.Point, len(latest))
	for i, e := range latest {
		points[i] = point(e)
	}
	return toNearest(points) <= max(1, float64(len(points[0].Options))/nearness)
}

// toNearest returns the mean over points of the number of decisions in which the nearest other one differs.
func toNearest(points []*predict.Point) float64 {
	var sum float64
	for i, p := range points {
		nearest := -1.0
		for j, q := range points {
			if d := (predict.Hamming{}).Distance(p, q); i != j && (nearest < 0 || d < nearest) {
				nearest = d
			}
		}
		sum += nearest
	}
	return sum / float64(len(points))
}
