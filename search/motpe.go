package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// MOTPE is the multi-objective tree-structured Parzen estimator (Ozaki et al., "Multiobjective tree-structured Parzen estimator for
// computationally expensive optimization problems", 2020, in the multivariate form of Falkner et al., "BOHB", 2018): the best tenth of the
// results and the others each give a density of architectures, and of some architectures drawn from the first the one is proposed
// whose densities have the largest ratio. It takes any number of objectives; with one it is TPE.
//
// A density is the mean over its results of a product over decisions: a decision that is made as in the result counts 1−h, any other way
// shares h (Aitchison & Aitken, 1976); the uniform density counts as one more result. Architectures are drawn from the first density
// by that many mutations of one of its results.
//
// Where the papers leave room: the best are those of the better fronts, of one front those less crowded (the paper measures hypervolume);
// those that break constraints come last; failed and pending trials are among the others, so that a wide window spreads; nothing is proposed
// twice.
type MOTPE struct {
	MOTPEConfig
	turns
	problem  Problem
	left     *undiscovered
	encoding *encoding
	begun    int
	entries  []parzen
	place    map[trial.ID]int
	told     []int // entries that were successful
}

// MOTPEConfig holds the settings of MOTPE.
type MOTPEConfig struct {
	Begin      int     // uniform draws before there is a model; 0 means 10
	Candidates int     // drawn from the density of the best; 0 means 24
	Best       float64 // the share of the results that are the best, of which there are 2 to 25; 0 means 0.1
	Bandwidth  float64 // h; 0 means 0.2
}

// parzen is a result, or a pending trial, as a density sees it.
type parzen struct {
	member
	decisions []uint16
}

// NewMOTPE returns a MOTPE. It is an error if there is no objective or a setting is out of range.
func NewMOTPE(p Problem, c MOTPEConfig) (*MOTPE, error) {
	if c.Begin == 0 {
		c.Begin = 10
	}
	if c.Candidates == 0 {
		c.Candidates = 24
	}
	if c.Best == 0 {
		c.Best = 0.1
	}
	if c.Bandwidth == 0 {
		c.Bandwidth = 0.2
	}
	switch {
	case c.Begin < 2:
		return nil, fmt.Errorf("motpe: %d uniform draws to begin with are too few; it needs 2 at least", c.Begin)
	case c.Candidates < 1:
		return nil, fmt.Errorf("motpe: %d candidates are too few; it needs 1 at least", c.Candidates)
	case !(c.Best > 0 && c.Best < 1):
		return nil, fmt.Errorf("motpe: a share of %v for the best is not between 0 and 1", c.Best)
	case !(c.Bandwidth > 0 && c.Bandwidth < 1):
		return nil, fmt.Errorf("motpe: a bandwidth of %v is not between 0 and 1", c.Bandwidth)
	}
	if err := p.Objectives.Check(); err != nil {
		return nil, fmt.Errorf("motpe: %w", err)
	}
	return &MOTPE{
		MOTPEConfig: c, turns: turns{name: "motpe"}, problem: p, left: newUndiscovered(p.Region), encoding: newEncodingOf(p.Region), place: map[trial.ID]int{},
	}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *MOTPE) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem, s.left, func(r *rand.Rand) trial.Proposal {
		p := s.propose(r)
		p.Budget = s.problem.Budget
		s.note(trial.ID(s.asked), p.Arch)
		return p
	})
}

func (s *MOTPE) propose(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Begin {
		if p, ok := s.likely(r); ok {
			return p
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginRandom}
}

// likely proposes by the densities; false if there is too little to tell them apart, or nothing new near the best.
func (s *MOTPE) likely(r *rand.Rand) (trial.Proposal, bool) {
	if len(s.told) < 2 {
		return trial.Proposal{}, false
	}
	best := s.best()
	if a, ok := s.likeliest(best, r); ok {
		s.left.take(a)
		return trial.Proposal{Arch: a, Origin: OriginModel}, true
	}
	parent := s.entries[best[r.IntN(len(best))]].member
	if a, ok := s.left.mutation(parent.arch, r); ok {
		return trial.Proposal{Arch: a, Origin: OriginMutation, Parents: parents(parent)}, true
	}
	return trial.Proposal{}, false
}

// note takes in a proposal, which is among the others until it is told.
func (s *MOTPE) note(id trial.ID, a space.Arch) {
	s.place[id] = len(s.entries)
	s.entries = append(s.entries, parzen{decisions: s.encoding.learn(a)})
}

// best returns the entries of the best results, ascending.
func (s *MOTPE) best() []int {
	members := make([]member, len(s.told))
	order := make([]int, len(s.told))
	for i, at := range s.told {
		members[i], order[i] = s.entries[at].member, i
	}
	standing := standings(members)
	slices.SortStableFunc(order, func(i, j int) int { return standing[i].compare(standing[j]) })
	n := min(len(order)-1, max(2, min(25, int(math.Ceil(s.Best*float64(len(order)))))))
	out := make([]int, 0, n)
	for _, i := range order[:max(1, n)] {
		out = append(out, s.told[i])
	}
	slices.Sort(out)
	return out
}

// likeliest returns the new architecture of the largest ratio of densities among those drawn, or false if none drawn is new.
func (s *MOTPE) likeliest(best []int, r *rand.Rand) (space.Arch, bool) {
	same, other := s.factors()
	isBest := make([]bool, len(s.entries))
	for _, at := range best {
		isBest[at] = true
	}
	var chosen space.Arch
	most := math.Inf(-1)
	for range s.Candidates {
		from := s.entries[best[r.IntN(len(best))]].member
		a := s.left.vary.Mutate(from.arch, r)
		for range from.arch.Len() - 1 {
			if r.Float64() < s.Bandwidth {
				a = s.left.vary.Mutate(a, r)
			}
		}
		if !s.left.holds(a) {
			continue
		}
		if ratio := s.ratio(s.encoding.learn(a), isBest, len(best), same, other); ratio > most {
			chosen, most = a, ratio
		}
	}
	return chosen, !math.IsInf(most, -1)
}

// factors returns, for each decision, what one made alike and one made otherwise multiply the kernel by, relative to the uniform density.
func (s *MOTPE) factors() (same, other []float64) {
	values := make([]uint16, len(s.encoding.places))
	for _, e := range s.entries {
		for d, v := range e.decisions {
			values[d] = max(values[d], v)
		}
	}
	for _, v := range values {
		options := max(2, float64(v))
		same = append(same, (1-s.Bandwidth)*options)
		other = append(other, s.Bandwidth/(options-1)*options)
	}
	return same, other
}

// ratio returns the density of the best over that of the others, both with the uniform density, which is 1 here, as one more result.
func (s *MOTPE) ratio(v []uint16, isBest []bool, best int, same, other []float64) float64 {
	factors := make([][2]float64, len(same))
	for d := range factors {
		factors[d] = [2]float64{other[d], same[d]}
	}
	sum := [2]float64{1, 1}
	v = padded(v, len(factors))
	for i := range s.entries {
		k := 1.0
		for d, y := range padded(s.entries[i].decisions, len(factors)) {
			alike := 0
			if v[d] == y {
				alike = 1
			}
			k *= factors[d][alike]
		}
		if isBest[i] {
			sum[0] += k
		} else {
			sum[1] += k
		}
	}
	return sum[0] / float64(best+1) / (sum[1] / float64(len(s.entries)-best+1))
}

// padded returns a vector of an encoding with a place for each of n decisions.
func padded(v []uint16, n int) []uint16 {
	if len(v) >= n {
		return v[:n]
	}
	return append(slices.Clone(v), make([]uint16, n-len(v))...)
}

// Tell takes in results.
func (s *MOTPE) Tell(results []trial.Result) {
	for _, r := range results {
		at, ok := s.place[r.Trial]
		if m, success := memberOf(s.problem, r); ok && success {
			s.entries[at].member = m
			s.told = append(s.told, at)
		}
	}
}

// Known implements Seeded: what is known stands for uniform draws that need not be made.
func (s *MOTPE) Known(results []trial.Result) {
	for m := range beforehand(s.problem, s.left, results) {
		if s.problem.Region.Space().Check(m.arch) != nil {
			continue
		}
		s.begun++
		s.told = append(s.told, len(s.entries))
		s.entries = append(s.entries, parzen{member: m, decisions: s.encoding.learn(m.arch)})
	}
}
