package search

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// LatticePolicy is a distribution over the paths of a lattice, that is, over the architectures of a region and no others: the probability of one is
// proportional to exp(sum of the scores of the options that it takes), which are what is learnt. Limits are kept by construction; draws, entropy and Fisher
// information are exact, by the dynamic programs of lattice.Gibbs. In the beginning it is uniform.
//
// It maximises the expected reward plus bonus times entropy, by the policy gradient E[reward·∇log π] (REINFORCE, Williams, "Simple statistical
// gradient-following algorithms", 1992) made natural (Amari, "Natural gradient works efficiently in learning", 1998): divided by the
// Fisher information F, so that a step does not depend on how the distribution is written down. In this family, with n(a) the options that a takes,
//
//   - ∇log π(a) = n(a) − E[n], and F = Cov[n];
//   - the natural gradient of the entropy is −scores, exactly;
//   - that of the expected reward is the vector of a linear fit of the reward to n(a) under π (compatible function approximation: Kakade, "A
//     natural policy gradient", 2002; Peters & Schaal, "Natural actor-critic", 2008).
//
// So every result can be used in every step, not only the latest draws, and the fit takes the baseline with it: f minimises
// Σ wᵢ(rᵢ − r̄ − f·(nᵢ − n̄))² + caution·f·F·f over all results, the weights being wᵢ ∝ π(aᵢ)^¼. With few results the exact F decides, and
// f is the natural gradient of the samples divided by caution; with many it is the fit. Weights of π itself would forget
// what is not likely any more, and are as many times noisier; equal weights would never look closer at what is good.
//
// The step is scores += (f − bonus·scores)/bonus, whose fixed point is the Gibbs distribution of the fit at the temperature bonus, shortened
// to where the Kullback-Leibler divergence from old to new is at most Step, to second order.
type LatticePolicy struct {
	PolicyConfig
	family   family
	scores   []float64
	now      distribution
	tempered map[float64]distribution // of the scores divided by a temperature
	taken    map[space.Arch][]int     // of what was observed
}

// PolicyConfig holds the settings of a LatticePolicy.
type PolicyConfig struct {
	PolicyGradientConfig         // 0 means: Batch 2, Bonus 0.2, Redraws 20
	Pairs                bool    // a score for each pair of options of decisions that follow each other, instead of each option
	Caution              float64 // results that the prior of the fit is worth; 0 means 5
	Step                 float64 // divergence of a step at most, in nats; 0 means 0.5
}

// NewPolicy returns the strategy of a LatticePolicy. It is an error if there is no objective, a setting is out of range, or the region is neither of a lattice
// nor small enough to be listed.
func NewPolicy(p Problem, c PolicyConfig) (*PolicyGradient, error) {
	policy, err := NewLatticePolicy(p.Region, c)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	s, err := NewPolicyGradient("policy", p, policy, policy.PolicyGradientConfig)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return s, nil
}

// NewLatticePolicy returns the uniform policy over a region.
func NewLatticePolicy(region Region, c PolicyConfig) (*LatticePolicy, error) {
	c.PolicyGradientConfig = c.Or(PolicyGradientConfig{Batch: 2, Bonus: 0.2, Redraws: 20})
	if c.Caution == 0 {
		c.Caution = 5
	}
	if c.Step == 0 {
		c.Step = 0.5
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	switch {
	case !(c.Caution > 0):
		return nil, fmt.Errorf("a caution of %v is not above 0", c.Caution)
	case !(c.Step > 0):
		return nil, fmt.Errorf("a step of %v nats is not above 0", c.Step)
	}
	f, err := familyOf(region, c.Pairs)
	if err != nil {
		return nil, err
	}
	s := &LatticePolicy{PolicyConfig: c, family: f, taken: map[space.Arch][]int{}}
	s.Restart()
	return s, nil
}

// Restart implements Policy: the policy is uniform.
func (s *LatticePolicy) Restart() { s.move(make([]float64, s.family.size())) }

func (s *LatticePolicy) move(to []float64) {
	s.scores, s.now, s.tempered = to, s.family.with(to), map[float64]distribution{}
}

// Sample implements Policy.
func (s *LatticePolicy) Sample(r *rand.Rand, temperature float64) space.Arch {
	if temperature == 1 {
		return s.now.Sample(r)
	}
	d, ok := s.tempered[temperature]
	if !ok {
		d = s.family.with(scaled(s.scores, 1/temperature))
		s.tempered[temperature] = d
	}
	return d.Sample(r)
}

// Entropy implements Policy, exactly.
func (s *LatticePolicy) Entropy() float64 { return s.now.Entropy() }

// recall is the power of π by which results are weighted.
const recall = 0.25

// Learn implements Policy: one natural gradient step on all observations.
func (s *LatticePolicy) Learn(e *Experience, bonus float64) {
	step := s.fit(e.All())
	for k := range step {
		step[k] -= bonus * s.scores[k]
	}
	length := 1 / bonus
	if divergence := dot(step, s.now.FisherTimes(step)) / 2; length*length*divergence > s.Step {
		length = math.Sqrt(s.Step / divergence)
	}
	for k := range step {
		step[k] = s.scores[k] + length*step[k]
	}
	s.move(step)
}

// fit returns the natural gradient of the expected reward.
func (s *LatticePolicy) fit(observed []Rewarded) []float64 {
	rows, weights := make([][]int, len(observed)), make([]float64, len(observed))
	top := math.Inf(-1)
	for i, l := range observed {
		rows[i] = s.options(l.Arch)
		weights[i] = recall * sumOf(s.scores, rows[i])
		top = max(top, weights[i])
	}
	total := 0.0
	for i := range weights {
		weights[i] = math.Exp(weights[i] - top)
		total += weights[i]
	}
	mean, reward := make([]float64, s.family.size()), 0.0
	for i, row := range rows {
		reward += weights[i] / total * observed[i].Reward
		addAt(mean, row, weights[i]/total)
	}
	gradient := make([]float64, s.family.size())
	for i, row := range rows {
		addAt(gradient, row, weights[i]*(observed[i].Reward-reward))
	}
	return conjugate(gradient, func(v []float64) []float64 {
		out, along := scaled(s.now.FisherTimes(v), s.Caution), dot(mean, v)
		for i, row := range rows {
			addAt(out, row, weights[i]*(sumOf(v, row)-along))
		}
		return out
	})
}

// options returns the places of the scores of an observed architecture.
func (s *LatticePolicy) options(a space.Arch) []int {
	of, ok := s.taken[a]
	if !ok {
		of = s.family.taken(a)
		s.taken[a] = of
	}
	return of
}

func addAt(sum []float64, places []int, x float64) {
	for _, k := range places {
		sum[k] += x
	}
}

// sumOf returns the sum of some of the values.
func sumOf(values []float64, places []int) (sum float64) {
	for _, k := range places {
		sum += values[k]
	}
	return sum
}

func scaled(v []float64, by float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = by * x
	}
	return out
}

// conjugate solves times(x) = b for a positive semi-definite map by conjugate gradients (Hestenes & Stiefel, 1952), to a thousandth of b or
// as far as mostProducts lead. What b has outside the range of the map is left out.
func conjugate(b []float64, times func([]float64) []float64) []float64 {
	const mostProducts, enough = 20, 1e-6
	x, rest, way := make([]float64, len(b)), scaled(b, 1), scaled(b, 1)
	left := dot(rest, rest)
	until := enough * left
	for range mostProducts {
		if left <= until {
			break
		}
		product := times(way)
		curvature := dot(way, product)
		if !(curvature > 0) {
			break
		}
		length := left / curvature
		for k := range x {
			x[k] += length * way[k]
			rest[k] -= length * product[k]
		}
		before := left
		left = dot(rest, rest)
		for k := range way {
			way[k] = rest[k] + left/before*way[k]
		}
	}
	return x
}
