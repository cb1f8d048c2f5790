package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// LatticePolicy is a distribution over the paths of a lattice, that is, over the architectures of a region and no others: the probability of one is
// proportional to exp(sum of the scores of the options that it takes), which are what is learnt. Budgets are kept by construction; draws, entropy and Fisher
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
// So every known result can be used in every step, not only the latest draws, and the fit takes the baseline with it: f minimises
// Σ wᵢ(rᵢ − r̄ − f·(nᵢ − n̄))² + caution·f·F·f over the known results, the weights being wᵢ ∝ π(aᵢ)^¼. With little known the exact F decides, and
// f is the natural gradient of the samples divided by caution; with much known it is the fit. Weights of π itself would forget
// what is not likely any more, and are as many times noisier; equal weights would never look closer at what is good.
//
// The step is scores += (f − bonus·scores)/bonus, whose fixed point is the Gibbs distribution of the fit at the temperature bonus, shortened
// to where the Kullback-Leibler divergence from old to new is at most Step, to second order.
type LatticePolicy struct {
	PolicyConfig
	family family
	scores []float64
	now    distribution
	hot    map[float64]distribution // of the scores divided by a heat
	taken  map[space.Arch][]int     // of what is known
}

// PolicyConfig holds the settings of a LatticePolicy.
type PolicyConfig struct {
	LearnerConfig         // 0 means: Batch 2, Bonus 0.2, Redraws 20
	Pairs         bool    // a score for each pair of options of decisions that follow each other, instead of each option
	Caution       float64 // results that the prior of the fit is worth; 0 means 5
	Step          float64 // divergence of a step at most, in nats; 0 means 0.5
}

// NewPolicy returns the strategy of a LatticePolicy. It is an error if there is no objective, a setting is out of range, or the region is neither of a lattice
// nor small enough to be listed.
func NewPolicy(p Problem, c PolicyConfig) (*Learner, error) {
	policy, err := NewLatticePolicy(p.Region, c)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	s, err := NewLearner("policy", p, policy, policy.LearnerConfig)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return s, nil
}

// NewLatticePolicy returns the uniform policy over a region.
func NewLatticePolicy(region Region, c PolicyConfig) (*LatticePolicy, error) {
	c.LearnerConfig = c.Or(LearnerConfig{Batch: 2, Bonus: 0.2, Redraws: 20})
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
	s.scores, s.now, s.hot = to, s.family.with(to), map[float64]distribution{}
}

// Sample implements Policy.
func (s *LatticePolicy) Sample(r *rand.Rand, heat float64) space.Arch {
	if heat == 1 {
		return s.now.Sample(r)
	}
	d, ok := s.hot[heat]
	if !ok {
		d = s.family.with(scaled(s.scores, 1/heat))
		s.hot[heat] = d
	}
	return d.Sample(r)
}

// Entropy implements Policy, exactly.
func (s *LatticePolicy) Entropy() float64 { return s.now.Entropy() }
