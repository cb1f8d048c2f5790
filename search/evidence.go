package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// observation is a trial as models see it: told, or under way with values that a model believes in.
type observation struct {
	member
	metrics []float64 // of the constraints: the excess over the bound
	point   *predict.Point
	pending bool // vector and metrics are believed
	failed  bool // there are no values
}

// belief is a candidate with the values that a model expects of it.
type belief struct {
	arch            space.Arch
	vector, metrics []float64
}

// evidence is what model-based strategies for several objectives share: the observations in the order in which models took them in,
// and the candidates among which they choose. Candidates are a uniform sample, which stays, and the new neighbours of the front.
type evidence struct {
	problem  Problem
	left     *undiscovered
	encoder  *predict.Encoder
	atlas    *Atlas // that is shared, or of a region that is too large to be written down; nil for none
	encoded  map[space.Arch]*predict.Point
	sampled  int // architectures of the sample; a region of no more is listed whole
	sample   []space.Arch
	observed []observation
	place    map[trial.ID]int           // in observed
	told     int                        // successful ones
	fronts   int                        // times that the front was extended
	near     map[space.Arch][]neighbour // of the front
}

func newEvidence(p Problem, sampled int) evidence {
	atlas := p.Atlas
	if atlas == nil && !listable(p.Region) {
		atlas = NewAtlas(p.Region)
	}
	return evidence{
		problem: p, sampled: sampled, left: newUndiscovered(p.Region), encoder: predict.NewEncoder(p.Region.Space()), atlas: atlas,
		encoded: map[space.Arch]*predict.Point{}, place: map[trial.ID]int{},
	}
}

// pointOf returns the point of an architecture: that of an atlas, which builds no networks in a large region, or else encoded once.
func (e *evidence) pointOf(a space.Arch) *predict.Point {
	p, ok := e.encoded[a]
	switch {
	case ok:
	case e.atlas != nil:
		e.atlas.chart()
		p = e.atlas.point(a)
		e.encoded[a] = p
	default:
		q := e.encoder.Encode(a)
		p = &q
		e.encoded[a] = p
	}
	return p
}

func (e *evidence) pointsOf(archs []space.Arch) []*predict.Point {
	out := make([]*predict.Point, len(archs))
	for i, a := range archs {
		out[i] = e.pointOf(a)
	}
	return out
}

// believe takes in a proposal under way, with the values that are expected of it.
func (e *evidence) believe(id trial.ID, b belief) {
	e.place[id] = len(e.observed)
	o := observation{member: member{id: id, arch: b.arch, vector: b.vector}, metrics: b.metrics, point: e.pointOf(b.arch), pending: true}
	e.observed = append(e.observed, o)
}

// tell takes in a result. known is one of no proposal.
func (e *evidence) tell(r trial.Result, known bool) {
	at, believed := e.place[r.Trial]
	if known || !believed {
		at = len(e.observed)
		e.observed = append(e.observed, observation{point: e.pointOf(r.Arch)})
	}
	delete(e.place, r.Trial)
	o := &e.observed[at]
	m, ok := memberOf(e.problem, r)
	o.member, o.pending, o.failed, o.metrics = m, false, !ok, nil
	o.arch, o.known = r.Arch, known
	if !ok {
		return
	}
	for _, c := range e.problem.Constraints {
		x, ok := r.Metrics.Get(c.Metric)
		if x -= c.Bound; c.AtLeast {
			x = -x
		}
		if !ok {
			x = math.Inf(1)
		}
		o.metrics = append(o.metrics, x)
	}
	e.told++
	if o.violation == 0 && !e.dominated(at) {
		e.fronts++
	}
}

// dominated reports whether an observation told before dominates or equals the one at a place.
func (e *evidence) dominated(at int) bool {
	own := e.observed[at].vector
	for i, o := range e.observed {
		if i != at && o.good() && (pareto.Dominates(o.vector, own) || slices.Equal(o.vector, own)) {
			return true
		}
	}
	return false
}

// good reports whether an observation was told, successful and keeps the constraints.
func (o observation) good() bool { return !o.pending && !o.failed && o.violation == 0 }

// best returns the places of the front of the good observations.
func (e *evidence) best() []int {
	var places []int
	var points [][]float64
	for i, o := range e.observed {
		if o.good() {
			places, points = append(places, i), append(points, o.vector)
		}
	}
	front := pareto.Front(points)
	for i, f := range front {
		front[i] = places[f]
	}
	return front
}

// fixed returns the sample.
func (e *evidence) fixed() []space.Arch {
	if e.sample == nil {
		e.sample = e.left.some(e.sampled, stream.New(e.problem.Seed, "candidates"))
	}
	return e.sample
}

// candidates returns architectures worth a guess: the sample and the neighbours of the front, those proposed before left out. Of
// more neighbours than half as many again as the sample, an arbitrary choice of about that many stays for a round.
func (e *evidence) candidates(round int) []space.Arch {
	listed := map[space.Arch]bool{}
	var all []space.Arch
	add := func(a space.Arch) {
		if !listed[a] && !e.left.proposed(a) {
			listed[a] = true
			all = append(all, a)
		}
	}
	for _, a := range e.fixed() {
		add(a)
	}
	near := map[space.Arch][]neighbour{}
	front, total := e.best(), 0
	for _, i := range front {
		a := e.observed[i].arch
		if _, met := near[a]; !met {
			near[a] = e.near[a]
			if near[a] == nil {
				near[a] = e.surroundings(a)
			}
			total += len(near[a])
		}
	}
	e.near = near
	share := float64(e.sampled) * 3 / 2 / float64(max(1, total))
	for _, i := range front {
		for _, b := range near[e.observed[i].arch] {
			if share >= 1 || b.drawn(uint64(round)) < share {
				add(b.arch)
			}
		}
	}
	return all
}

// neighbour is a neighbour of an architecture of the front, with the number that chooses among many.
type neighbour struct {
	arch space.Arch
	lot  uint64
}

// drawn returns a number from 0 to 1 that depends on the neighbour and the round (the finaliser of SplitMix64, Steele et al., 2014).
func (b neighbour) drawn(round uint64) float64 {
	h := b.lot + round*0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return float64(h^h>>31) / (1 << 64)
}

// surroundings returns the feasible neighbours of an architecture.
func (e *evidence) surroundings(a space.Arch) []neighbour {
	out := []neighbour{}
	for _, b := range e.left.around(a) {
		out = append(out, neighbour{b, predict.Feature(b.String())})
	}
	return out
}
