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
	proposer
	history
	left      *unproposed
	decisions *decisionIndex
	begun     int
	vectors   [][]uint16 // of the observations
	good      []int      // places of those that succeeded, in the order of their results
}

// MOTPEConfig holds the settings of MOTPE.
type MOTPEConfig struct {
	Initial    int     // uniform draws before there is a model; 0 means 10
	Candidates int     // drawn from the density of the best; 0 means 24
	Best       float64 // the share of the results that are the best, of which there are 2 to 25; 0 means 0.1
	Bandwidth  float64 // h; 0 means 0.2
}

// NewMOTPE returns a MOTPE. It is an error if there is no objective or a setting is out of range.
func NewMOTPE(p Problem, c MOTPEConfig) (*MOTPE, error) {
	if c.Initial == 0 {
		c.Initial = 10
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
	case c.Initial < 2:
		return nil, fmt.Errorf("motpe: %d uniform draws to begin with are too few; it needs 2 at least", c.Initial)
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
		MOTPEConfig: c, proposer: proposer{name: "motpe"}, history: newHistory(p), left: newUnproposed(p.Region), decisions: newDecisionIndexOf(p.Region),
	}, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *MOTPE) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.problem.Seed, s.left, func(r *rand.Rand) trial.Proposal {
		p := s.next(r)
		s.note(s.key(), p.Arch)
		return p
	})
}

func (s *MOTPE) next(r *rand.Rand) trial.Proposal {
	if s.begun >= s.Initial {
		if p, ok := s.likely(r); ok {
			return p
		}
	}
	s.begun++
	return trial.Proposal{Arch: s.left.draw(r), Origin: OriginRandom}
}

// likely proposes by the densities; false if there is too little to fit them to, or nothing new near the best.
func (s *MOTPE) likely(r *rand.Rand) (trial.Proposal, bool) {
	if len(s.good) < 2 {
		return trial.Proposal{}, false
	}
	best := s.bestShare()
	if a, ok := s.likeliest(best, r); ok {
		s.left.take(a)
		return trial.Proposal{Arch: a, Origin: OriginModel}, true
	}
	parent := s.all[best[r.IntN(len(best))]]
	if a, ok := s.left.mutation(parent.arch, r); ok {
		return trial.Proposal{Arch: a, Origin: OriginMutation, Parents: parents(parent)}, true
	}
	return trial.Proposal{}, false
}

// note takes in a proposal, which is among the others until it has a result.
func (s *MOTPE) note(key trial.Key, a space.Arch) {
	s.propose(observation{arch: a, key: key})
	s.encode()
}

// bestShare returns the places of the best results, ascending.
func (s *MOTPE) bestShare() []int {
	population := make([]observation, len(s.good))
	for i, at := range s.good {
		population[i] = s.all[at]
	}
	order := ranked(ranksOf(population))
	n := min(len(order)-1, max(2, min(25, int(math.Ceil(s.Best*float64(len(order)))))))
	out := make([]int, 0, n)
	for _, i := range order[:max(1, n)] {
		out = append(out, s.good[i])
	}
	slices.Sort(out)
	return out
}

// likeliest returns the new architecture of the largest ratio of densities among those drawn, or false if none drawn is new.
func (s *MOTPE) likeliest(best []int, r *rand.Rand) (space.Arch, bool) {
	same, other := s.factors()
	isBest := make([]bool, len(s.all))
	for _, at := range best {
		isBest[at] = true
	}
	var chosen space.Arch
	most := math.Inf(-1)
	for range s.Candidates {
		from := &s.all[best[r.IntN(len(best))]]
		a := s.left.vary.Mutate(from.arch, r)
		for range from.arch.Len() - 1 {
			if r.Float64() < s.Bandwidth {
				a = s.left.vary.Mutate(a, r)
			}
		}
		if !s.left.holds(a) {
			continue
		}
		if ratio := s.ratio(s.decisions.learn(a), isBest, len(best), same, other); ratio > most {
			chosen, most = a, ratio
		}
	}
	return chosen, !math.IsInf(most, -1)
}

// factors returns, for each decision, what one made alike and one made otherwise multiply the kernel by, relative to the uniform density.
func (s *MOTPE) factors() (same, other []float64) {
	values := make([]uint16, len(s.decisions.places))
	for _, vector := range s.vectors {
		for d, v := range vector {
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
	for i := range s.vectors {
		k := 1.0
		for d, y := range padded(s.vectors[i], len(factors)) {
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
	return sum[0] / float64(best+1) / (sum[1] / float64(len(s.all)-best+1))
}

// padded returns a vector of an index with a place for each of n decisions.
func padded(v []uint16, n int) []uint16 {
	if len(v) >= n {
		return v[:n]
	}
	return append(slices.Clone(v), make([]uint16, n-len(v))...)
}

// Tell takes in results; those that failed stay among the others.
func (s *MOTPE) Tell(results []trial.Result) {
	for _, r := range results {
		s.noteGood(s.tell(r))
	}
}

// Observe implements WarmStarter: what was observed stands for uniform draws that need not be made. What failed is left out.
func (s *MOTPE) Observe(results []trial.Result) {
	for _, r := range results {
		s.left.exclude(r.Arch)
		if _, ok := s.problem.Objectives.Vector(r); ok && s.problem.Region.Space().Check(r.Arch) == nil {
			s.begun++
			s.noteGood(s.observe(r))
		}
	}
}

// noteGood takes a result into account if it succeeded.
func (s *MOTPE) noteGood(at int) {
	s.encode()
	if s.all[at].status == succeeded {
		s.good = append(s.good, at)
	}
}

// encode brings the vectors up to date with the observations.
func (s *MOTPE) encode() {
	for _, o := range s.all[len(s.vectors):] {
		s.vectors = append(s.vectors, s.decisions.learn(o.arch))
	}
}
