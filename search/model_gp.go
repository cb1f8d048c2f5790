package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// GP is Bayesian optimisation with a Gaussian process over architectures (Jones et al., 1998; over graphs of networks Ru et al.,
// "Interpretable Neural Architecture Search via Bayesian Optimisation with Weisfeiler-Lehman Kernels", 2021). The first Initial
// proposals are uniform draws. After that it proposes what the acquisition function finds best: among all architectures of a
// region of up to 50,000, of which those that are the same network count as one, else among neighbours of the best, their
// neighbours, and uniform draws.
//
// Results become normal scores, since accuracies have a long lower tail; hyper-parameters are tuned by their posterior when the number of
// results has grown by a tenth. What is under way is believed to come out as expected, so that a wide window spreads. With more
// than 300 results the process is of the best of them and an even choice of the others.
//
// With several objectives it follows the first one.
type GP struct {
	*modelBased
	GPConfig

	model  *predict.GP
	at     []int // the entries that are points of the model
	behind int   // entries that the model has or has left out
	tuneAt int   // the number of results at which to tune again
	pool   *predict.Pool
	places []int // of the pool's candidates in the index

	watch bool // draws uniformly now and then when the search has collapsed
	stay  bool // after a while without a better result every third proposal is that of UpperBound
}

// GPConfig holds the settings of GP.
type GPConfig struct {
	Initial     int         // uniform draws at the beginning; 0 means 8
	Kernel      Kernel      // empty means Mixture
	Acquisition Acquisition // empty means ExpectedImprovement
	Beta        float64     // of UpperBound: how many standard deviations; 0 means 1
}

// Kernel names what a Gaussian process compares architectures by.
type Kernel string

// The kernels of GP.
const (
	Mixture       Kernel = "mixture" // a sum of hamming, graph, and costs with their trend
	HammingKernel Kernel = "hamming" // decisions
	GraphKernel   Kernel = "graph"   // Weisfeiler-Lehman labels of the networks
	PathKernel    Kernel = "path"    // paths through the cells
	ProductKernel Kernel = "product" // hamming times graph times costs
	autoKernel    Kernel = "auto"    // the mixture and hamming times costs
)

const (
	defaultBeta = 1
	modelPoints = 300     // points of a process at most, when it is tuned
	modelPairs  = 4 << 20 // points times candidates at most, when it is tuned
	impatience  = 7       // results without a better one
)

// Acquisition says by what the next architecture is chosen.
type Acquisition string

// The acquisition functions.
const (
	ExpectedImprovement Acquisition = "ei"
	UpperBound          Acquisition = "ucb"
	Thompson            Acquisition = "thompson" // the best of a joint draw from the posterior
)

// NewGP returns a search with a Gaussian process. It is an error if there is no objective or a setting is out of range.
func NewGP(p Problem, c GPConfig) (*GP, error) { return newGP("gp", p, c) }

func newGP(name string, p Problem, c GPConfig) (*GP, error) {
	if c.Beta == 0 {
		c.Beta = defaultBeta
	}
	c.Kernel, c.Acquisition = cmp.Or(c.Kernel, Mixture), cmp.Or(c.Acquisition, ExpectedImprovement)
	if !(c.Beta > 0) {
		return nil, fmt.Errorf("%s: beta is %v; it must be above 0", name, c.Beta)
	}
	if _, known := kernels[c.Kernel]; !known {
		return nil, fmt.Errorf("%s: there is no kernel %q", name, c.Kernel)
	}
	if !slices.Contains([]Acquisition{ExpectedImprovement, UpperBound, Thompson}, c.Acquisition) {
		return nil, fmt.Errorf("%s: there is no acquisition function %q", name, c.Acquisition)
	}
	m, err := newModelBased(name, p, c.Initial)
	if err != nil {
		return nil, err
	}
	s := &GP{modelBased: m, GPConfig: c}
	s.choose = s.next
	return s, nil
}

// kernels holds how each kernel is made.
var kernels = map[Kernel]func(sample []*predict.Point) predict.Kernel{
	Mixture: predict.Mixture,
	autoKernel: func(sample []*predict.Point) predict.Kernel {
		return predict.NewKernel(sample, true, []predict.KernelView{predict.Hamming{}}, []predict.KernelView{predict.Graphs{}}, []predict.KernelView{predict.Costs{}},
			[]predict.KernelView{predict.Hamming{}, predict.Costs{}})
	},
	HammingKernel: func(sample []*predict.Point) predict.Kernel {
		return predict.NewKernel(sample, false, []predict.KernelView{predict.Hamming{}})
	},
	GraphKernel: func(sample []*predict.Point) predict.Kernel {
		return predict.NewKernel(sample, false, []predict.KernelView{predict.Graphs{}})
	},
	PathKernel: func(sample []*predict.Point) predict.Kernel {
		return predict.NewKernel(sample, false, []predict.KernelView{predict.Paths{}})
	},
	ProductKernel: func(sample []*predict.Point) predict.Kernel {
		return predict.NewKernel(sample, false, []predict.KernelView{predict.Hamming{}, predict.Graphs{}, predict.Costs{}})
	},
}

// next returns the architecture to propose.
func (s *GP) next(r *rand.Rand) (space.Arch, string, bool) {
	if s.watch && s.asked%4 == 0 && s.stagnates(s.pointOf) {
		return space.Arch{}, "", false
	}
	a, ok := s.wisest(r)
	return a, OriginModel, ok
}

// wisest returns what the acquisition function finds best of what is free.
func (s *GP) wisest(r *rand.Rand) (space.Arch, bool) {
	z := transformed(s.scores(), predict.Normalise)
	s.learn(z)
	targets := s.model.Believe(s.targets(z))
	var gathered []space.Arch
	pool := s.pool
	if !s.set.index.whole() {
		var points []*predict.Point
		gathered, points = s.set.gathered(s.incumbents(), r)
		pool = s.model.Over(points)
	}
	pool.Update()
	value := s.acquire(pool, targets, r)
	for {
		at := -1
		for i, v := range value {
			if (at < 0 || v > value[at]) && !math.IsInf(v, -1) && (gathered != nil || s.set.free(s.places[i])) {
				at = i
			}
		}
		switch {
		case at < 0:
			return space.Arch{}, false
		case gathered == nil:
			return s.set.index.archs[s.places[at]], true
		case s.set.fresh(gathered[at]):
			return gathered[at], true
		}
		value[at] = math.Inf(-1)
	}
}

// acquire returns the acquisition function at the candidates of a pool.
func (s *GP) acquire(pool *predict.Pool, targets []float64, r *rand.Rand) []float64 {
	mean, variance := pool.Mean(targets), pool.Variance()
	out := make([]float64, len(mean))
	how := s.Acquisition
	if s.stay && s.asked%3 == 0 && s.sinceBest() >= impatience {
		how = UpperBound
	}
	switch how {
	case UpperBound:
		for i := range out {
			out[i] = upperBound(mean[i], variance[i], s.Beta)
		}
	case Thompson:
		const drawn = 200 // those of the highest bounds, at two standard deviations; hardly another one would win
		order := make([]int, len(out))
		for i := range out {
			order[i] = i
			out[i] = upperBound(mean[i], variance[i], 2)
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out[b], out[a]) })
		var places []int
		for _, i := range order {
			if len(places) < drawn && (s.pool == nil || s.set.free(s.places[i])) {
				places = append(places, i)
			}
			out[i] = math.Inf(-1)
		}
		for i, v := range pool.Draw(mean, places, r) {
			out[places[i]] = v
		}
	default:
		best := slices.Max(s.model.Fitted(targets))
		for i := range out {
			out[i] = expectedImprovement(mean[i], variance[i], best)
		}
	}
	return out
}

// learn brings the model up to date with the entries: new ones become points, and now and then its hyper-parameters are tuned.
func (s *GP) learn(z []float64) {
	if s.model == nil {
		s.model = predict.NewGP(kernels[s.Kernel](s.set.index.sample))
	}
	tune := s.results >= s.tuneAt
	if tune && len(s.all) > modelPoints {
		s.thin(z)
	}
	for ; s.behind < len(s.all); s.behind++ {
		s.add(s.behind)
	}
	if tune {
		s.model.Tune(s.targets(z))
		s.tuneAt = s.results + 1 + s.results/10
	}
	if s.pool == nil && s.set.index.whole() {
		s.candidates(s.set.all)
	}
}

// targets returns the values of the model's points.
func (s *GP) targets(z []float64) []float64 {
	targets := make([]float64, len(s.at))
	for i, e := range s.at {
		targets[i] = z[e]
	}
	return targets
}

// thin begins the model anew with the most informative observations, and the pool with as many candidates as there is time for: three of
// four are those of the highest means, the others are chosen evenly.
func (s *GP) thin(z []float64) {
	const limit = modelPairs / modelPoints
	var places []int
	if s.pool != nil {
		s.pool.Update()
		mean := s.pool.Mean(s.model.Believe(s.targets(z)))
		order := make([]int, 0, len(s.places))
		for i, place := range s.places {
			if s.set.free(place) {
				order = append(order, i)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(mean[b], mean[a]) })
		for _, i := range order {
			places = append(places, s.places[i])
		}
	}
	if top := limit * 3 / 4; len(places) > limit {
		rest := places[top:]
		for i := range limit - top {
			places[top+i] = rest[i*len(rest)/(limit-top)]
		}
		places = places[:limit]
	}
	s.model.Forget()
	s.at, s.pool, s.behind = nil, nil, len(s.all)
	for _, e := range informative(z, modelPoints) {
		s.add(e)
	}
	if s.set.index.whole() {
		s.candidates(places)
	}
}

func (s *GP) add(e int) {
	s.at = append(s.at, e)
	s.model.Add(s.pointOf(e))
}

// candidates makes the pool of those places of the index that are free.
func (s *GP) candidates(places []int) {
	s.places = nil
	var points []*predict.Point
	for _, place := range places {
		if s.set.free(place) {
			s.places = append(s.places, place)
			points = append(points, s.set.index.points[place])
		}
	}
	s.pool = s.model.Over(points)
}

// informative returns the places of n observations in ascending order: what is under way, the best third, and of the others an even choice by score.
func informative(z []float64, n int) []int {
	var out, told []int
	for i, t := range z {
		if math.IsNaN(t) {
			out = append(out, i)
		} else {
			told = append(told, i)
		}
	}
	slices.SortStableFunc(told, func(a, b int) int { return cmp.Compare(z[b], z[a]) })
	n = max(1, n-len(out))
	top := min(n/3, len(told))
	out = append(out, told[:top]...)
	rest, more := told[top:], min(n-top, len(told)-top)
	for i := range more {
		out = append(out, rest[i*len(rest)/more])
	}
	slices.Sort(out)
	return out
}
