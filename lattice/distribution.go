package lattice

import (
	"math"
	"math/rand/v2"
	"sync"

	"github.com/trellis-nas/trellis/space"
)

// Gibbs is a distribution over a region: an architecture has a probability proportional to exp(sum of the weights of its steps). With
// scores divided by a temperature as weights it is the Gibbs distribution of the scores; with weights of 0 it is uniform. It is immutable
// and may be used from several goroutines at once. Probabilities are exact up to the rounding of float64.
type Gibbs struct {
	region  *CountedRegion
	weights []float64 // of the steps
	fixed   float64
	masses  *masses

	passed sync.Once // guards routes and steps
	routes []float64 // the probability of every route
	steps  []float64 // and of every step, made when first asked

	opened []sync.Once
	boxes  [][]float64 // by junction and box: its mass
}

// Gibbs returns the distribution with these logarithmic weights. The weight −Inf forbids a step; every other weight must be finite, and
// some architecture must be left. It costs about as much as making the region.
func (r *CountedRegion) Gibbs(weight func(Step) float64) *Gibbs {
	weights := make([]float64, len(r.lattice.steps))
	r.lattice.eachStep(func(item, at int32) { weights[at] = weight(r.lattice.step(item, at)) })
	return r.gibbs(weights, weight(r.lattice.fixedStep()))
}

func (r *CountedRegion) gibbs(weights []float64, fixed float64) *Gibbs {
	n := len(r.table.j.items)
	return &Gibbs{
		region: r, weights: weights, fixed: fixed, masses: newMasses(r, weights, false),
		opened: make([]sync.Once, n), boxes: make([][]float64, n),
	}
}

// LogPartition returns the logarithm of the sum of exp(sum of weights) over the region; −Inf if every architecture is forbidden.
func (g *Gibbs) LogPartition() float64 { return g.fixed + g.atRoot() }

func (g *Gibbs) atRoot() float64 {
	root := g.region.table.j.root()
	return g.masses.log(g.masses.states[root][0], root)
}

// LogProb returns the logarithm of the probability of an architecture, −Inf if it is not in the region.
func (g *Gibbs) LogProb(a space.Arch) float64 {
	if !g.region.Contains(a) {
		return math.Inf(-1)
	}
	sum := -g.atRoot()
	if err := g.region.lattice.follow(a, func(_ int32, at int) { sum += g.weights[at] }); err != nil {
		return math.Inf(-1)
	}
	return sum
}

// Moments returns the mean and the variance of a value that adds up along paths, as a cost or a score does.
func (g *Gibbs) Moments(value func(Step) float64) (mean, variance float64) {
	m := FoldWithin(g.region, Expectation{}, func(s Step) Moments {
		if s.Fixed {
			return Moments{g.fixed, value(s), 0}
		}
		return Moments{g.weights[s.at], value(s), 0}
	})
	return m.Mean, m.Variance
}

// Entropy returns the entropy of the distribution in nats: the logarithm of the count of the region if all weights are equal.
func (g *Gibbs) Entropy() float64 {
	mean := 0.0
	for at, p := range g.taken() {
		if w := g.weights[at]; !math.IsInf(w, -1) {
			mean += p * w
		}
	}
	return max(0, g.atRoot()-mean)
}

// taken returns the probability that a path takes each step.
func (g *Gibbs) taken() []float64 {
	g.passed.Do(func() {
		j := g.region.table.j
		g.steps, g.routes = make([]float64, len(g.weights)), make([]float64, len(j.routes))
		if math.IsInf(g.atRoot(), -1) {
			return
		}
		g.routes = g.masses.outside(g.region.table)
		for r, p := range g.routes {
			for _, at := range j.steps[j.routes[r].from:j.routes[r].to] {
				g.steps[at] += p
			}
		}
	})
	return g.steps
}

// routesTaken returns the probability that a path takes each route.
func (g *Gibbs) routesTaken() []float64 {
	g.taken()
	return g.routes
}

// Sample draws an architecture. It panics if every architecture is forbidden.
func (g *Gibbs) Sample(random *rand.Rand) space.Arch {
	t := g.region.table
	w := walk{region: g.region}
	junction, state := t.j.root(), 0
	for t.back[junction] == nil {
		have := t.states[junction][state]
		d := draw{random: random, masses: g.masses, total: g.masses.states[junction][state]}
		var route int32
		to := 0
		for r := t.j.first[junction]; r < t.j.first[junction+1] && !d.done; r++ {
			next := int(t.j.routes[r].next)
			if at, ok := t.follow(t.near(junction, state, next), have, r); ok && d.offer(g.masses.times(g.masses.routes[r], g.masses.states[next][at])) {
				route, to = r, at
			}
		}
		d.mustHaveDrawn()
		w.take(route)
		junction, state = int(t.j.routes[route].next), to
	}
	for at := g.pick(junction, t.states[junction][state], random); junction != end; {
		junction, at = g.complete(&w, junction, at, random)
	}
	return w.arch()
}

// complete takes a route of a completion.
func (g *Gibbs) complete(w *walk, junction, at int, random *rand.Rand) (int, int) {
	t := g.region.table
	sum := t.back[junction].sums[at]
	d := draw{random: random, masses: g.masses, total: g.masses.sums[junction][at]}
	var route int32
	to := 0
	for r := t.j.first[junction]; r < t.j.first[junction+1] && !d.done; r++ {
		if t.packed[r] == unaffordable {
			continue
		}
		rest, ok := t.packing.pay(sum, t.packed[r])
		if !ok {
			continue
		}
		next := t.j.routes[r].next
		if at, ok := t.back[next].find(rest); ok && d.offer(g.masses.times(g.masses.routes[r], g.masses.sums[next][at])) {
			route, to = r, at
		}
	}
	d.mustHaveDrawn()
	w.take(route)
	return int(t.j.routes[route].next), to
}

// draw chooses among offers, each with a probability proportional to its weight, if total is the sum of all. The last offer of any
// weight makes up for rounding.
type draw struct {
	random *rand.Rand
	masses *masses
	total  float64
	left   float64
	begun  bool
	some   bool
	done   bool
}

// offer reports whether the offer is the choice so far; the last for which it does is the choice.
func (d *draw) offer(mass float64) bool {
	if !d.begun {
		d.begun, d.left = true, d.random.Float64()
	}
	if d.done || mass == d.masses.zero() {
		return false
	}
	d.some = true
	d.left -= d.masses.share(mass, d.total)
	d.done = d.left < 0
	return true
}

func (d *draw) mustHaveDrawn() {
	if !d.some {
		panic("lattice: every architecture of the distribution is forbidden")
	}
}
