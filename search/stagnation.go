package search

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// A search stagnates when its latest proposals are much alike and nothing better was found for long. One criterion, [Stagnation], serves
// every search, watched from outside by a [Monitor]: [Restarts], the benchmark and the reports go by it, and [Health] is what they show.
//
// Two kinds of strategy know more of themselves and look sooner, both by their own history: one with a model, which has encodings of its
// proposals (stagnates), and one with a policy, which sees what it draws again ([PolicyHealth]).

// Recent is the number of proposals that diversity is measured on.
const Recent = 20

// Patience is the number of results without a better one after which a search may stagnate.
const Patience = 3 * Recent

// Diversity says how different the latest proposals of a search are. The zero value is that of proposals that are all the same.
type Diversity struct {
	// Distance is the mean Hamming distance between pairs of the Recent latest proposals, as a share of the decisions that at
	// least one of the two meets: 0 for equal ones, 1 for those that agree in nothing.
	Distance float64 `json:"distance"`
	// New is the share of the options taken by the Recent latest proposals that none of the Recent before them took.
	New float64 `json:"new"`
}

// DiversityOf looks at the end of a list of proposals, the latest last. It costs the derivation of at most 2·Recent architectures.
func DiversityOf(s *space.Space, proposed []space.Arch) Diversity {
	decisions := newDecisionIndex(s)
	vectors := func(archs []space.Arch) [][]uint16 {
		out := make([][]uint16, len(archs))
		for i, a := range archs {
			out[i] = decisions.learn(a)
		}
		return out
	}
	recent := max(0, len(proposed)-Recent)
	before := vectors(proposed[max(0, recent-Recent):recent])
	latest := vectors(proposed[recent:])
	return Diversity{Distance: meanDistance(latest), New: shareOfNew(before, latest)}
}

// Stagnation is the criterion for a region: what is much alike depends on how different architectures drawn uniformly from it are.
type Stagnation struct {
	space   *space.Space
	uniform float64
}

// uniformStream names the random stream of the draws that measure a region; another name would measure it otherwise.
const uniformStream = "collapse"

// NewStagnation measures the distance of uniform draws.
func NewStagnation(region Region) Stagnation {
	const draws = 2 * Recent
	r := stream.New(0, uniformStream)
	decisions := newDecisionIndex(region.Space())
	vectors := make([][]uint16, draws)
	for i := range vectors {
		vectors[i] = decisions.learn(region.Sample(r))
	}
	return Stagnation{region.Space(), meanDistance(vectors)}
}

// Uniform returns the mean distance of uniform draws from the region.
func (c Stagnation) Uniform() float64 { return c.uniform }

// Met reports whether a search stagnates whose proposals are so diverse, and that has so many results since its last better one: the distance
// is less than half that of uniform draws, and since is at least Patience.
func (c Stagnation) Met(d Diversity, since int) bool {
	return since >= Patience && d.Distance < c.uniform/2
}

// Monitor returns a monitor of a search that has proposed nothing yet.
func (c Stagnation) Monitor() *Monitor { return &Monitor{criterion: c} }

// Monitor follows a search from outside and says how diverse it is and whether it stagnates.
type Monitor struct {
	criterion Stagnation
	archs     []space.Arch // proposed
	progress  progress
}

// Health is what a monitor sees of a search.
type Health struct {
	Diversity
	Uniform  float64 `json:"uniform"`  // the distance of uniform draws
	Since    int     `json:"since"`    // results since the last better one
	Stagnant bool    `json:"stagnant"` // see Stagnation
}

// Proposed takes a proposal into account.
func (m *Monitor) Proposed(a space.Arch) { m.archs = append(m.archs, a) }

// Told takes a result into account: its objectives, all minimised, and by how much it breaks constraints. A failed one has no objectives.
func (m *Monitor) Told(objectives []float64, violation float64) {
	m.progress.told(objectives, violation)
}

// Stagnant reports whether the search stagnates.
func (m *Monitor) Stagnant() bool {
	return m.progress.since >= Patience && m.Health().Stagnant
}

// Health returns what is to be seen.
func (m *Monitor) Health() Health {
	h := Health{Diversity: DiversityOf(m.criterion.space, m.archs), Uniform: m.criterion.uniform, Since: m.progress.since}
	h.Stagnant = m.criterion.Met(h.Diversity, h.Since)
	return h
}

// progress counts the results since the last better one. With several objectives a result is better if none before was as good in all of
// them. The zero value has seen no results.
type progress struct {
	front     [][]float64
	violation float64
	since     int
}

func (p *progress) told(objectives []float64, violation float64) {
	p.since++
	if objectives == nil || len(p.front) > 0 && violation > p.violation {
		return
	}
	if violation < p.violation {
		p.front = nil
	}
	kept := p.front[:0:0]
	for _, q := range p.front {
		if pareto.Dominates(q, objectives) || slices.Equal(q, objectives) {
			return
		}
		if !pareto.Dominates(objectives, q) {
			kept = append(kept, q)
		}
	}
	p.front, p.violation, p.since = append(kept, objectives), violation, 0
}

// resultsFrom returns the number of results at a place and behind it.
func (h *history) resultsFrom(place int) (n int) {
	for i := place; i < len(h.all); i++ {
		if h.all[i].status != pending {
			n++
		}
	}
	return n
}

// sinceBest returns the number of results behind the best one, in the order of asking; of all where none succeeded.
func (h *history) sinceBest() int {
	after := 0
	if best := h.best(1); len(best) > 0 {
		after = best[0] + 1
	}
	return h.resultsFrom(after)
}

// The patience of a search with a model, in results, and the latest proposals that it looks at.
const (
	modelPatience = 30
	modelRecent   = 10
	nearness      = 8 // near means a share of one in so many decisions that differ, or one decision
)

// stagnates reports whether a search with a model stagnates, by the encodings of its proposals: nothing better was found in the last third of
// the results, and at least in modelPatience of them, while each of the latest proposals lay within an eighth of the decisions of another one of
// them, in the mean.
func (h *history) stagnates(point func(place int) *predict.Point) bool {
	if h.results < modelPatience {
		return false
	}
	best := h.best(1)
	if len(best) == 0 || len(h.all)-best[0] <= max(modelPatience, h.results/3) {
		return false
	}
	points := make([]*predict.Point, modelRecent)
	for i := range points {
		points[i] = point(len(h.all) - modelRecent + i)
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

// PolicyHealth is what a policy-gradient strategy says of itself.
type PolicyHealth struct {
	Diversity         // of its latest proposals
	Entropy   float64 // of what it draws from, in nats
	Repeats   float64 // share of known architectures among what it draws: a running mean over some fifty draws
	Bonus     float64 // of entropy, at present
	Collapses int     // proposals for which it drew nothing new
	Restarts  int
}

// String returns a sentence for people.
func (h PolicyHealth) String() string {
	text := fmt.Sprintf("the policy has an entropy of %.1f nats, its proposals differ in %.0f%% of their decisions, and %.0f%% of what it draws is known", h.Entropy, 100*h.Distance, 100*h.Repeats)
	if h.Collapses > 0 {
		text += fmt.Sprintf("; it collapsed %d times and was restarted %d times", h.Collapses, h.Restarts)
	}
	return text
}

func (h *PolicyHealth) drew(fresh bool) {
	const blend = 0.02
	known := 1.0
	if fresh {
		known = 0
	}
	h.Repeats += blend * (known - h.Repeats)
}

// recentProposals holds the latest proposals, as many as diversity is measured on.
type recentProposals []space.Arch

func (l *recentProposals) add(a space.Arch) {
	*l = append(*l, a)
	if len(*l) > 2*Recent {
		*l = (*l)[1:]
	}
}

// meanDistance is the mean distance between pairs of vectors, as a share of the decisions that either meets.
func meanDistance(vectors [][]uint16) float64 {
	var sum float64
	pairs := 0
	for i, a := range vectors {
		for _, b := range vectors[:i] {
			pairs++
			if met := meets(a, b); met > 0 {
				sum += float64(hamming(a, b)) / float64(met)
			}
		}
	}
	if pairs == 0 {
		return 0
	}
	return sum / float64(pairs)
}

// meets counts the places at which a vector or another meets a decision.
func meets(a, b []uint16) (n int) {
	if len(a) < len(b) {
		a, b = b, a
	}
	for i, x := range a {
		if x != 0 || i < len(b) && b[i] != 0 {
			n++
		}
	}
	return n
}

// shareOfNew is the share of the options in latest that do not occur in before.
func shareOfNew(before, latest [][]uint16) float64 {
	type option struct {
		place int
		of    uint16
	}
	old, all := map[option]bool{}, map[option]bool{}
	for _, v := range before {
		for i, x := range v {
			old[option{i, x}] = x != 0
		}
	}
	fresh := 0
	for _, v := range latest {
		for i, x := range v {
			o := option{i, x}
			if x == 0 || all[o] {
				continue
			}
			all[o] = true
			if !old[o] {
				fresh++
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	return float64(fresh) / float64(len(all))
}
