package multifidelity

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// BOHB is Hyperband with proposals from a model (Falkner, Klein & Hutter, "BOHB: Robust and efficient hyperparameter optimization at scale",
// 2018, algorithm 2). With probability ρ a new architecture is drawn uniformly. Otherwise it is what the inner strategy proposes after
// observing the results of a single rung,
//
//	the highest with at least Least results,
//
// wherever the bracket starts; before any rung has so many it is drawn uniformly. The brackets are those of Hyperband.
//
// The paper's model is a Parzen estimator; here it is any search.WarmStarter. As its proposals are evaluated on rungs other than the one it knows, it
// cannot get their results. So an instance only observes: it serves until its rung has new results, and is then replaced by a fresh one that observes
// them all. A proposal that was evaluated on its rung before is passed over.
type BOHB struct {
	*brackets
	c       BOHBConfig
	inner   Inner
	data    [][]trial.Result // by rung
	good    []int            // completed ones of data
	model   *source          // of the rung of the model
	learnt  int              // results that it has observed
	fitted  uint64           // models made
	decided uint64           // draws made
}

// BOHBConfig holds the settings of BOHB.
type BOHBConfig struct {
	Config
	Uniform float64 // share ρ of uniform draws, above 0 and up to 1; 0 means 1/3
	// Least is how many completed results a rung needs for a model; 0 means 3 more than an architecture has decisions, the paper's number.
	Least int
}

// manyModelled bounds how often the model is asked for an architecture that is new on its rung.
const manyModelled = 32

// NewBOHB returns BOHB with an inner strategy as its model, which must be a search.WarmStarter; nil means TPE.
func NewBOHB(p search.Problem, inner Inner, c BOHBConfig) (*BOHB, error) {
	h, err := newHistory("bohb", p, c.Config)
	if err != nil {
		return nil, err
	}
	if c.Uniform == 0 {
		c.Uniform = 1.0 / 3
	}
	switch {
	case !(c.Uniform > 0 && c.Uniform <= 1):
		return nil, fmt.Errorf("bohb: a share of %v uniform draws is out of range: want more than 0 and at most 1", c.Uniform)
	case c.Least < 0:
		return nil, fmt.Errorf("bohb: a model of %d results is impossible; it needs 1 or more", c.Least)
	}
	if inner == nil {
		inner = func(p search.Problem) (search.Strategy, error) { return search.NewTPE(p, search.TPEConfig{}) }
	}
	s := &BOHB{c: c, inner: inner, data: make([][]trial.Result, len(h.rungs)), good: make([]int, len(h.rungs))}
	first, err := inner(h.problem)
	if err != nil {
		return nil, err
	}
	if _, ok := first.(search.WarmStarter); !ok {
		return nil, fmt.Errorf("bohb: the strategy inside cannot learn from results that it has not asked for; choose one that can")
	}
	for k := range h.rungs {
		q := h.problem
		q.Seed = stream.Seed(q.Seed, "bohb uniform", uint64(k))
		h.sources[k] = sourceOf(search.NewRandom(q), k)
	}
	h.told = func(e *evaluation) {
		s.data[e.rung] = append(s.data[e.rung], e.result)
		if e.completed() {
			s.good[e.rung]++
		}
	}
	s.brackets = newBrackets(h, len(h.rungs), h.hyperbands)
	s.fill = s.draw
	return s, nil
}

// draw returns a new architecture for a rung.
func (s *BOHB) draw(rung int) (trial.Proposal, *evaluation, search.State) {
	r := stream.New(s.problem.Seed, "bohb", s.decided)
	if m := s.modelled(); m >= 0 && r.Float64() >= s.c.Uniform {
		s.fit(m)
		for range manyModelled {
			proposals, _ := s.model.strategy.Ask(1)
			if len(proposals) == 0 {
				break
			}
			p := proposals[0]
			at, own := place{p.Arch, rung}, p.Key
			if known := s.at[at]; known != nil {
				s.model.keys[own] = known.key
				continue
			}
			p.Parents = s.model.parents(p.Parents)
			p, e := s.propose(at, p)
			s.model.keys[own] = p.Key
			s.decided++
			return p, e, search.Ready
		}
	}
	p, e, state := s.sources[rung].next(s.history)
	if state == search.Ready {
		s.decided++
	}
	return p, e, state
}

// modelled returns the rung of the model, −1 before there is one.
func (s *BOHB) modelled() int {
	for k := len(s.rungs) - 1; k >= 0; k-- {
		least := s.c.Least
		if least == 0 && len(s.data[k]) > 0 {
			least = len(s.data[k][0].Arch.Choices()) + 3
		}
		if len(s.data[k]) > 0 && s.good[k] >= least {
			return k
		}
	}
	return -1
}

// fit makes the model of a rung, unless it stands.
func (s *BOHB) fit(rung int) {
	if s.model != nil && s.model.rung == rung && s.learnt == len(s.data[rung]) {
		return
	}
	p := s.problem
	p.Seed = stream.Seed(p.Seed, "bohb model", s.fitted)
	s.fitted++
	inner, err := s.inner(p)
	if err != nil {
		panic(fmt.Sprintf("multifidelity: the inner strategy of bohb was made once and cannot be made again: %v", err))
	}
	s.model, s.learnt = sourceOf(inner, rung), len(s.data[rung])
	inner.(search.WarmStarter).Observe(s.data[rung])
}
