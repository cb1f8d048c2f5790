package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Origins of the proposals of a PolicyGradient strategy, for reports.
const (
	OriginPolicy   = "policy"   // drawn from the policy
	OriginTempered = "tempered" // drawn from a policy that has collapsed, at a higher temperature
)

// Policy is a distribution over the architectures of a region that learns from rewards.
type Policy interface {
	// Sample draws an architecture of the region with the policy's logarithmic odds divided by a temperature, which is at least 1.
	Sample(r *rand.Rand, temperature float64) space.Arch
	// Learn makes what is rewarded more probable, and keeps the entropy up: bonus is what a nat of it is worth in units of reward.
	Learn(e *Experience, bonus float64)
	// Entropy returns the entropy of the policy in nats, exactly or as an estimate from its latest draws.
	Entropy() float64
	// Restart makes the policy what it was in the beginning.
	Restart()
}

// PolicyGradientConfig holds the settings of a PolicyGradient.
type PolicyGradientConfig struct {
	Batch   int     // draws between two updates; at least 1
	Bonus   float64 // of entropy, in units of reward a nat; it rises from here while the policy is collapsed
	Redraws int     // draws for one proposal before the policy counts as collapsed; at least 1
}

// Or returns the settings with those that are 0 taken from usual.
func (c PolicyGradientConfig) Or(usual PolicyGradientConfig) PolicyGradientConfig {
	if c.Batch == 0 {
		c.Batch = usual.Batch
	}
	if c.Bonus == 0 {
		c.Bonus = usual.Bonus
	}
	if c.Redraws == 0 {
		c.Redraws = usual.Redraws
	}
	return c
}

// Check says which setting is out of range.
func (c PolicyGradientConfig) Check() error {
	switch {
	case c.Batch < 1:
		return fmt.Errorf("a batch of %d draws is too small; it needs 1 at least", c.Batch)
	case !(c.Bonus > 0 && c.Bonus <= mostBonus):
		return fmt.Errorf("an entropy bonus of %v is not above 0 and at most %d", c.Bonus, mostBonus)
	case c.Redraws < 1:
		return fmt.Errorf("%d redraws are too few; it takes 1 at least", c.Redraws)
	}
	return nil
}

// PolicyGradient is the strategy of a policy, trained by its gradient: reinforcement learning in which no evaluation is spent twice. What the policy draws is proposed if it is new. If it is
// known, the policy learns from the known result once more and draws again, up to Redraws times for one proposal: that is what would
// have happened had it been evaluated again, at no cost, so that training goes on in spite of distinct evaluations, and is bounded. What is still under
// way is passed over.
//
// A policy of which Redraws draws held nothing new has collapsed. The proposal is then drawn from it at rising temperatures, and
// uniformly from what is left if that fails too; its Origin says so. The entropy bonus doubles with each collapse, and falls again by two hundredths
// with each proposal that is new at the first draw. When a policy collapses for the fifth time without anything better in between, or after a third of
// the results without anything better, it begins anew, and learns from the results from then on alone: the old results would lead it where it was. Health tells of all this.
//
// Rewards are by rank, see Experience; so failed trials, constraints and several objectives need no scale. Observed results
// are learnt from like those that were drawn.
type PolicyGradient struct {
	PolicyGradientConfig
	proposer
	policy     Policy
	left       *unproposed
	experience *Experience
	health     PolicyHealth
	incumbent  int // place of the best result at the last collapse
	fruitless  int // collapses since it was found
	latest     recentProposals
}

// restartAfter is how often a policy may collapse without having found something better in between.
const restartAfter = 5

// mostBonus bounds the entropy bonus, in units of reward, of which one is the deviation.
const mostBonus = 4

// NewPolicyGradient returns the strategy of a policy over the problem's region. Random numbers are of the stream called name. It is an error
// if there is no objective or a setting is out of range.
func NewPolicyGradient(name string, p Problem, policy Policy, c PolicyGradientConfig) (*PolicyGradient, error) {
	if err := p.Objectives.Check(); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	s := &PolicyGradient{PolicyGradientConfig: c, proposer: proposer{name: name}, policy: policy, left: newUnproposed(p.Region), experience: NewExperience(p)}
	s.health.Bonus = c.Bonus
	return s, nil
}

// Ask proposes up to n architectures. It never waits.
func (s *PolicyGradient) Ask(n int) ([]trial.Proposal, State) {
	return s.ask(n, s.experience.problem.Seed, s.left, func(r *rand.Rand) trial.Proposal {
		a, origin := s.propose(r)
		s.latest.add(a)
		return trial.Proposal{Arch: a, Origin: origin}
	})
}

func (s *PolicyGradient) propose(r *rand.Rand) (space.Arch, string) {
	for try := range s.Redraws {
		a := s.policy.Sample(r, 1)
		fresh := s.left.holds(a)
		s.health.drew(fresh)
		if fresh {
			s.left.take(a)
			if try == 0 {
				s.health.Bonus = max(s.Bonus, 0.98*s.health.Bonus)
			}
			return a, OriginPolicy
		}
		if s.experience.drewAgain(a) {
			s.learn()
		}
	}
	s.collapse()
	const ratio, hottest = 1.25, 100
	for temperature := ratio; temperature < hottest; temperature *= ratio {
		if a := s.policy.Sample(r, temperature); s.left.holds(a) {
			s.left.take(a)
			return a, OriginTempered
		}
	}
	return s.left.draw(r), OriginRandom
}

// learn lets the policy learn if it has drawn enough.
func (s *PolicyGradient) learn() {
	if len(s.experience.drawn) >= s.Batch {
		s.policy.Learn(s.experience, s.health.Bonus)
		s.experience.drawn = s.experience.drawn[:0]
	}
}

func (s *PolicyGradient) collapse() {
	s.health.Collapses++
	s.health.Bonus = min(mostBonus, 2*s.health.Bonus)
	if s.experience.top != s.incumbent {
		s.incumbent, s.fruitless = s.experience.top, 0
	}
	if s.fruitless++; s.fruitless >= restartAfter || s.experience.stagnates() {
		s.policy.Restart()
		s.experience.forget()
		s.health.Restarts++
		s.health.Bonus, s.fruitless = s.Bonus, 0
	}
}

// Tell lets the policy learn from results, in the given order.
func (s *PolicyGradient) Tell(results []trial.Result) {
	for _, r := range results {
		s.experience.Tell(r)
		s.learn()
	}
}

// Observe implements WarmStarter. Results from outside the region are not learnt from.
func (s *PolicyGradient) Observe(results []trial.Result) {
	for _, r := range results {
		s.left.exclude(r.Arch)
		if s.experience.problem.Region.Contains(r.Arch) {
			s.experience.Tell(r)
			s.learn()
		}
	}
}

// Health says how diverse the policy and its proposals are, so that a search that has collapsed on a few architectures is seen.
func (s *PolicyGradient) Health() PolicyHealth {
	h := s.health
	h.Entropy, h.Diversity = s.policy.Entropy(), DiversityOf(s.experience.problem.Region.Space(), s.latest)
	return h
}
