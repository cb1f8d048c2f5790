package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// model is what the surrogates of several quantities share: the observations that their processes are of, and the candidates that they are
// about. With more than 300 observations, processes are of the best of them and an even choice of the others.
type model struct {
	root *predict.GP // asked nothing itself; surrogates are beside it
	pool *predict.Pool
	at   []int // the observations that are points
	seen int   // observations that are points or were dropped
}

// newModel returns a model without points and candidates, whose kernel is scaled by a sample of the region.
func newModel(sample []*predict.Point) *model {
	root := predict.NewGP(predict.Mixture(sample))
	return &model{root: root, pool: root.Over(nil)}
}

// learn takes in the observations that are new. It drops some if there are too many when it is time to tune.
func (m *model) learn(observed []observation, tune bool) {
	for ; m.seen < len(observed); m.seen++ {
		m.at = append(m.at, m.seen)
		m.root.Add(observed[m.seen].point)
	}
	if !tune || len(m.at) <= modelPoints {
		return
	}
	places := informative(m.order(observed), modelPoints)
	m.root.Keep(places)
	for i, at := range places {
		m.at[i] = m.at[at]
	}
	m.at = m.at[:len(places)]
}

// order returns a value for every point, greater being better, NaN for what is under way: its place in the order by constraints, fronts and
// crowding, failed trials behind all others.
func (m *model) order(observed []observation) []float64 {
	var population []observation
	var of []int
	out := make([]float64, len(m.at))
	for i, at := range m.at {
		switch o := observed[at]; o.status {
		case pending:
			out[i] = math.NaN()
		case failed:
			out[i] = -float64(len(m.at))
		default:
			population, of = append(population, o), append(of, i)
		}
	}
	for place, i := range ranked(ranksOf(population)) {
		out[of[i]] = -float64(place)
	}
	return out
}

// surrogate is a Gaussian process of one number of results, smaller being better, over the candidates of the moment. The upper tail of
// the numbers is cut, so that networks that learned nothing do not spoil the scale of those that did; trials that failed count as
// if they had the worst number, and so do pending ones unless something is believed of them.
type surrogate struct {
	number func(*observation) float64
	model  *model
	gp     *predict.GP
	pool   *predict.Pool
	cut    float64 // numbers above count as this one
	least  float64
	centre float64
	spread float64
	// mean and deviation of the candidates, in the unit of the number.
	mean, deviation []float64
}

// tailShare is the share of numbers that are cut.
const tailShare = 0.1

func newSurrogate(m *model, number func(*observation) float64) *surrogate {
	gp := m.root.Beside()
	return &surrogate{number: number, model: m, gp: gp, pool: m.pool.Of(gp)}
}

// measure finds the scale of the numbers of the results, of which there must be one.
func (g *surrogate) measure(observed []observation) {
	var numbers []float64
	for i := range observed {
		if o := &observed[i]; o.status == succeeded {
			numbers = append(numbers, g.number(o))
		}
	}
	slices.Sort(numbers)
	g.least, g.cut = numbers[0], numbers[int(math.Ceil((1-tailShare)*float64(len(numbers)-1)))]
	g.centre, g.spread = 0, 0
	n := float64(len(numbers))
	for _, x := range numbers {
		g.centre += min(x, g.cut) / n
	}
	for _, x := range numbers {
		d := min(x, g.cut) - g.centre
		g.spread += d * d / n
	}
	if g.spread = math.Sqrt(g.spread); !(g.spread > 1e-12*math.Abs(g.centre)) {
		g.spread = 1
	}
}

// targets returns the standardised number of every observation that the model holds.
func (g *surrogate) targets(observed []observation) []float64 {
	out := make([]float64, len(g.model.at))
	for i, at := range g.model.at {
		x := g.cut
		if o := &observed[at]; o.objectives != nil {
			x = min(x, g.number(o))
		}
		out[i] = (x - g.centre) / g.spread
	}
	return out
}

// predict updates mean and deviation of the candidates, after tuning the hyper-parameters if asked to.
func (g *surrogate) predict(observed []observation, tune bool) {
	targets := g.targets(observed)
	if tune {
		g.gp.Tune(targets)
	}
	g.pool.Update()
	g.mean = g.pool.Mean(targets)
	variance := g.pool.Variance()
	g.deviation = slices.Grow(g.deviation[:0], len(variance))[:len(variance)]
	for i := range g.mean {
		g.mean[i] = g.centre + g.spread*g.mean[i]
		g.deviation[i] = g.spread * math.Sqrt(variance[i])
	}
}

// predictions is what is expected of the candidates: a quantity for each objective, and for each constraint one of its excess over the bound.
type predictions struct {
	from        *guided
	objectives  []quantity
	constraints []quantity
}

// quantity is a number of a result, smaller being better: predicted, or exact where the problem knows it.
type quantity struct {
	*surrogate
	exact func(space.Arch) float64
	from  *guided
}

func newPredictions(g *guided) *predictions {
	o := &predictions{from: g}
	for c, objective := range g.problem.Objectives {
		q := g.quantity(objective.Metric, objective.Maximise, 0, func(o *observation) float64 { return o.objectives[c] })
		o.objectives = append(o.objectives, q)
	}
	for c, constraint := range g.problem.Constraints {
		q := g.quantity(constraint.Metric, constraint.AtLeast, constraint.Bound, func(o *observation) float64 { return o.excess[c] })
		o.constraints = append(o.constraints, q)
	}
	return o
}

// quantity returns the metric, negated if it is to be large, less a bound.
func (s *guided) quantity(metric string, large bool, bound float64, number func(*observation) float64) quantity {
	q := quantity{surrogate: newSurrogate(s.model, number), from: s}
	if exact := s.problem.Exact[metric]; exact != nil {
		q.exact = func(a space.Arch) float64 {
			x := exact(a) - bound
			if large {
				x = -x
			}
			return x
		}
	}
	return q
}

// predict updates the surrogates of some quantities after refresh.
func (o *predictions) predict(of []quantity, tune bool) {
	for _, q := range of {
		q.measure(o.from.all)
		if q.exact == nil {
			q.predict(o.from.all, tune)
		}
	}
}

// at returns mean and deviation of the quantity for candidate i.
func (q *quantity) at(i int) (mean, deviation float64) {
	if q.exact != nil {
		return q.exact(q.from.archs[i]), 0
	}
	return q.mean[i], q.deviation[i]
}

// feasible returns the probability that candidate i keeps the constraints, taking them as independent.
func (o *predictions) feasible(i int) float64 {
	p := 1.0
	for c := range o.constraints {
		mean, deviation := o.constraints[c].at(i)
		switch {
		case deviation > 0:
			p *= 0.5 * math.Erfc(mean/deviation/math.Sqrt2)
		case mean > 0:
			p = 0
		}
	}
	return p
}

// keeps reports whether an observation is expected to keep the constraints.
func (o *predictions) keeps(of *observation) bool {
	for _, x := range of.excess {
		if !(x <= 0) {
			return false
		}
	}
	return true
}

// expected returns candidate i with its means, as an observation under way.
func (o *predictions) expected(i int) observation {
	b := observation{arch: o.from.archs[i]}
	for c := range o.objectives {
		mean, _ := o.objectives[c].at(i)
		b.objectives = append(b.objectives, mean)
	}
	for c := range o.constraints {
		mean, _ := o.constraints[c].at(i)
		b.excess = append(b.excess, mean)
	}
	return b
}
