package multifidelity

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginDifferential is the origin of a child of differential evolution.
const OriginDifferential = "differential"

// DEHB evolves a population on each rung of Hyperband's brackets by differential evolution (Awad, Mallik & Hutter, "DEHB: Evolutionary Hyperband for
// scalable, robust and efficient hyperparameter optimization", 2021). The first bracket is successive halving of what the inner strategy proposes. After
// that every evaluation of a rung is a child,
//
//	mutant: v = a + F·(b−c)      three different members of the parent pool
//	child:  u_i = v_i with probability Cr, and for one i always; else that of the target
//
// which replaces its target, a member of the rung's population taken in turn, where it is better. On the first rung of a bracket the pool is the rung's
// own population; above, it is the best of the population one rung below, as many as the bracket has on this rung. That is how low
// fidelities teach higher ones: by parents. Populations are as large as Hyperband's brackets are where they start, and are filled up by the inner
// strategy.
//
// Decisions are categories, which have no differences. So v_i = a_i where b_i = c_i, and otherwise b_i with probability F and a_i else. Where
// the four architectures do not have the same decisions, because a choice opens others, mutant and child are made by crossover in the space.
// A child that is not feasible, or is known on its rung, is made again, then mutated; at last the inner strategy is asked.
type DEHB struct {
	*brackets
	c       DEHBConfig
	members [][]*evaluation     // the populations by rung, all with results
	turn    []int               // the next target by rung
	targets map[*evaluation]int // the slot for which a child under way competes
	bred    uint64
}

// DEHBConfig holds the settings of DEHB.
type DEHBConfig struct {
	Config
	Factor    float64 // F, above 0 and up to 1; 0 means 0.5
	Crossover float64 // Cr, above 0 and up to 1; 0 means 0.5
}

// NewDEHB returns DEHB. The inner strategy fills the first populations; nil draws them uniformly.
func NewDEHB(p search.Problem, inner Inner, c DEHBConfig) (*DEHB, error) {
	h, err := newHistory("dehb", p, c.Config)
	if err != nil {
		return nil, err
	}
	if c.Factor == 0 {
		c.Factor = 0.5
	}
	if c.Crossover == 0 {
		c.Crossover = 0.5
	}
	switch {
	case !(c.Factor > 0 && c.Factor <= 1):
		return nil, fmt.Errorf("dehb: a factor of %v is out of range: want more than 0 and at most 1", c.Factor)
	case !(c.Crossover > 0 && c.Crossover <= 1):
		return nil, fmt.Errorf("dehb: a crossover probability of %v is out of range: want more than 0 and at most 1", c.Crossover)
	}
	if inner == nil {
		inner = func(p search.Problem) (search.Strategy, error) { return search.NewRandom(p), nil }
	}
	s := &DEHB{c: c, members: make([][]*evaluation, len(h.rungs)), turn: make([]int, len(h.rungs)), targets: map[*evaluation]int{}}
	for k := range h.rungs {
		if h.sources[k], err = h.newSource(inner, k); err != nil {
			return nil, err
		}
	}
	h.told = s.replace
	s.brackets = newBrackets(h, len(h.rungs), h.hyperbands)
	s.fill = s.start
	halve := s.climb
	s.climb = func(b *bracket) (trial.Proposal, *evaluation, bool) {
		if b.number > 0 {
			pool := ranked(s.members[b.rung-1])
			if p, e, ok := s.breed(b.rung, pool[:min(len(pool), max(3, b.size))]); ok {
				b.queue = b.queue[1:]
				return p, e, true
			}
		}
		return halve(b)
	}
	return s, nil
}

// start returns the next architecture of a bracket's first rung.
func (s *DEHB) start(rung int) (trial.Proposal, *evaluation, search.State) {
	if len(s.members[rung]) >= s.size(rung) {
		if p, e, ok := s.breed(rung, s.members[rung]); ok {
			return p, e, search.Ready
		}
	}
	return s.sources[rung].next(s.history)
}

// size returns how many members the population of a rung has.
func (s *DEHB) size(rung int) int {
	_, n := s.hyperbands(rung)
	return n
}

// replace lets an evaluation with a result join the population of its rung, or take the place of its target if it is better.
func (s *DEHB) replace(e *evaluation) {
	slot, child := s.targets[e]
	delete(s.targets, e)
	switch population := s.members[e.rung]; {
	case child:
		if ranked([]*evaluation{population[slot], e})[0] == e {
			population[slot] = e
		}
	case len(population) < s.size(e.rung):
		s.members[e.rung] = append(population, e)
	}
}

// manyChildren bounds how often a child is made for one place.
const manyChildren = 16

// breed proposes a child on a rung; false if the pool is too small or no child is new.
func (s *DEHB) breed(rung int, pool []*evaluation) (trial.Proposal, *evaluation, bool) {
	population := s.members[rung]
	for _, e := range population {
		if len(pool) < 3 && !slices.Contains(pool, e) {
			pool = append(slices.Clip(pool), e)
		}
	}
	if len(pool) < 3 || len(population) == 0 {
		return trial.Proposal{}, nil, false
	}
	r := stream.New(s.problem.Seed, "dehb", s.bred)
	slot := s.turn[rung] % len(population)
	target := population[slot]
	for i := range 2 * manyChildren {
		parents := make([]*evaluation, 3)
		for j, at := range r.Perm(len(pool))[:3] {
			parents[j] = pool[at]
		}
		child := s.child(target.arch, parents, r)
		if i >= manyChildren {
			child = s.problem.Region.Space().Mutate(child, r)
		}
		at := place{child, rung}
		if s.at[at] != nil || !s.problem.Region.Contains(child) {
			continue
		}
		s.bred++
		s.turn[rung]++
		p, e := s.propose(at, trial.Proposal{Origin: OriginDifferential, Parents: keys(append(parents, target))})
		s.targets[e] = slot
		return p, e, true
	}
	return trial.Proposal{}, nil, false
}

// child returns the child of a target, which need not be feasible.
func (s *DEHB) child(target space.Arch, parents []*evaluation, r *rand.Rand) space.Arch {
	a, b, c, t := parents[0].arch.Choices(), parents[1].arch.Choices(), parents[2].arch.Choices(), target.Choices()
	if len(a) != len(b) || len(a) != len(c) || len(a) != len(t) || len(a) == 0 {
		whole := s.problem.Region.Space()
		mutant := parents[0].arch
		if parents[1].arch != mutant {
			mutant = whole.Crossover(mutant, parents[1].arch, r)
		}
		if mutant == target {
			return mutant
		}
		return whole.Crossover(target, mutant, r)
	}
	always := r.IntN(len(a))
	for i := range t {
		v := a[i]
		if b[i] != c[i] && r.Float64() < s.c.Factor {
			v = b[i]
		}
		if r.Float64() < s.c.Crossover || i == always {
			t[i] = v
		}
	}
	return space.NewArch(t...)
}

// keys returns the keys of evaluations, ascending, each once; those that were only observed have none.
func keys(all []*evaluation) (out []trial.Key) {
	for _, e := range all {
		if e.key != 0 {
			out = append(out, e.key)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
